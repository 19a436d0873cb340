#include "pipeline/run/stored_labels.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "base/narrow.hpp"
#include "io/volume/label_values.hpp"
#include "objects/files/synapse_file.hpp"

namespace cleft {

StoredLabels::StoredLabels(const std::filesystem::path& file, bool has_candidates)
    : synapses_({file, labels_dataset}, 0) {
  if (has_candidates) candidates_.emplace(VolumePath{file, candidates_dataset}, 0);
}

Array3<std::uint64_t> StoredLabels::objects_in(const Box& box) const {
  auto objects = Array3<std::uint64_t>::uninitialized(box.extent());
  read_label_values(synapses_, box, objects.view());
  if (!candidates_) return objects;
  auto more = Array3<std::uint64_t>::uninitialized(box.extent());
  read_label_values(*candidates_, box, more.view());
  for (std::size_t i = 0; i < objects.voxels().size(); ++i)
    objects.voxels()[i] += more.voxels()[i];  // one of the two is 0
  return objects;
}

std::pair<LabelledBlock, std::vector<std::uint64_t>> StoredLabels::read(
    const Box& box, const std::vector<std::uint64_t>& number_of) const {
  const Array3<std::uint64_t> labels = objects_in(box);
  std::vector<RowRun> runs;
  std::vector<std::uint64_t> numbers;
  std::unordered_map<std::uint64_t, std::uint32_t> component_of;
  for (std::int64_t z = 0; z < box.extent().z; ++z)
    for (std::int64_t y = 0; y < box.extent().y; ++y) {
      const std::span row(labels.row(z, y), to_size(box.extent().x));
      for (auto begin = row.begin(); begin != row.end();) {
        // Objects may touch each other: where a component was split.
        const auto end = std::find_if(begin, row.end(), [&](std::uint64_t label) { return label != *begin; });
        if (*begin != 0) {
          const auto [at, is_new] = component_of.try_emplace(*begin, narrow<std::uint32_t>(numbers.size()));
          if (is_new) numbers.push_back(number_of.at(*begin));
          runs.push_back({narrow<std::int32_t>(z), narrow<std::int32_t>(y),
                          narrow<std::int32_t>(begin - row.begin()), narrow<std::int32_t>(end - row.begin()),
                          at->second});
        }
        begin = end;
      }
    }
  const auto count = narrow<std::uint32_t>(numbers.size());
  LabelledBlock block{.runs = VoxelRuns(box.extent(), runs), .component_count = count};
  return {std::move(block), std::move(numbers)};
}

}  // namespace cleft
