#include "pipeline/convert/import.hpp"

#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/per_axis_option.hpp"

namespace cleft {

void add_import(CLI::App& app, Action& action) {
  struct Arguments {
    ImportOptions options;
    std::string output;
  };
  auto* command = app.add_subcommand("import", "Make an HDF5 volume of a stack of TIFF or PNG sections");
  const auto arguments = std::make_shared<Arguments>();
  ImportOptions& options = arguments->options;
  command
      ->add_option(
          "stack", options.source,
          "A folder of sections, a pattern such as 'stack/*.tif', or one TIFF file with many pages; 8- or "
          "16-bit grey, files in natural order (img2 before img10)")
      ->required()
      ->type_name("STACK");
  command->add_option("output", arguments->output, "The HDF5 file to make, and the dataset in it if not /raw")
      ->required()
      ->type_name("FILE.h5[/DATASET]");
  add_per_axis<double>(*command, "--voxel-size", "Edge lengths of a voxel in nm",
                       [&options](const VoxelSize& size) { options.voxel_size = size; })
      ->required();
  add_per_axis<std::int64_t>(
      *command, "--chunk",
      "Voxels of a chunk, the unit in which the file is read and written; one rank has all sections "
      "of a chunk in memory",
      [&options](const Extent& chunk) { options.chunk = chunk; })
      ->default_str("64,64,64, or flatter: thin stacks, sections of more than 16 MiB");
  command->add_flag("--force", options.replace, "Replace the file if it is there");
  command->footer("Example:\n  mpirun -n 4 cleft import sections/ raw.h5 --voxel-size 45,4,4");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      ImportOptions given = arguments->options;
      given.output = VolumePath::parse(arguments->output);
      run_import(comm, given);
    };
  });
}

}  // namespace cleft
