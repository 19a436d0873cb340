#include "pipeline/convert/phantom.hpp"

#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/number_text.hpp"
#include "cli/per_axis_option.hpp"

namespace cleft {
namespace {

struct PhantomArguments {
  std::string out;
  PhantomOptions options;
  bool force = false;
};

/// As add_per_axis, with a default.
template <class T>
void add_defaulted(CLI::App& command, const std::string& name, PerAxis<T>& value, const std::string& help) {
  add_per_axis<T>(command, name, help, [&value](const PerAxis<T>& given) {
    value = given;
  })->default_str(fmt::format("{},{},{}", value.z, value.y, value.x));
}

void add_options(CLI::App& command, PhantomArguments& a) {
  PhantomOptions& o = a.options;
  command.add_option("out", a.out, "The HDF5 file to make")->required()->type_name("FILE");
  add_defaulted(command, "--extent", o.extent, "Voxels along z, y and x");
  add_defaulted(command, "--voxel-size", o.voxel_size,
                "Edge lengths of a voxel in nm, 1 to 100; 45,5,5 is like ssTEM");
  command.add_option("--seed", o.seed, "Another number makes another volume")
      ->check(a_whole_number_at_least(0))
      ->capture_default_str();
  command.add_option("--synapse-density", o.synapse_density, "About how many synapses per µm³, 0 to 2.5")
      ->capture_default_str();
  command.add_option("--noise", o.noise, "Standard deviation of the noise at mid grey, of 255")
      ->capture_default_str();
  command.add_option("--shading", o.shading, "How far the brightness drifts over a few µm, of 255")
      ->capture_default_str();
  command.add_option("--section-jitter", o.section_jitter, "How much sections differ in brightness, of 255")
      ->capture_default_str();
  command.add_option("--label-sections", o.label_sections, "How many sections have brush strokes")
      ->default_str("6, or all of fewer");
  command
      .add_option("--strokes", o.strokes,
                  "About how many strokes along membranes and inside cells in each of them")
      ->capture_default_str();
  command.add_flag("--force", a.force, "Replace the file if it is there");
}

}  // namespace

void add_phantom(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "phantom", "Make a synthetic EM-like volume with synapses, their truth and brush strokes");
  const auto arguments = std::make_shared<PhantomArguments>();
  add_options(*command, *arguments);
  command->footer(
      "Example:\n  mpirun -n 2 cleft phantom phantom.h5 --extent 128,256,256 --voxel-size 8,8,8 --seed 1");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      run_phantom(comm, arguments->options, arguments->out, arguments->force);
    };
  });
}

}  // namespace cleft
