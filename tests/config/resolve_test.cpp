#include "config/resolve.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"

namespace cleft {
namespace {

Config parsed(const std::string& text) {
  return parse_config(text, "/data/run.yaml");
}

template <class Function>
std::string message_of(Function function) {
  try {
    function();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(Resolve, a_dataset_is_named_beside_its_file_or_in_one_path) {
  const auto beside = volume_path(parsed("volume: {path: raw.h5, dataset: /a/b}"));
  EXPECT_EQ(beside.file, "/data/raw.h5");
  EXPECT_EQ(beside.dataset, "/a/b");
  const auto together = labels_path(parsed("labels: {path: raw.h5/a/b}"));
  EXPECT_EQ(together.file, "/data/raw.h5");
  EXPECT_EQ(together.dataset, "/a/b");
}

TEST(Resolve, a_dataset_named_twice_must_be_the_same) {
  EXPECT_EQ(to_string(volume_path(parsed("volume: {path: raw.h5/a/b, dataset: a/b}"))), "/data/raw.h5:a/b");
  EXPECT_EQ(to_string(volume_path(parsed("volume: {path: 'raw.h5:/a/b', dataset: /a/b}"))),
            "/data/raw.h5:/a/b");
  const std::vector<std::string> set{"volume.path=raw.h5/raw"};
  EXPECT_EQ(message_of([&] {
              volume_path(parse_config("volume: {path: x.h5, dataset: /grey}", "/data/run.yaml", set));
            }),
            "--set: volume.path: names the dataset /raw, given together with /data/run.yaml:1: "
            "volume.dataset (/grey); expected one of the two");
}

TEST(Resolve, a_key_that_a_command_needs_and_nobody_gave_is_named_with_its_meaning) {
  EXPECT_EQ(message_of([] { model_path(parsed("")); }),
            "/data/run.yaml: model: not given; expected the model file: train writes it, detect reads it; "
            "detect also "
            "runs an ilastik project (.ilp)");
  EXPECT_NE(message_of([] { volume_path(parsed("")); }).find("/data/run.yaml: volume.path: not given"),
            std::string::npos);
  EXPECT_NE(message_of([] { labels_path(parsed("")); }).find("/data/run.yaml: labels.path: not given"),
            std::string::npos);
}

TEST(Resolve, how_a_dataset_is_read_goes_with_its_path) {
  const Config config = parsed(
      "volume: {path: raw.h5, axes: zyxc, convert: nearest, mask: {path: m.h5, axes: xyz}}\nlabels: {path: "
      "l.h5}");
  const ReadOptions volume = volume_path(config).options, mask = mask_path(config)->options,
                    labels = labels_path(config).options;
  EXPECT_EQ(volume.axes, "zyxc");
  EXPECT_EQ(volume.axes_key, "/data/run.yaml:1: volume.axes");
  EXPECT_EQ(volume.conversion, Conversion::nearest);
  EXPECT_EQ(volume.conversion_key, "volume.convert");
  EXPECT_EQ(mask.axes, "xyz");
  EXPECT_EQ(mask.axes_key, "/data/run.yaml:1: volume.mask.axes");
  EXPECT_EQ(mask.conversion, Conversion::exact);
  EXPECT_EQ(labels.axes, "");
  EXPECT_EQ(labels.axes_key, "/data/run.yaml: labels.axes");
}

TEST(Resolve, a_path_knows_the_key_that_it_comes_from) {
  const Config config = parsed(
      "volume: {path: raw.h5, mask: m.h5}\nlabels: [{path: l.h5}, {path: k.h5, volume: {path: b.h5}}]");
  EXPECT_EQ(volume_path(config).options.path_key, "volume.path");
  EXPECT_EQ(mask_path(config)->options.path_key, "volume.mask");
  const auto each = for_each_labelled_volume(config);
  EXPECT_EQ(labels_path(each[0]).options.path_key, "labels[0].path");
  EXPECT_EQ(volume_path(each[0]).options.path_key, "volume.path");
  EXPECT_EQ(volume_path(each[1]).options.path_key, "labels[1].volume.path");
  EXPECT_EQ(volume_path(each[1]).options.follow_key, "labels[1].volume.follow_links: true");
}

TEST(Resolve, a_mask_is_optional) {
  EXPECT_FALSE(mask_path(parsed("")).has_value());
  EXPECT_EQ(mask_path(parsed("volume: {mask: {path: m.h5}}"))->file, "/data/m.h5");
}

TEST(Resolve, the_voxel_size_comes_from_whoever_knows_it) {
  const VolumePath volume{"raw.h5", "/raw"};
  const VoxelSize size{45, 4.6, 4.6};
  const Config silent = parsed(""), stated = parsed("volume: {voxel_size_nm: [45, 4.6, 4.6]}");
  EXPECT_EQ(resolve_voxel_size(silent, volume, std::nullopt), std::nullopt);
  EXPECT_EQ(resolve_voxel_size(silent, volume, size), size);
  EXPECT_EQ(resolve_voxel_size(stated, volume, std::nullopt), size);
  EXPECT_TRUE(resolve_voxel_size(stated, volume, VoxelSize{45, static_cast<double>(4.6F), 4.6}).has_value());
}

TEST(Resolve, voxel_sizes_that_contradict_each_other_are_both_named) {
  EXPECT_EQ(message_of([] {
              resolve_voxel_size(parsed("volume:\n  voxel_size_nm: [45, 4.6, 4.6]"), {"raw.h5", "/raw"},
                                 VoxelSize{40, 4.6, 4.6});
            }),
            "/data/run.yaml:2: volume.voxel_size_nm: 45 x 4.6 x 4.6 nm (z, y, x); expected 40 x 4.6 x 4.6 nm "
            "(z, y, x) as "
            "raw.h5:/raw says, or volume.trust: config beside it");
}

TEST(Resolve, a_trusted_configuration_overrules_the_file) {
  const VolumePath volume{"raw.h5", "/raw"};
  const Config trusted = parsed("volume: {voxel_size_nm: [8, 8, 8], trust: config}");
  EXPECT_EQ(resolve_voxel_size(trusted, volume, VoxelSize{1000, 1000, 1000}), (VoxelSize{8, 8, 8}));
  EXPECT_EQ(resolve_voxel_size(trusted, volume, std::nullopt), (VoxelSize{8, 8, 8}));
  const Config forced = parsed("volume: {voxel_size_nm: [5000, 8, 8], trust: config}");
  EXPECT_EQ(resolve_voxel_size(forced, volume, std::nullopt), (VoxelSize{5000, 8, 8}));
  const Config only_offset = parsed("volume: {offset_nm: [80, 0, 0], trust: config}");
  EXPECT_EQ(resolve_offset(only_offset, volume, PerAxis<double>{40, 0, 0}), (PerAxis<double>{80, 0, 0}));
  EXPECT_EQ(
      message_of([] { parsed("volume: {trust: config}"); }),
      "/data/run.yaml:1: volume.trust: is config, but the configuration says nothing of the volume; expected "
      "volume.voxel_size_nm or volume.offset_nm beside it");
}

TEST(Resolve, implausible_voxel_sizes_are_refused) {
  const VolumePath volume{"raw.h5", "/raw"};
  for (const VoxelSize& bad : {VoxelSize{0.045, 0.0046, 0.0046}, VoxelSize{45000, 4600, 4600},
                               VoxelSize{40, 4, 2001}, VoxelSize{0.4, 4, 4}}) {
    EXPECT_THROW(resolve_voxel_size(parsed(""), volume, bad), InputError) << to_string(bad);
    EXPECT_THROW(resolve_voxel_size(
                     parsed(fmt::format("volume: {{voxel_size_nm: [{}, {}, {}]}}", bad.z, bad.y, bad.x)),
                     volume, std::nullopt),
                 InputError);
  }
  EXPECT_EQ(message_of([&] {
              resolve_voxel_size(parsed(""), volume, VoxelSize{45000, 4600, 4600});
            }),
            "raw.h5:/raw: says that voxels are 45000 x 4600 x 4600 nm (z, y, x); expected 0.5 to 2000 nm "
            "along each "
            "axis, or volume.voxel_size_nm with volume.trust: config to overrule the file");
  for (const VoxelSize& good : {VoxelSize{0.5, 0.5, 0.5}, VoxelSize{2000, 500, 500}})
    EXPECT_EQ(resolve_voxel_size(parsed(""), volume, good), good);
}

TEST(Resolve, offsets_that_contradict_each_other_are_both_named) {
  const VolumePath volume{"raw.h5", "/raw"};
  const Config stated = parsed("volume: {offset_nm: [80, 0, 0]}");
  EXPECT_EQ(resolve_offset(stated, volume, std::nullopt), (PerAxis<double>{80, 0, 0}));
  EXPECT_EQ(resolve_offset(parsed(""), volume, PerAxis<double>{40, 0, 0}), (PerAxis<double>{40, 0, 0}));
  EXPECT_EQ(message_of([&] {
              resolve_offset(stated, volume, PerAxis<double>{40, 0, 0});
            }),
            "/data/run.yaml:1: volume.offset_nm: z 80, y 0, x 0 nm; expected z 40, y 0, x 0 nm as "
            "raw.h5:/raw says, "
            "or volume.trust: config beside it");
}

}  // namespace
}  // namespace cleft
