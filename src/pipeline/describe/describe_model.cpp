#include "pipeline/describe/describe_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text/printable.hpp"
#include "forest/files/model_file.hpp"
#include "pipeline/train/train_report.hpp"

namespace cleft {
namespace {

std::string to_string(const GreyValues& grey) {
  return grey.known() ? fmt::format("{}, {} to {}", printable(grey.type), grey.range.min, grey.range.max)
                      : "unknown";
}

}  // namespace

std::string describe_model(const std::filesystem::path& file) {
  const Model model = read_model(file);
  return fmt::format(
      "{}\n  classes      {}\n  channels     {}\n  trained at   {}\n  grey values  {}\n  checksum  "
      "   {:016x}\n\n{}",
      printable(file.string()), printable(fmt::format("{}", fmt::join(model.classes, ", "))),
      model.forest.channel_count, model.voxel_size ? to_string(*model.voxel_size) : "an unknown voxel size",
      to_string(model.grey), model.checksum, training_report(model));
}

}  // namespace cleft
