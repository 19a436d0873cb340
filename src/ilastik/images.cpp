#include "ilastik/images.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/numbers.hpp"
#include "ilastik/stored_text.hpp"
#include "io/axistags.hpp"
#include "io/volume/volume_path.hpp"

namespace cleft {
namespace {

std::string axes_of(const h5::Group& image) {
  if (image.has_dataset("axistags"))
    return axis_letters(parse_axistags(stored_text(image, "axistags"), image.name() + "/axistags"));
  return stored_text_or_empty(image, "axisorder");
}

/// The image's shape, if the project states it in a way that makes sense.
std::vector<std::int64_t> shape_of(const h5::Group& image, const std::string& axes) {
  if (axes.empty() || !image.has_dataset("shape")) return {};
  const h5::Dataset stored = image.dataset("shape");
  if (stored.element_count() != axes.size() || stored.type_class() != H5T_INTEGER) return {};
  auto shape = stored.read<std::int64_t>();
  constexpr std::int64_t most = std::int64_t{1} << 40U;
  const bool sensible =
      std::all_of(shape.begin(), shape.end(), [](std::int64_t n) { return n > 0 && n <= most; });
  return sensible ? shape : std::vector<std::int64_t>{};
}

/// The file's name without its ending.
std::string stem_of(const std::string& name) {
  return std::filesystem::path(name).stem().string();
}

void add_raw_data(IlastikImage& image, const h5::Group& raw) {
  image.file_path = stored_text_or_empty(raw, "filePath");
  image.nickname = stored_text_or_empty(raw, "nickname");
  image.in_project = stored_text_or_empty(raw, "location") == "ProjectInternal";
  image.axes = axes_of(raw);
  image.shape = shape_of(raw, image.axes);
  if (const auto extent = extent_of(image)) image.sections = extent->z;
}

}  // namespace

std::vector<IlastikImage> read_images(const h5::File& project) {
  std::vector<IlastikImage> images;
  if (!project.exists("Input Data/infos")) return images;
  const h5::Group infos = project.group("Input Data/infos");
  for (const auto& name : infos.members()) {
    const h5::Group lane = infos.group(name);
    IlastikImage& image = images.emplace_back();
    if (lane.exists("Raw Data")) add_raw_data(image, lane.group("Raw Data"));
    if (!lane.exists("Prediction Mask")) continue;
    const h5::Group mask = lane.group("Prediction Mask");
    image.mask_path = stored_text_or_empty(mask, "filePath");
    image.mask_axes = axes_of(mask);
  }
  return images;
}

std::optional<Extent> extent_of(const IlastikImage& image) {
  if (image.shape.empty()) return std::nullopt;
  Extent extent{1, 1, 1};
  for (std::size_t i = 0; i < image.axes.size(); ++i) {
    const auto axis = std::string_view("zyx").find(image.axes[i]);
    if (axis != std::string_view::npos) extent[narrow<int>(axis)] = image.shape[i];
  }
  return extent;
}

std::string image_file_name(std::string path) {
  std::replace(path.begin(), path.end(), '\\', '/');
  return VolumePath::parse(path).file.filename().string();
}

std::string name_of(const IlastikImage& image) {
  const std::string file = image_file_name(image.file_path);
  return file.empty() ? image.nickname : file;
}

std::vector<std::size_t> images_like(const std::vector<IlastikImage>& images,
                                     const std::filesystem::path& volume,
                                     const std::optional<Extent>& extent) {
  const std::string file = volume.filename().string(), stem = stem_of(file);
  std::vector<std::size_t> named, alike;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::string name = image_file_name(images[i].file_path);
    if (name.empty()) continue;
    if (name == file) named.push_back(i);
    if (stem_of(name) == stem) alike.push_back(i);
  }
  std::vector<std::size_t> found = named.empty() ? alike : named, of_extent;
  for (const std::size_t i : found) {
    const auto of_image = extent_of(images[i]);
    if (!extent || !of_image || *of_image == *extent) of_extent.push_back(i);
  }
  return of_extent.empty() ? found : of_extent;
}

std::size_t image_meant(const std::vector<IlastikImage>& images, const std::string& lane,
                        const std::string& subject) {
  const std::string expected = "one of its images, by number or name: " + list_of(images);
  constexpr std::string_view prefix = "lane";
  std::string_view digits = lane;
  if (digits.starts_with(prefix)) digits.remove_prefix(prefix.size());
  std::vector<std::size_t> meant;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::string file = image_file_name(images[i].file_path);
    if (lane == file || lane == stem_of(file) || lane == images[i].nickname || lane == images[i].file_path)
      meant.push_back(i);
  }
  const auto number = number_from<std::int64_t>(digits);
  if (meant.empty() && number && *number >= 0 && *number < narrow<std::int64_t>(images.size()))
    return to_size(*number);
  if (meant.size() != 1)
    throw InputError({subject,
                      fmt::format("has {} image{} {}", meant.empty() ? "no" : std::to_string(meant.size()),
                                  meant.size() < 2 ? "" : "s", in_quotes(lane)),
                      expected});
  return meant.front();
}

std::string list_of(const std::vector<IlastikImage>& images) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < images.size(); ++i) all.push_back(fmt::format("{}: {}", i, name_of(images[i])));
  return fmt::format("{}", fmt::join(all, ", "));
}

std::string recorded_axes(const std::filesystem::path& project, const std::filesystem::path& volume) {
  try {
    const auto images = read_images(h5::File::open_read(project));
    std::set<std::string> recorded;
    for (const std::size_t i : images_like(images, volume, std::nullopt)) recorded.insert(images[i].axes);
    return recorded.size() == 1 ? *recorded.begin() : "";
  } catch (const InputError&) {  // whoever needs more of the project says what is wrong with it
    return "";
  }
}

}  // namespace cleft
