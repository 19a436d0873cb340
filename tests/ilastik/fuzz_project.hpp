#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <hdf5.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "forest/predict/forest_voter.hpp"
#include "ilastik/labels.hpp"
#include "ilastik/project.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {

/// Does all that cleft does with a project whose file holds these bytes. Any Error is right; anything else (a
/// crash, another exception, a read out of bounds, endless work) is a bug.
/// \returns Whether the bytes made a project that was read whole.
inline bool use_project_of_bytes(std::span<const char> bytes) {
  try {
    const h5::File file = h5::File::open_image(bytes, "fuzzed.ilp");
    const IlastikProject project = read_ilastik_project(file, "fuzzed.ilp");
    for (std::size_t image = 0; image < project.images.size(); ++image) {
      count_project_labels(project, image, file);
      read_project_labels(project, image, {64, 64, 64}, {"a", "b"}, file);
    }
    for (std::size_t stage = 0; stage < project.stages.size(); ++stage) {
      const Model model = model_of_stage(project, stage, FilterDialect::ilastik, Extent{64, 64, 64});
      const std::string names = nlohmann::json(model.classes).dump();  // as results name their classes
      const std::vector<float> zeros(static_cast<std::size_t>(model.forest.channel_count), 0.0F);
      std::vector<const float*> channels;
      for (const float& zero : zeros) channels.push_back(&zero);
      std::vector<float> answer(model.classes.size());
      std::vector<float*> out;
      for (float& p : answer) out.push_back(&p);
      vote_reference(model.forest, channels, 1, out);
    }
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// A sound project's bytes, and which of them hold its content: numbers, and texts without their ends. The
/// rest is HDF5's own bookkeeping, whose damage is for the HDF5 library to notice (1.10 crashes on some of
/// it).
struct ProjectBytes {
  std::vector<char> sound;
  std::vector<std::size_t> content;  ///< positions in `sound`
};

inline ProjectBytes small_project_bytes() {
  const TempDirectory directory;
  const SmallProject small;
  const std::string slice = "[3:4,5:6,8:10,0:1]", block_axes = axistags("zyxc");
  const std::string pickled = "cmodule\nParallelVigraRfLazyflowClassifier\np0\n.";
  write_small_project(directory / "my.ilp", small, [&](h5::File& file) {
    file.write("PixelClassification/ClassifierForests/known_labels", std::vector<std::uint32_t>{1, 2});
    file.write_text("PixelClassification/ClassifierForests/pickled_type", pickled);
    h5::Dataset block = file.write("PixelClassification/LabelSets/labels000/block0000",
                                   std::vector<std::uint8_t>{1, 2}, {1, 1, 2, 1});
    block.set_attribute("blockSlice", slice);
    block.set_attribute("axistags", block_axes);
  });
  const std::string bytes = file_bytes(directory / "my.ilp");
  ProjectBytes project{{bytes.begin(), bytes.end()}, {}};
  const auto add = [&project](std::size_t begin, std::size_t count) {
    for (std::size_t i = begin; i < begin + count; ++i) project.content.push_back(i);
  };

  for (const std::string& text :
       {slice, block_axes, pickled, axistags(small.axes), small.workflow, small.labels[0], small.ids[0],
        small.ids[1], std::string("1.4.0"), std::string("images\\raw")})
    for (auto at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1))
      add(at, text.size());

  const hid_t file = H5Fopen((directory / "my.ilp").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const auto visit = [](hid_t root, const char* name, const H5O_info_t* info, void* to) -> herr_t {
    if (info->type != H5O_TYPE_DATASET) return 0;
    const hid_t dataset = H5Dopen2(root, name, H5P_DEFAULT), type = H5Dget_type(dataset);
    const haddr_t offset = H5Dget_offset(dataset);
    if (offset != HADDR_UNDEF && H5Tget_class(type) != H5T_STRING)
      (*static_cast<decltype(&add)>(to))(static_cast<std::size_t>(offset),
                                         static_cast<std::size_t>(H5Dget_storage_size(dataset)));
    H5Tclose(type);
    H5Dclose(dataset);
    return 0;
  };
  H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_NATIVE, visit, const_cast<void*>(static_cast<const void*>(&add)),
            H5O_INFO_BASIC);
  H5Fclose(file);
  return project;
}

}  // namespace cleft::test
