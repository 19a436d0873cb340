#include "pipeline/run/volume_facts.hpp"

#include "base/error.hpp"
#include "components/distributed/label_across_blocks.hpp"
#include "config/resolve.hpp"

namespace cleft {

VolumeFacts look_at_volume(const Config& config) {
  const VolumeReader reader(volume_path(config), 0);
  switch (reader.type()) {
    case ElementType::uint8:
    case ElementType::uint16:
    case ElementType::float32:
      break;
    default:
      throw InputError({to_string(reader.path()), "holds " + to_string(reader.type()) + " values",
                        "uint8, uint16 or float32 grey values"});
  }
  check_axis_lengths(reader.extent(), to_string(reader.path()));
  return {reader.path(), reader.extent(), resolve_voxel_size(config, reader.path(), reader.voxel_size()),
          reader.type()};
}

}  // namespace cleft
