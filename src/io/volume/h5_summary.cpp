#include "io/volume/h5_summary.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/contents.hpp"
#include "io/h5/file.hpp"
#include "io/h5/links.hpp"
#include "io/h5/shield.hpp"
#include "io/h5/storage.hpp"
#include "io/h5/volume_attributes.hpp"

namespace cleft {
namespace {

/// What a user should know of where a dataset's elements are.
std::vector<DatasetSummary::Remark> remarks_on(const h5::Storage& storage) {
  constexpr std::size_t most = 10;
  std::vector<DatasetSummary::Remark> remarks;
  if (storage.is_virtual)
    remarks.push_back({"virtual", fmt::format("made of {} parts, in {} other files", storage.source_count,
                                              storage.files.size())});
  else if (!storage.files.empty())
    remarks.push_back({"raw data", fmt::format("in {} other files", storage.files.size())});
  for (std::size_t i = 0; i < std::min(most, storage.lost.size()); ++i)
    remarks.push_back({"missing", storage.lost[i]});
  if (storage.lost.size() > most)
    remarks.push_back({"missing", fmt::format("and {} more", storage.lost.size() - most)});
  if (storage.unwritten > 0)
    remarks.push_back(
        {"missing", fmt::format("{} of {} chunks were never written", storage.unwritten, storage.chunks)});
  else if (storage.all_unwritten)
    remarks.push_back({"missing", "all: it was never written"});
  return remarks;
}

void describe(const VolumePath& path, DatasetSummary& summary) {
  const h5::FollowRule rule{path.options.follow_links, path.options.follow_key};
  const h5::Place place = h5::follow_links(path.file, path.dataset, rule);
  const h5::Dataset dataset = place.file.dataset(place.dataset);
  for (const hsize_t length : dataset.shape()) summary.shape.push_back(narrow<std::int64_t>(length));
  summary.is_table = dataset.type_class() == H5T_COMPOUND && summary.shape.size() == 1;
  summary.compression = dataset.filters();
  std::replace(summary.compression.begin(), summary.compression.end(), std::string("deflate"),
               std::string("gzip"));
  try {
    if (const auto image = stored_image_lengths(place.file, place.dataset, dataset.shape()))
      summary.shape.assign(image->begin(), image->end());
    summary.remarks = remarks_on(h5::storage_of(dataset, place.file.path(), {rule, true}));
  } catch (const InputError& error) {
    summary.remarks = {{"missing", error.what()}};
  }
}

}  // namespace

std::vector<DatasetSummary> summarize_h5_datasets(const VolumePath& path, std::size_t max_datasets) {
  std::vector<DatasetSummary> summaries;
  const auto add = [&](const std::string& name, const std::string& target) -> DatasetSummary& {
    DatasetSummary& summary = summaries.emplace_back();
    summary.path = {path.file, name, path.options};
    summary.link_target = target;
    return summary;
  };
  if (!path.dataset.empty()) {
    describe(path, add(path.dataset, ""));
    return summaries;
  }
  const h5::Contents contents = h5::contents_of(h5::File::open_read(path.file), max_datasets);
  for (const auto& name : contents.datasets) {
    DatasetSummary& summary = add(name, "");
    describe(summary.path, summary);
  }
  for (const auto& link : contents.links) {
    DatasetSummary& summary = add(link.path, link.target);
    try {
      describe(summary.path, summary);
    } catch (const Error& error) {
      if (h5::library_has_crashed()) throw;
      summary.why_not_there = error.what();
    }
  }
  return summaries;
}

std::vector<std::string> names_in_h5(const std::filesystem::path& file, std::size_t max_names) {
  h5::Contents contents = h5::contents_of(h5::File::open_read(file), max_names);
  for (auto& link : contents.links) contents.datasets.push_back(std::move(link.path));
  std::sort(contents.datasets.begin(), contents.datasets.end());
  return std::move(contents.datasets);
}

}  // namespace cleft
