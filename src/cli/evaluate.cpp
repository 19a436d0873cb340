#include "pipeline/evaluate/evaluate.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/voxel_size.hpp"
#include "cli/commands.hpp"
#include "cli/number_text.hpp"
#include "cli/per_axis_option.hpp"
#include "cli/truth_arguments.hpp"
#include "parallel/agree.hpp"
#include "pipeline/evaluate/locate_result.hpp"
#include "pipeline/review/evaluate_review.hpp"
#include "pipeline/tune/sweep.hpp"

namespace cleft {
namespace {

/// What the line said, before files are looked at.
struct EvaluateArguments {
  std::string result, probability, sigma, json, rank, curve, sweep_csv;
  std::vector<std::string> sweep;
  std::optional<VoxelSize> voxel_size;
  bool without_mask = false, accept_mask = false;
  TruthArguments truth;
  std::optional<std::string> foreground;
  bool distances = false;
};

/// "5" for all axes or "0.34,3.5,3.5"; nothing when it is not of this form.
std::optional<PerAxis<double>> parse_sigma(const std::string& text) {
  const auto given = numbers_in<double>(text, ',');
  const std::size_t count = given ? given->size() : 0;
  if (count != 1 && count != 3) return std::nullopt;
  const PerAxis<double> sigma{given->front(), given->at(count / 2), given->back()};
  return sigma.z >= 0 && sigma.y >= 0 && sigma.x >= 0 ? std::optional(sigma) : std::nullopt;
}

std::string check_sigma(const std::string& text) {
  return parse_sigma(text) ? "" : "'" + text + "' is neither a number nor three such as 0.34,3.5,3.5";
}

/// Either of the two files that are written stands for both.
std::filesystem::path curve_path(const std::string& text) {
  return std::filesystem::path(text).replace_extension(".csv");
}

std::string check_curve(const std::string& text) {
  const auto ending = std::filesystem::path(text).extension();
  return ending == ".csv" || ending == ".svg" ? "" : "'" + text + "' does not end in .csv or .svg";
}

/// What was said of the truth and of voxel sizes.
EvaluateOptions options_before_files(const EvaluateArguments& arguments) {
  EvaluateOptions options = options_of(arguments.truth);
  options.foreground = arguments.foreground;
  options.distances = arguments.distances;
  if (const auto& size = arguments.voxel_size) {
    check_plausible_voxel_size(*size, "--voxel-size", "");
    options.voxel_size = StatedVoxelSize{*size, "--voxel-size"};
  }
  return options;
}

/// The same with the files that are asked for.
EvaluateOptions with_files(EvaluateOptions options, const EvaluateArguments& arguments) {
  if (!arguments.json.empty()) options.json = arguments.json;
  if (!arguments.rank.empty()) options.rank = arguments.rank;
  if (!arguments.curve.empty()) options.curve = curve_path(arguments.curve);
  return options;
}

EvaluateOptions resolve(const EvaluateArguments& arguments) {
  EvaluateOptions options = options_before_files(arguments);
  if (!arguments.probability.empty()) options.probability = VolumePath::parse(arguments.probability);
  locate_result(options, arguments.result,
                arguments.without_mask  ? RunMask::nowhere
                : arguments.accept_mask ? RunMask::as_it_is
                                        : RunMask::made_in);
  if (!arguments.sigma.empty()) options.sigma = *parse_sigma(arguments.sigma);
  return with_files(std::move(options), arguments);
}

SweepOptions sweep_of(const EvaluateArguments& arguments) {
  SweepOptions options{.directory = arguments.result,
                       .truth = options_before_files(arguments),
                       .everywhere = arguments.without_mask,
                       .axes = arguments.sweep,
                       .csv = {}};
  if (!arguments.sweep_csv.empty()) options.csv = arguments.sweep_csv;
  return options;
}

void add_inputs(CLI::App& command, EvaluateArguments& a) {
  command.add_option("result", a.result, "Run directory, or a label volume (file.h5, file.h5/labels)")
      ->required();
  command
      .add_option("--probability", a.probability,
                  "Probability volume (file.h5, file.h5/probability) [probability.h5 of the run directory]")
      ->type_name("FILE/DATASET");
  command
      .add_option("--class", a.foreground,
                  "Class to judge, where the probability file says which it holds [synapse, or its only one]")
      ->type_name("NAME");
  command.add_option("--sigma", a.sigma, "Smooth the probability first, in voxels [not smoothed]")
      ->type_name("Z,Y,X")
      ->check(CLI::Validator(check_sigma, ""));
  auto* without =
      command.add_flag("--without-mask", a.without_mask,
                       "Judge what lies outside the mask of the run too [only what was searched]");
  command
      .add_flag("--accept-mask", a.accept_mask,
                "Judge in the run's mask although it is another now than the result was made in")
      ->excludes(without);
  add_per_axis<double>(command, "--voxel-size",
                       "Edge lengths of a voxel in nm, whatever the files say [as they say alike]",
                       [&a](const VoxelSize& size) { a.voxel_size = size; });
}

void add_distances(CLI::App& command, EvaluateArguments& a) {
  command.add_flag(
      "--distances", a.distances,
      "Measure how far detected voxels are from the truth and the truth's from detected ones, in nm: "
      "CREMI's ADGT and ADF");
}

/// Options of a table of settings instead of a judgement of what was found.
void add_sweep(CLI::App& command, EvaluateArguments& a) {
  auto* sweep = command
                    .add_option("--sweep", a.sweep,
                                "Instead of what was found, judge what would be found from the run's stored "
                                "probability with each of these values of a key of threshold, filter or "
                                "components; several times: all combinations")
                    ->type_name("KEY=A,B,...")
                    ->allow_extra_args(false);
  command.add_option("--sweep-csv", a.sweep_csv, "Write the table of --sweep to this file as well")
      ->type_name("FILE.csv")
      ->needs(sweep);
  for (const char* name :
       {"--probability", "--class", "--sigma", "--accept-mask", "--distances", "--curve", "--rank", "--json"})
    sweep->excludes(command.get_option(name));
}

void add_curve(CLI::App& command, EvaluateArguments& a) {
  command
      .add_option("--curve", a.curve,
                  "Write precision and recall over the rank of detections: FILE.csv and, drawn, FILE.svg")
      ->type_name("FILE.csv")
      ->check(CLI::Validator(check_curve, ""));
  command
      .add_option("--rank", a.rank,
                  "Column of the result's table to rank detections by, the highest first [decisive_ratio]")
      ->type_name("COLUMN");
}

}  // namespace

void add_evaluate(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("evaluate", "Compare detected synapses with a truth");
  const auto arguments = std::make_shared<EvaluateArguments>();
  add_inputs(*command, *arguments);
  add_truth_arguments(*command, arguments->truth);
  add_distances(*command, *arguments);
  add_curve(*command, *arguments);
  command->add_option("--json", arguments->json, "Write the result to this file as well")->type_name("FILE");
  add_sweep(*command, *arguments);
  command->footer(
      "Example:\n  cleft evaluate results --truth truth.h5/synapses --sections 5:10 --json judged.json\n"
      "  cleft evaluate results --truth truth.h5/synapses --sweep threshold.core_ratio=3,5,7,10\n"
      "  cleft evaluate results --review anna.json,ben.json");
  exclude_from_points(*command, {"--probability", "--class", "--sigma", "--distances"});
  exclude_from_reviews(*command, {"--probability", "--class", "--sigma", "--distances", "--without-mask",
                                  "--accept-mask", "--voxel-size"});
  command->callback([&action, arguments] {
    if (!arguments->truth.names_truth()) throw CLI::RequiredError("--truth, --truth-points or --review");
    // Marks are compared with the objects that settings find; those of the run are what was marked.
    if (arguments->truth.names_reviews() && arguments->truth.distance_nm && arguments->sweep.empty())
      throw CLI::ExcludesError("--distance-nm", "--review without --sweep");
    action = [arguments](const Communicator& comm) {
      if (!arguments->sweep.empty()) {
        SweepOptions sweep;
        all_or_throw(comm, [&] { sweep = sweep_of(*arguments); });
        return run_sweep(comm, sweep);
      }
      EvaluateOptions options;
      if (arguments->truth.names_reviews()) {
        all_or_throw(comm, [&] { options = with_files(options_before_files(*arguments), *arguments); });
        return run_evaluate_review(comm, arguments->result, options);
      }
      all_or_throw(comm, [&] {
        if (comm.is_root()) options = resolve(*arguments);
      });
      run_evaluate(comm, options);
    };
  });
}

}  // namespace cleft
