#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "base/array3.hpp"
#include "components/label_block.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {

/// The label volumes of a run's synapse file (objects/files/synapse_file.hpp), those of synapses and of
/// candidates as one. Nothing here is collective.
class StoredLabels {
 public:
  /// \param has_candidates  Whether the file has labels of candidates.
  /// \throws as VolumeReader
  StoredLabels(const std::filesystem::path& file, bool has_candidates);

  const Extent& extent() const { return synapses_.extent(); }
  Place place() const { return synapses_.place(); }
  /// That of the synapses' labels.
  const VolumeReader& synapses() const { return synapses_; }
  /// [voxel of the box] the object that it is of, synapse or candidate; 0: none.
  /// \throws IoError when they cannot be read.
  Array3<std::uint64_t> objects_in(const Box& box) const;
  /// The runs of all labels of a box, and for each of its components, one for each label, the new number.
  /// \param number_of  [old number] the new one.
  /// \throws IoError when they cannot be read.
  std::pair<LabelledBlock, std::vector<std::uint64_t>> read(
      const Box& box, const std::vector<std::uint64_t>& number_of) const;
  /// Bytes that reading a box of this extent takes, without the runs.
  static std::int64_t bytes(const Extent& box) { return 16 * voxel_count(box); }

 private:
  VolumeReader synapses_;
  std::optional<VolumeReader> candidates_;
};

}  // namespace cleft
