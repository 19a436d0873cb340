#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "io/volume/volume_path.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// What results are known by of one input, be it the volume or its mask.
struct InputIdentity {
  nlohmann::json fingerprint;  ///< VolumeSource::fingerprint
  std::string state;           ///< VolumeSource::state when the fingerprint was taken
  bool sampled = false;        ///< the fingerprint is of places in the input, not of all of it
  std::int64_t changed = 0;    ///< when one of its files was last written to, seconds since 1970
};

/// Of the volume and the mask that predict looks at.
struct InputIdentities {
  InputIdentity volume;
  std::optional<InputIdentity> mask;
};

/// Looks whether an input is complete, and at its content. Reads a few MiB of it. Not collective.
/// \throws InputError when parts are missing; as VolumeReader.
InputIdentity identify_input(const VolumePath& path);

/// The same of both by rank 0, for all ranks: a network file system may show others another time of change.
/// Collective over `comm`.
InputIdentities identify_inputs(const Communicator& comm, const VolumePath& volume,
                                const std::optional<VolumePath>& mask);

/// What to do where a result was made from another input than there is now.
enum class OtherInput { refuse, accept };

/// How to go on with a stored result.
struct Continuation {
  nlohmann::json recipe;
  /// The inputs that are accepted in the place of others: "volume raw.h5:/raw (22349 bytes then, 22400 now)".
  std::vector<std::string> accepted;
};

/// A recipe for going on with a stored result: where the stored one means the same input in earlier words
/// (path, bytes and time of change as cleft 0.1.0 has them, or the content of a whole HDF5 file), or where
/// another input is accepted (a line in the log names
/// it), it has the stored one's words for the input. All else is as in `recipe`. Not collective.
Continuation go_on_with(const nlohmann::json& stored, nlohmann::json recipe, const VolumePath& volume,
                        const std::optional<VolumePath>& mask, OtherInput other);

/// In what two recipes of predict differ, in words: "volume (22349 bytes then, 22400 now)", "model"; empty
/// where they do not.
std::vector<std::string> differences_in_words(const nlohmann::json& stored, const nlohmann::json& recipe);

}  // namespace cleft
