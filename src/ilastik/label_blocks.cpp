#include "ilastik/label_blocks.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/numbers.hpp"
#include "io/axistags.hpp"

namespace cleft {
namespace {

[[noreturn]] void refuse(const std::string& subject, const std::string& found, const std::string& expected) {
  throw InputError({subject, found, expected});
}

struct Slice {
  std::int64_t begin = 0, end = 0;
};

/// "[32:33,37:40,50:53,0:1]"; nothing when the text is something else.
std::optional<std::vector<Slice>> parse_block_slice(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<Slice> slices;
  const auto sign = [&text](char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
  };
  do {
    const auto begin = take_number<std::int64_t>(text);
    if (!begin || !sign(':')) return std::nullopt;
    const auto end = take_number<std::int64_t>(text);
    if (!end) return std::nullopt;
    slices.push_back({*begin, *end});
  } while (sign(','));
  if (!text.empty()) return std::nullopt;
  return slices;
}

/// A block's own words, apart from the order of its axes.
struct Block {
  std::string name, text;  // where it lies, as it says so
  std::vector<Slice> slices;
  h5::Shape shape;
};

Block read_block(const h5::Dataset& dataset) {
  if (!dataset.has_attribute("blockSlice"))
    refuse(dataset.name(), "does not say where it lies", "an attribute blockSlice");
  Block block{dataset.name(), dataset.scalar_attribute<std::string>("blockSlice"), {}, dataset.shape()};
  block.slices = parse_block_slice(block.text).value_or(std::vector<Slice>{});
  return block;
}

/// The order that a block states; empty when it states none.
std::string stated_order(const h5::Dataset& block) {
  if (!block.has_attribute("axistags")) return "";
  std::string axes;
  for (const AxisTag& tag :
       parse_axistags(block.scalar_attribute<std::string>("axistags"), block.name() + " attribute axistags"))
    axes += tag.key;
  return axes;
}

/// \throws InputError when the block cannot have these axes.
PlacedBlock placed(const Block& block, const std::string& axes) {
  if (block.slices.size() != axes.size() || block.shape.size() != axes.size())
    refuse(block.name, fmt::format("lies at {}, with {} axes", in_quotes(block.text), block.shape.size()),
           fmt::format("a range for each of the axes {}", axes));
  PlacedBlock placed;
  std::size_t step = 1;
  for (std::size_t i = axes.size(); i-- > 0;) {
    const auto [begin, end] = block.slices[i];
    if (begin < 0 || end <= begin || narrow<hsize_t>(end - begin) != block.shape[i])
      refuse(block.name,
             fmt::format("lies at {} but is {}", in_quotes(block.text), fmt::join(block.shape, " x ")),
             "ranges as long as its axes");
    const auto axis = std::string_view("zyx").find(axes[i]);
    if (axis != std::string_view::npos) {
      const auto a = narrow<int>(axis);
      if (placed.steps[a] != 0) refuse(block.name, "has the axes " + axes, "each axis once");
      placed.steps[a] = step;
      placed.begin[a] = begin;
      placed.extent[a] = end - begin;
    } else if (begin != 0 || end != 1) {
      refuse(block.name, fmt::format("lies at {}:{} along {}", begin, end, axes[i]),
             "labels at time 0 in channel 0");
    }
    step *= block.shape[i];
  }
  return placed;
}

bool same_place(const PlacedBlock& a, const PlacedBlock& b) {
  // A step counts only where there is more than one voxel.
  for (int axis = 0; axis < 3; ++axis)
    if (a.begin[axis] != b.begin[axis] || a.extent[axis] != b.extent[axis] ||
        (a.extent[axis] > 1 && a.steps[axis] != b.steps[axis]))
      return false;
  return true;
}

/// How long the image is along an axis; nothing when that is not known.
std::optional<std::int64_t> length_along(const IlastikImage& image, char axis) {
  const auto at = image.axes.find(axis);
  return at == std::string::npos || image.shape.empty() ? std::nullopt : std::optional(image.shape[at]);
}

/// Whether a block may lie as it says, in this order: inside the image, its labels in a single channel.
bool can_have(const Block& block, const std::string& axes, const IlastikImage& image) {
  if (block.slices.size() != axes.size() || block.shape.size() != axes.size()) return false;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto [begin, end] = block.slices[i];
    if (begin < 0 || end <= begin || narrow<hsize_t>(end - begin) != block.shape[i]) return false;
    const auto length = axes[i] == 'c' ? 1 : length_along(image, axes[i]);
    if (length && end > *length) return false;
  }
  return true;
}

/// The orders in which blocks of an image can be stored, the likeliest first: of several that are the same
/// for a block, the first is taken.
std::vector<std::string> possible_orders(const IlastikImage& image, std::size_t rank) {
  std::string own = image.axes;
  if (own.empty()) own = rank == 3 ? "yxc" : rank == 5 ? "tzyxc" : "zyxc";
  std::string without = own;
  std::erase(without, 'c');
  std::vector<std::string> orders{without + 'c'};
  const auto add = [&orders](const std::string& order) {
    if (std::find(orders.begin(), orders.end(), order) == orders.end()) orders.push_back(order);
  };
  add(own);
  if (own.size() > 5 || own.find_first_not_of("tzyxc") != std::string::npos) return orders;
  // Leaving out axes of length 1, one more at a time. Labels have a single channel, so that c is one.
  std::size_t done = 0;
  while (done < orders.size()) {
    const std::string order = orders[done++];  // not a reference: `add` lets the list grow
    for (const char axis : order) {
      if (axis != 'c' && length_along(image, axis) != 1) continue;
      std::string shorter = order;
      std::erase(shorter, axis);
      add(shorter);
    }
  }
  return orders;
}

/// Whether a version leaves c in its place; nothing when it does not say.
std::optional<bool> keeps_channel_in_place(const std::string& version) {
  if (version.empty()) return std::nullopt;
  return version.starts_with("1.3.3");
}

}  // namespace

BlockAxes::BlockAxes(const h5::Group& set, const IlastikImage& image, std::string version)
    : image_(image), version_(std::move(version)) {
  std::optional<std::vector<std::string>> common;
  for (const auto& name : set.members()) {
    try {
      const h5::Dataset dataset = set.dataset(name);
      if (dataset.has_attribute("axistags")) continue;
      const Block block = read_block(dataset);
      auto orders = common ? *common : possible_orders(image, block.shape.size());
      std::erase_if(orders, [&](const std::string& axes) { return !can_have(block, axes, image_); });
      // A block that contradicts the others is refused when it is placed, and decides nothing.
      if (!orders.empty()) common = std::move(orders);
    } catch (const InputError&) {
      continue;  // likewise
    }
  }
  orders_ = common.value_or(std::vector<std::string>{});
  // Where every block can have the one channel of labels as an axis, that is what it is.
  const auto has_channel = [](const std::string& axes) { return axes.find('c') != std::string::npos; };
  if (std::any_of(orders_.begin(), orders_.end(), has_channel))
    std::erase_if(orders_, [&](const std::string& axes) { return !has_channel(axes); });
}

PlacedBlock BlockAxes::place(const h5::Dataset& dataset) const {
  const Block block = read_block(dataset);
  if (const std::string stated = stated_order(dataset); !stated.empty()) return placed(block, stated);
  std::vector<std::string> fitting;
  for (const std::string& axes : orders_)
    if (can_have(block, axes, image_)) fitting.push_back(axes);
  if (fitting.empty()) return placed(block, possible_orders(image_, block.shape.size()).front());
  std::vector<std::string> differing;
  const PlacedBlock first = placed(block, fitting.front());
  for (const std::string& axes : fitting)
    if (!same_place(first, placed(block, axes))) differing.push_back(axes);
  if (differing.empty()) return first;
  // Only where c stands can be told by the version.
  const auto in_place = keeps_channel_in_place(version_);
  if (in_place && differing.size() + 1 == fitting.size() && fitting.size() == 2 &&
      fitting.front().ends_with('c'))
    return *in_place ? placed(block, differing.front()) : first;
  refuse(block.name,
         fmt::format("lies at {}, which may be along {} or {}", in_quotes(block.text), fitting.front(),
                     differing.front()),
         "an attribute axistags that says which");
}

}  // namespace cleft
