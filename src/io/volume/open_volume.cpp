#include "io/volume/open_volume.hpp"

#include "io/volume/h5_source.hpp"
#include "io/volume/h5_summary.hpp"

namespace cleft {

std::shared_ptr<const VolumeSource> open_volume(const VolumePath& path) {
  return open_h5_volume(path);
}

std::vector<DatasetSummary> summarize_datasets(const VolumePath& path, std::size_t max_datasets) {
  return summarize_h5_datasets(path, max_datasets);
}

std::vector<std::string> names_in(const std::filesystem::path& file, std::size_t max_names) {
  return names_in_h5(file, max_names);
}

void start_formats() {
  start_h5();
}

}  // namespace cleft
