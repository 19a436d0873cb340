#include "io/sections/ome_statement.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/numbers.hpp"
#include "io/length_unit.hpp"

namespace cleft {
namespace {

/// A tag of XML with its attributes: <Pixels SizeX="5" ...>. Prefixes of namespaces are left out.
struct Tag {
  std::string name;
  bool closing = false;
  std::map<std::string, std::string> attributes;
  std::string_view text;  // up to the next tag

  const std::string* find(const std::string& key) const {
    const auto found = attributes.find(key);
    return found == attributes.end() ? nullptr : &found->second;
  }
  std::optional<std::int64_t> number(const std::string& key) const {
    const std::string* const value = find(key);
    return value == nullptr ? std::nullopt : number_from<std::int64_t>(*value);
  }
};

std::string unescaped(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    static constexpr std::pair<std::string_view, std::string_view> escapes[] = {
        {"&amp;", "&"},       {"&lt;", "<"},        {"&gt;", ">"},        {"&quot;", "\""},
        {"&apos;", "'"},      {"&#181;", "\u00b5"}, {"&#xB5;", "\u00b5"}, {"&#xb5;", "\u00b5"},
        {"&#197;", "\u00c5"}, {"&#956;", "\u03bc"}, {"&micro;", "\u00b5"}};
    std::size_t taken = 0;
    for (const auto& [escape, character] : escapes)
      if (taken == 0 && text.starts_with(escape)) {
        plain += character;
        taken = escape.size();
      }
    if (taken == 0) {
      plain += text.front();
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  return plain;
}

bool is_blank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

std::string without_prefix(std::string_view name) {
  return std::string(name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1));
}

void take_attributes(std::string_view inside, Tag& tag) {
  while (!inside.empty()) {
    while (!inside.empty() && (is_blank(inside.front()) || inside.front() == '/')) inside.remove_prefix(1);
    const std::size_t equals = inside.find('=');
    if (equals == std::string_view::npos) return;
    std::string_view name = inside.substr(0, equals);
    while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
    inside.remove_prefix(equals + 1);
    while (!inside.empty() && is_blank(inside.front())) inside.remove_prefix(1);
    if (inside.empty()) return;
    const char quote = inside.front();
    const std::size_t end = inside.find(quote, 1);
    if ((quote != '"' && quote != '\'') || end == std::string_view::npos) return;
    tag.attributes.emplace(without_prefix(name), unescaped(inside.substr(1, end - 1)));
    inside.remove_prefix(end + 1);
  }
}

/// The tags of a text in their order; comments and instructions are passed over.
std::vector<Tag> tags_of(std::string_view text) {
  std::vector<Tag> tags;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    if (text.substr(at).starts_with("<!--")) {
      const std::size_t end = text.find("-->", at);
      if (end == std::string_view::npos) break;
      at = end + 3;
      continue;
    }
    std::size_t end = at + 1;  // a '>' may stand in quotes
    for (char quote = 0; end < text.size() && (quote != 0 || text[end] != '>'); ++end) {
      if (quote != 0 ? text[end] == quote : text[end] == '"' || text[end] == '\'')
        quote = quote != 0 ? '\0' : text[end];
    }
    if (end >= text.size()) break;
    std::string_view inside = text.substr(at + 1, end - at - 1);
    at = end + 1;
    if (inside.empty() || inside.front() == '?' || inside.front() == '!') continue;
    Tag tag;
    tag.closing = inside.front() == '/';
    if (tag.closing) inside.remove_prefix(1);
    const auto* const name_end =
        std::find_if(inside.begin(), inside.end(), [](char c) { return is_blank(c) || c == '/'; });
    tag.name = without_prefix(inside.substr(0, to_size(name_end - inside.begin())));
    take_attributes(inside.substr(to_size(name_end - inside.begin())), tag);
    tag.text = text.substr(at, text.find('<', at) - at);
    tags.push_back(std::move(tag));
  }
  return tags;
}

std::optional<double> length_in_nm(const Tag& pixels, const std::string& key) {
  const std::string* const text = pixels.find(key);
  const double value = text == nullptr ? 0 : number_from<double>(*text).value_or(0);
  const std::string* const unit = pixels.find(key + "Unit");
  const double nm = unit == nullptr ? 1e3 : nm_per_unit(*unit);  // the schema's default is µm
  if (!(value > 0) || nm == 0) return std::nullopt;
  return value * nm;
}

/// One TiffData: which pages of which file are which planes.
struct TiffData {
  std::optional<std::int64_t> page, count;
  PagePlace first;
  std::string file;  // empty: this one, or whichever has the identity
  std::string identity;
};

std::vector<TiffData> tiff_data_of(const std::vector<Tag>& tags) {
  std::vector<TiffData> all;
  bool inside = false;
  for (const Tag& tag : tags) {
    if (tag.name == "TiffData") {
      inside = !tag.closing;
      if (tag.closing) continue;
      TiffData data{tag.number("IFD"), tag.number("PlaneCount"), {}, "", ""};
      data.first = {tag.number("FirstZ").value_or(0), tag.number("FirstC").value_or(0),
                    tag.number("FirstT").value_or(0)};
      all.push_back(data);
    } else if (tag.name == "UUID" && inside && !tag.closing) {
      all.back().identity = std::string(tag.text);
      if (const std::string* const file = tag.find("FileName")) all.back().file = *file;
    }
  }
  return all;
}

/// Fills in the places of the file's pages from its list of TiffData.
void place_by_tiff_data(const std::vector<TiffData>& all, const std::string& order, const DescribedFile& file,
                        StackStatement& stack) {
  std::set<std::string> identities;
  bool named = false;
  for (const TiffData& data : all) {
    identities.insert(data.identity);
    named = named || data.file == file.name;
  }
  stack.partial = identities.size() > 1;
  if (stack.partial && !named) {
    stack.unclear =
        fmt::format("describes an image in {} files, under other names than this one", identities.size());
    return;
  }
  const std::vector<PagePlace> planes = places_in_order(stack, order);
  std::map<std::int64_t, PagePlace> found;
  for (const TiffData& data : all) {
    if (stack.partial && data.file != file.name) continue;
    const auto from = std::find(planes.begin(), planes.end(), data.first);
    const auto remaining = narrow<std::int64_t>(planes.end() - from);
    const std::int64_t count = data.count.value_or(data.page ? 1 : remaining);
    if (count < 0 || count > remaining) {
      stack.unclear = "puts pages at places that its image does not have";
      return;
    }
    for (std::int64_t i = 0; i < count; ++i) {
      if (!found.emplace(data.page.value_or(0) + i, *(from + i)).second) {
        stack.unclear = fmt::format("puts page {} at two places", data.page.value_or(0) + i + 1);
        return;
      }
    }
  }
  for (const auto& [page, place] : found) {
    if (page != narrow<std::int64_t>(stack.places.size())) {
      stack.unclear = fmt::format("does not say what its page {} is", stack.places.size() + 1);
      return;
    }
    stack.places.push_back(place);
  }
}

}  // namespace

std::optional<StackStatement> read_ome_xml(const std::string& text, const DescribedFile& file) {
  const std::size_t begin = text.find("<OME");
  if (begin == std::string::npos && text.find(":OME ") == std::string::npos) return std::nullopt;
  const std::vector<Tag> tags = tags_of(text);
  if (std::none_of(tags.begin(), tags.end(), [](const Tag& tag) { return tag.name == "OME"; }))
    return std::nullopt;
  StackStatement stack;
  stack.program = "OME";
  std::vector<const Tag*> images;
  std::int64_t channel_elements = 0;
  for (const Tag& tag : tags) {
    if (tag.name == "Pixels" && !tag.closing) images.push_back(&tag);
    if (tag.name == "Channel" && !tag.closing) ++channel_elements;
    if (const std::string* const other = tag.find("MetadataFile");
        other != nullptr && tag.name == "BinaryOnly")
      stack.unclear = "is described in another file, " + in_quotes(*other);
  }
  if (!stack.unclear.empty()) return stack;
  if (images.size() != 1) {
    stack.unclear = fmt::format("holds {} images", images.size());
    return stack;
  }
  const Tag& pixels = *images.front();
  stack.voxel_size = {length_in_nm(pixels, "PhysicalSizeZ"), length_in_nm(pixels, "PhysicalSizeY"),
                      length_in_nm(pixels, "PhysicalSizeX")};
  stack.sections = pixels.number("SizeZ").value_or(0);
  stack.channels = pixels.number("SizeC").value_or(0);
  stack.frames = pixels.number("SizeT").value_or(0);
  // A channel of a pixel with several samples (red, green, blue) is one page.
  if (channel_elements > 0 && channel_elements < stack.channels &&
      stack.channels == channel_elements * file.samples)
    stack.channels = channel_elements;
  const std::string* const stated = pixels.find("DimensionOrder");
  std::string order;
  for (const char c : stated == nullptr ? std::string() : *stated)
    order += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (!is_page_count(stack.sections) || !is_page_count(stack.channels) || !is_page_count(stack.frames) ||
      stack.sections * stack.channels > most_described_pages / stack.frames || !order.starts_with("xy") ||
      order.size() != 5 || order.find_first_not_of("zct", 2) != std::string::npos) {
    stack.unclear = "states sizes or an order of dimensions that OME does not have";
    return stack;
  }
  order.erase(0, 2);
  const std::vector<TiffData> data = tiff_data_of(tags);
  if (data.empty())
    stack.places = places_in_order(stack, order);
  else
    place_by_tiff_data(data, order, file, stack);
  return stack;
}

}  // namespace cleft
