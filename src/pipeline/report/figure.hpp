#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "parallel/communicator.hpp"
#include "pipeline/detect/input_identity.hpp"

namespace cleft {

struct FigureOptions {
  std::filesystem::path run;         ///< the run directory
  std::int64_t section = 0;          ///< counted from the volume's first
  std::optional<std::string> truth;  ///< FILE.h5/dataset, on the volume or placed on it by its attributes
  std::filesystem::path output;      ///< PNG
  bool force = false;                ///< replace what is there
  OtherInput other = OtherInput::refuse;
};

/// Draws one section of a finished run as a PNG: grey values, the outlines of synapses with their ids, and of
/// candidates where there are any, a scale bar, and below it what the colours mean. With a truth the colours
/// tell which synapses are right, which are false, and which of the truth were missed: matched over the whole
/// volume as evaluate matches them. At most 1,600 pixels along each side. Rank 0 works. Collective.
/// \throws CollectiveError as open_finished_run and evaluate; when there is no such section, or something is
///         there under the output's name; when that cannot be written.
void run_figure(const Communicator& comm, const FigureOptions& options);

}  // namespace cleft
