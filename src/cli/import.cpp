#include "pipeline/convert/import.hpp"

#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/number_text.hpp"
#include "cli/per_axis_option.hpp"
#include "cli/word_option.hpp"

namespace cleft {
namespace {

struct ImportArguments {
  ImportOptions options;
  std::string output;
};

void add_output_options(CLI::App& command, ImportOptions& options) {
  add_per_axis<double>(
      command, "--voxel-size",
      "Edge lengths of a voxel in nm; may be left out where the files state it (ImageJ, OME), "
      "and must not contradict them",
      [&options](const VoxelSize& size) { options.voxel_size = size; });
  command.add_flag("--trust-voxel-size", options.trust_voxel_size,
                   "Take --voxel-size although a file states another one, or although it is outside 0.5 to "
                   "2000 nm");
  add_per_axis<std::int64_t>(
      command, "--chunk",
      "Voxels of a chunk, the unit in which the file is read and written; one rank has all sections "
      "of a chunk in memory",
      [&options](const Extent& chunk) { options.chunk = chunk; })
      ->default_str("64,64,64, or flatter: thin stacks, sections of more than 16 MiB");
  command.add_flag("--force", options.replace, "Replace the file if it is there");
}

void add_stack_options(CLI::App& command, StackOptions& stack) {
  command
      .add_option_function<std::int64_t>(
          "--channel", [&stack](std::int64_t number) { stack.pages.channel = number; },
          "Which channel to take of several, from 1 as ImageJ counts")
      ->check(a_whole_number_at_least(1));
  command
      .add_option_function<std::int64_t>(
          "--frame", [&stack](std::int64_t number) { stack.pages.frame = number; },
          "Which frame (point in time) to take of several, from 1")
      ->check(a_whole_number_at_least(1));
  add_word_option<PageUse>(command, "--pages",
                           "Which pages of a file are sections: those that its own description (ImageJ, OME, "
                           "tifffile) says, or all, whatever it says",
                           [&stack](PageUse use) { stack.pages.use = use; })
      ->default_str("described");
  add_word_option<NameUse>(
      command, "--names",
      "Whether the names of files must show a complete series of sections, or are only sorted",
      [&stack](NameUse use) { stack.names = use; })
      ->default_str("checked");
  add_word_option<FillMissing>(
      command, "--missing",
      "Fill in sections that the numbering shows to be missing: with the section before, or "
      "with zeros; the volume's attribute missing_sections lists them. Without it a missing "
      "section is an error",
      [&stack](FillMissing fill) { stack.missing = fill; });
  add_word_option<PaletteUse>(
      command, "--palette",
      "What to do with images that have a palette of colours, such as labels: refuse them, or "
      "take the numbers that the palette is for",
      [&stack](PaletteUse use) { stack.palette = use; })
      ->default_str("refuse");
  add_word_option<WhiteIsZero>(
      command, "--white-is-zero",
      "What to do with TIFF values that are stored so that white is zero: turn them over, or "
      "keep them as stored (masks and labels of ImageJ)",
      [&stack](WhiteIsZero use) { stack.white_is_zero = use; })
      ->default_str("invert");
  command
      .add_option_function<std::string>(
          "--grey-range",
          [&stack](const std::string& text) {
            const auto ends = numbers_in<double>(text, ',');
            if (!ends || ends->size() != 2 || !(ends->at(0) < ends->at(1)))
              throw CLI::ValidationError("--grey-range",
                                         "'" + text + "' is not two rising numbers, such as 0,4095");
            stack.range = GreyRange{ends->at(0), ends->at(1)};
          },
          "Scale values to 8 bits: LOW becomes 0, HIGH 255, what is beyond them is cut; without it every "
          "value "
          "stays what it is")
      ->type_name("LOW,HIGH");
}

}  // namespace

void add_import(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("import", "Make an HDF5 volume of a stack of TIFF or PNG sections");
  const auto arguments = std::make_shared<ImportArguments>();
  ImportOptions& options = arguments->options;
  command
      ->add_option(
          "stack", options.source,
          "A folder of sections, a pattern in quotes such as 'stack/*.tif', or one TIFF file with many "
          "pages; "
          "grey values of any type, files in the order of the numbers in their names (img2 before img10)")
      ->required()
      ->type_name("STACK");
  command->add_option("output", arguments->output, "The HDF5 file to make, and the dataset in it if not /raw")
      ->required()
      ->type_name("FILE.h5[/DATASET]");
  add_output_options(*command, options);
  add_stack_options(*command, options.stack);
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
