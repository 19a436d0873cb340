#include <ostream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"

namespace cleft {
namespace {

struct BadConfig {
  std::string text;
  std::string message;
};

void PrintTo(const BadConfig& bad, std::ostream* out) {
  *out << bad.text;
}

std::string message_of(const std::string& text, const std::vector<std::string>& sets = {}) {
  try {
    parse_config(text, "run.yaml", sets);
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::config);
    return e.what();
  }
  return "no error";
}

class BadConfigs : public testing::TestWithParam<BadConfig> {};

TEST_P(BadConfigs, is_refused_with_line_key_what_was_found_and_what_was_expected) {
  EXPECT_EQ(message_of(GetParam().text), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    UnknownKeys, BadConfigs,
    testing::Values(
        BadConfig{"model: m.h5\ntreshold: {sigma: 5}",
                  "run.yaml:2: treshold: unknown key; expected a known key; the nearest is threshold"},
        BadConfig{
            "threshold:\n  sgima: 5",
            "run.yaml:2: threshold.sgima: unknown key; expected a known key; the nearest is threshold.sigma"},
        BadConfig{"trees: 5",
                  "run.yaml:1: trees: unknown key; expected a known key; the nearest is forest.trees"},
        BadConfig{"volume: {mask: {pth: m.h5}}",
                  "run.yaml:1: volume.mask.pth: unknown key; expected a known key; the nearest is "
                  "volume.mask.path"},
        BadConfig{
            "report: {crops: true}",
            "run.yaml:1: report.crops: unknown key; expected a known key; the nearest is report.choose"},
        BadConfig{"reprot: {make: true}",
                  "run.yaml:1: reprot: unknown key; expected a known key; the nearest is report"},
        BadConfig{"? [a, b]\n: c", "run.yaml:1: ?: a list of 2 as a key; expected a name"},
        BadConfig{"model: a\nmodel: b",
                  "run.yaml:2: model: given a second time; expected one value; the first is at run.yaml:1"}));

INSTANTIATE_TEST_SUITE_P(
    WrongTypes, BadConfigs,
    testing::Values(
        BadConfig{"forest:\n  trees: many",
                  "run.yaml:2: forest.trees: 'many'; expected a whole number from 1 to 100000"},
        BadConfig{
            "volume: {axes: zyy}",
            "run.yaml:1: volume.axes: 'zyy'; expected a letter for each axis of the dataset, slowest first, "
            "of z, y, x, c (channel) and t (time): zyx, xyz, czyx"},
        BadConfig{
            "volume:\n  mask: {axes: zyxq}",
            "run.yaml:2: volume.mask.axes: 'zyxq'; expected a letter for each axis of the dataset, slowest "
            "first, of z, y, x, c (channel) and t (time): zyx, xyz, czyx"},
        BadConfig{"volume: {convert: round}",
                  "run.yaml:1: volume.convert: 'round'; expected exact or nearest"},
        BadConfig{
            "labels: {axes: zyx}",
            "run.yaml:1: labels.axes: no labels.path beside it; expected the file that the dataset is in"},
        BadConfig{"forest: {trees: [1, 2]}",
                  "run.yaml:1: forest.trees: a list of 2; expected a whole number from 1 to 100000"},
        BadConfig{"forest: {trees: 1.5}",
                  "run.yaml:1: forest.trees: '1.5'; expected a whole number from 1 to 100000"},
        BadConfig{"forest: {seed: -1}",
                  "run.yaml:1: forest.seed: '-1'; expected a whole number from 0 to 18446744073709551615"},
        BadConfig{
            "model:",
            "run.yaml:1: model: no value; expected a path; a relative one starts at this file's folder, ~ "
            "and $NAME are filled in"},
        BadConfig{"volume: {dataset: }", "run.yaml:1: volume.dataset: no value; expected text"},
        BadConfig{"forest: 5", "run.yaml:1: forest: '5'; expected keys with values"},
        BadConfig{"- a\n- b", "run.yaml:1: configuration: a list of 2; expected keys with values"},
        BadConfig{"run: {keep_probability: maybe}",
                  "run.yaml:1: run.keep_probability: 'maybe'; expected true or false"},
        BadConfig{"volume: {voxel_size_nm: 5}",
                  "run.yaml:1: volume.voxel_size_nm: '5'; expected [z, y, x], each a number from 1e-06 to "
                  "1000000000000"},
        BadConfig{"volume: {voxel_size_nm: [5, 5]}",
                  "run.yaml:1: volume.voxel_size_nm: a list of 2; expected [z, y, x], each a number from "
                  "1e-06 to 1000000000000"},
        BadConfig{"predict: {dtype: uint16}",
                  "run.yaml:1: predict.dtype: 'uint16'; expected uint8 or float32"},
        BadConfig{"components: {connectivity: 8}",
                  "run.yaml:1: components.connectivity: '8'; expected 6 or 18 or 26"},
        BadConfig{"components: {split: yes}",
                  "run.yaml:1: components.split: 'yes'; expected none or cores or distance"},
        BadConfig{"components: {split_distance_nm: -1}",
                  "run.yaml:1: components.split_distance_nm: '-1'; expected a number from 0 to 100000000"},
        BadConfig{"features: {color: [small, tiny]}",
                  "run.yaml:1: features.color: 'tiny'; expected a list [a, b, ...], each small (0.7), medium "
                  "(1), large (1.6), huge (3.5), megahuge (5), gigahuge (10) or a number > 0"},
        BadConfig{"features: {dimensions: 4d}",
                  "run.yaml:1: features.dimensions: '4d'; expected 3d or 2d; or by scale, as in {large: 2d, "
                  "huge: 3d}"},
        BadConfig{"run: {memory_per_rank: 4XB}",
                  "run.yaml:1: run.memory_per_rank: '4XB'; expected a size from 1MiB to 1048576TiB, such as "
                  "4GiB (2^30 bytes), 4GB (10^9) or plain bytes; units kB to TB, KiB to TiB"}));

INSTANTIATE_TEST_SUITE_P(
    OutOfRange, BadConfigs,
    testing::Values(
        BadConfig{"forest: {trees: 0}",
                  "run.yaml:1: forest.trees: '0'; expected a whole number from 1 to 100000"},
        BadConfig{
            "threshold: {sigma: -1}",
            "run.yaml:1: threshold.sigma: '-1'; expected a number from 0 to 100000; or [z, y, x] of such"},
        BadConfig{"threshold: {core_ratio: .inf}",
                  "run.yaml:1: threshold.core_ratio: '.inf'; expected a number >= 0"},
        BadConfig{"threshold: {core_ratio: nan}",
                  "run.yaml:1: threshold.core_ratio: 'nan'; expected a number >= 0"},
        BadConfig{"volume: {voxel_size_nm: [0, 5, 5]}",
                  "run.yaml:1: volume.voxel_size_nm: '0'; expected [z, y, x], each a number from 1e-06 to "
                  "1000000000000"},
        BadConfig{"run: {memory_per_rank: 1000}",
                  "run.yaml:1: run.memory_per_rank: '1000'; expected a size from 1MiB to 1048576TiB, such as "
                  "4GiB (2^30 bytes), 4GB (10^9) or plain bytes; units kB to TB, KiB to TiB"},
        BadConfig{"run: {threads_per_rank: 0}",
                  "run.yaml:1: run.threads_per_rank: '0'; expected a whole number from 1 to 1024"},
        BadConfig{"run: {block_shape: [0, 8, 8]}",
                  "run.yaml:1: run.block_shape: '0'; expected [z, y, x], each a whole number >= 1"},
        BadConfig{"classes: [synapse]", "run.yaml:1: classes: 1 classes; expected 2 to 255"},
        BadConfig{"classes: [a, b, a]", "run.yaml:1: classes: a name twice; expected different names"},
        BadConfig{"features: {dimensions: {gigahuge: 2d}}",
                  "run.yaml: features.dimensions: speaks of scale 10, which no group selects; expected a "
                  "scale of texture, "
                  "color or edge"},
        BadConfig{"features: {color: [small, 0.7]}",
                  "run.yaml: features.color: scale 0.7 is listed twice; expected each scale once"}));

INSTANTIATE_TEST_SUITE_P(
    Contradictions, BadConfigs,
    testing::Values(
        BadConfig{"threshold:\n  sigma: 5\n  sigma_nm: 16",
                  "run.yaml:3: threshold.sigma_nm: given together with threshold.sigma (run.yaml:2); "
                  "expected one of the "
                  "two"},
        BadConfig{"filter: {max_volume_nm3: 1e6, max_size: 5}",
                  "run.yaml:1: filter.max_size: given together with filter.max_volume_nm3 (run.yaml:1); "
                  "expected one of "
                  "the two"},
        BadConfig{
            "labels: {path: l.h5, csv: l.csv}",
            "run.yaml:1: labels.csv: given together with labels.path (run.yaml:1); expected one of the two"},
        BadConfig{"threshold:\n  core_ratio: 2\n  reference_ratio: 3",
                  "run.yaml:3: threshold.reference_ratio: 3; expected at most threshold.core_ratio (= 2)"},
        BadConfig{"threshold: {core_ratio: 0.5}",
                  "run.yaml: threshold.reference_ratio: 1; expected at most threshold.core_ratio (= 0.5)"},
        BadConfig{"filter: {min_size: 300000}",
                  "run.yaml:1: filter.min_size: 300000; expected at most filter.max_size (= 200000)"},
        BadConfig{"filter: {min_volume_nm3: 3, max_volume_nm3: 2}",
                  "run.yaml:1: filter.min_volume_nm3: 3; expected at most filter.max_volume_nm3 (= 2)"},
        BadConfig{"labels: {dataset: /labels}",
                  "run.yaml:1: labels.dataset: no labels.path beside it; expected the file that the dataset "
                  "is in"}));

INSTANTIATE_TEST_SUITE_P(
    NotYaml, BadConfigs,
    testing::Values(
        BadConfig{"a: [1, {b: 2]}", "run.yaml:1: not YAML (illegal flow end)"},
        BadConfig{"model: a\n---\nmodel: b", "run.yaml: 2 YAML documents; expected one"},
        BadConfig{"volume: path: raw.h5",
                  "run.yaml:1: not YAML (a second ':' on one line, where a text that ends in one needs "
                  "quotes, or a line that is indented too far)"},
        BadConfig{"volume:\n  box: 0:20, 8:, :\n",
                  "run.yaml:2: not YAML (a second ':' on one line, where a text that ends in one needs "
                  "quotes, or a line that is indented too far)"}));

// What goes on over several lines swallows what follows, mostly by mistake.
INSTANTIATE_TEST_SUITE_P(
    NeverEnds, BadConfigs,
    testing::Values(
        BadConfig{"classes: [a, b]\nmodel: \"m.h5\nthreshold: {sigma: 0}\nrun: {directory: \"r\"}",
                  "run.yaml:2: a quote that is never closed; expected a \" on the same line"},
        BadConfig{"model: 'it''s\nclasses: [a, b]'",
                  "run.yaml:1: a quote that is never closed; expected a ' on the same line"},
        BadConfig{"volume: {path: 'raw.h5, dataset: /raw}\nmodel: 'm.h5'",
                  "run.yaml:1: a quote that is never closed; expected a ' on the same line"},
        BadConfig{"volume: {path: raw.h5\nmodel: m.h5\n",
                  "run.yaml:1: a '{' that is never closed; expected '}'"},
        BadConfig{"model: m.h5\nclasses: [a, b,\nrun:\n  directory: r\n",
                  "run.yaml:2: a '[' that is never closed; expected ']'"},
        BadConfig{
            "classes: [a, b\n  c]",
            "run.yaml:2: no comma before it, within the '[' of line 1; expected a comma, or the bracket "
            "closed"},
        BadConfig{
            "model: m.h5\n  beside\nclasses: [a, b]",
            "run.yaml:2: goes on with the value of the line before; expected a key with its value, or a "
            "text on one line"},
        BadConfig{
            "model: |\n  m.h5\n  run: x\n",
            "run.yaml:1: a text of several lines ('|'); expected a value on its line; one that begins so "
            "stands in quotes"},
        BadConfig{
            "model: >-\n  m.h5\n",
            "run.yaml:1: a text of several lines ('>'); expected a value on its line; one that begins so "
            "stands in quotes"}));

INSTANTIATE_TEST_SUITE_P(
    BeyondPlainYaml, BadConfigs,
    testing::Values(
        BadConfig{"volume:\n\tpath: raw.h5\n",
                  "run.yaml:2: a tab, which YAML does not allow here; expected spaces"},
        BadConfig{"model:\tm.h5", "run.yaml:1: a tab, which YAML does not allow here; expected spaces"},
        BadConfig{"classes: &c [a, b]",
                  "run.yaml:1: a reference of YAML ('&'); expected a value on its line; one that begins so "
                  "stands in quotes"},
        BadConfig{"volume: {path: *.h5}",
                  "run.yaml:1: a reference of YAML ('*'); expected a value on its line; one that begins so "
                  "stands in quotes"},
        BadConfig{
            "model: !m.h5",
            "run.yaml:1: a tag of YAML ('!'); expected a value on its line; one that begins so stands in "
            "quotes"},
        BadConfig{"volume: {path: ${SCRATCH}/raw.h5}",
                  "run.yaml:1: a '${' within brackets; expected the text in quotes, as in "
                  "\"${SCRATCH}/raw.h5\""},
        BadConfig{"a: " + std::string(1000, '['),
                  "run.yaml:1: more than 20 brackets within each other; expected fewer"},
        BadConfig{std::string("\xff\xfem\0o\0", 6), "run.yaml: is text in UTF-16; expected text in UTF-8"},
        BadConfig{std::string("model: a\nclasses: \0", 19),
                  "run.yaml:2: holds zero bytes; expected text in UTF-8"},
        BadConfig{
            "classes: [\"a\xe4\", b]",
            "run.yaml:1: classes: 'a\\xe4', which is not UTF-8; expected a list [a, b, ...], each text"}));

INSTANTIATE_TEST_SUITE_P(
    ListsOfLabels, BadConfigs,
    testing::Values(
        BadConfig{"labels: []", "run.yaml:1: labels: a list of 0; expected 1 to 1000 labelled volumes"},
        BadConfig{"labels: [l.h5]",
                  "run.yaml:1: labels[0]: 'l.h5'; expected an entry such as {path: labels.h5}"},
        BadConfig{
            "labels:\n  - volume: {path: a.h5}",
            "run.yaml:2: labels[0]: has no labels; expected path, csv, points or project in each entry"},
        BadConfig{
            "labels:\n  - {csv: a.csv,\n     volume: {dataset: /raw}}",
            "run.yaml:2: labels[0].volume: has no path; expected the volume's path beside its other keys"},
        BadConfig{"labels: [{csv: a.csv, path: b.h5}]",
                  "run.yaml:1: labels[0].path: given together with labels[0].csv (run.yaml:1); expected one "
                  "of the two"},
        BadConfig{"labels: [{points: a.csv, radius_nm: 40}]",
                  "run.yaml:1: labels[0].radius_nm: unknown key; expected a known key; the nearest is "
                  "labels[0].point_radius_nm"},
        BadConfig{"labels: [{csv: a.csv, pth: b.h5}]",
                  "run.yaml:1: labels[0].pth: unknown key; expected a known key; the nearest is "
                  "labels[0].path"},
        BadConfig{"labels:\n  - csv: a.csv\n  - csv: b.csv\n  - path: [c.h5]",
                  "run.yaml:4: labels[2].path: a list of 1; expected a path; a relative one starts at this "
                  "file's folder, ~ and $NAME are filled in"},
        BadConfig{"labels:\n  - csv: a.csv\n  - csv: b.csv\n    volume: {path: b.h5, axes: yyx}",
                  "run.yaml:4: labels[1].volume.axes: 'yyx'; expected a letter for each axis of the dataset, "
                  "slowest first, of z, y, x, c (channel) and t (time): zyx, xyz, czyx"},
        BadConfig{"labels:\n  - csv: a.csv\n  - csv: b.csv\n    volume: 5",
                  "run.yaml:4: labels[1].volume: '5'; expected keys with values"},
        BadConfig{"labels:\n  - csv: a.csv\n  - csv: b.csv\n    lane: 1",
                  "run.yaml:4: labels[1].lane: no labels.project beside it; expected the ilastik project "
                  "whose image it names"},
        BadConfig{"labels: 5",
                  "run.yaml:1: labels: '5'; expected a list [{volume: {...}, ...}, ...] of entries "
                  "with the keys of labels and perhaps of a volume"},
        BadConfig{
            "labels: [{project: a.ilp, csv: b.csv}]",
            "run.yaml:1: labels[0].project: given together with other labels; expected labels.project alone, "
            "or without it labels.path, labels.csv or labels.points"},
        BadConfig{
            "labels: {points: a.csv, path: b.h5}",
            "run.yaml:1: labels.points: given together with other labels; expected labels.points alone, "
            "or without it labels.path, labels.csv or labels.project"},
        BadConfig{"labels: {csv: a.csv, rest_voxels: 5}",
                  "run.yaml:1: labels.rest_voxels: no labels.points beside it; expected the table of points "
                  "that it is for"},
        BadConfig{"labels: {csv: a.csv, point_radius_nm: 5}",
                  "run.yaml:1: labels.point_radius_nm: no labels.points beside it; expected the table of "
                  "points that it is for"},
        BadConfig{"classes: [a, b]\nlabels: [{points: a.csv}]",
                  "run.yaml:2: labels[0].rest_class: is 'rest'; expected one of classes (a, b), or "
                  "labels.rest_voxels: 0"},
        BadConfig{"labels: {points: a.csv, point_radius_nm: 0}",
                  "run.yaml:1: labels.point_radius_nm: '0'; expected a number > 0"},
        BadConfig{"labels: {csv: b.csv, lane: 1}",
                  "run.yaml:1: labels.lane: no labels.project beside it; expected the ilastik project whose "
                  "image it names"},
        BadConfig{"labels: {begin: [0, 0, 1]}",
                  "run.yaml:1: labels.begin: no labels beside it; expected labels.path, labels.csv, "
                  "labels.points or labels.project"}));

INSTANTIATE_TEST_SUITE_P(
    CommasInNumbers, BadConfigs,
    testing::Values(
        BadConfig{"threshold:\n  sigma: 1,5\n",
                  "run.yaml:2: threshold.sigma: '1,5' (numbers are written 4.6 or 1000, without a comma); "
                  "expected a number from 0 to 100000; or [z, y, x] of such"},
        BadConfig{"threshold: {core_ratio: 7, sigma: 1,5}",
                  "run.yaml:1: threshold: '5' behind a comma, where a key should be; expected a key with its "
                  "value; numbers are written 4.6 or 1000, without a comma"},
        BadConfig{"volume: {path: a.h5, voxel_size_nm: [45, 4,6, 4,6]}",
                  "run.yaml:1: '4,6' in a list, which may be one number or two; expected 4.6, or 4, 6 with a "
                  "blank"},
        BadConfig{"volume: {path: a.h5, voxel_size_nm: [45,4,6,4,6]}",
                  "run.yaml:1: volume.voxel_size_nm: a list of 5 (numbers are written 4.6 or 1000, without a "
                  "comma); expected [z, y, x], each a number from 1e-06 to 1000000000000"},
        BadConfig{"features:\n  color: [1,6, 3,5]\n",
                  "run.yaml:2: '1,6' in a list, which may be one number or two; expected 1.6, or 1, 6 with a "
                  "blank"},
        BadConfig{"features:\n  color: [small, 3,5]\n",
                  "run.yaml:2: '3,5' in a list, which may be one number or two; expected 3.5, or 3, 5 with a "
                  "blank"}));

TEST(CommasInLists, are_taken_where_they_can_only_be_separators) {
  for (const char* list : {"[1,6,3.5]", "[1, 6, 3.5]", "[1,6]", "[ 1,6 ]", "[1 , 6, 3]", "[small,1,6]"})
    EXPECT_EQ(message_of("features: {color: " + std::string(list) + "}"), "no error") << list;
  for (const char* list : {"[0:20,0:40, 0:30]", "['a1,2', b]", "[a1,2b, c]"})
    EXPECT_EQ(message_of("classes: " + std::string(list)), "no error") << list;
}

TEST(BadPath, names_the_variable_that_is_not_set) {
  EXPECT_EQ(
      message_of("model: $CLEFT_TEST_NOT_SET/m.h5"),
      "run.yaml:1: model: '$CLEFT_TEST_NOT_SET/m.h5', but the variable 'CLEFT_TEST_NOT_SET' is not set; "
      "expected a path; a relative one starts at this file's folder, ~ and $NAME are filled in");
  EXPECT_NE(message_of("model: ~you/m.h5").find("somebody's home"), std::string::npos);
  EXPECT_NE(message_of("model: 'a$'").find("written '$$'"), std::string::npos);
}

TEST(EndlessValue, is_cut_in_the_message) {
  const std::string endless(300000, 'a');
  for (const std::string& text : {"forest: {trees: " + endless + "}", endless.substr(0, 900) + ": 5",
                                  "classes: [" + endless + ", b]", "model: \"" + endless})
    EXPECT_LT(message_of(text).size(), 500U);
}

TEST(BadSet, says_that_it_came_from_the_command_line) {
  EXPECT_EQ(message_of("", {"forest.trees=many"}),
            "--set: forest.trees: 'many'; expected a whole number from 1 to 100000");
  EXPECT_EQ(message_of("", {"forest.tree=5"}),
            "--set: forest.tree: unknown key; expected a known key; the nearest is forest.trees");
  EXPECT_EQ(message_of("", {"forest.trees"}),
            "--set forest.trees: no key and value; expected section.key=value");
  EXPECT_EQ(message_of("", {"=5"}), "--set =5: no key and value; expected section.key=value");
  EXPECT_EQ(message_of("", {"classes=[a, b"}),
            "--set classes=[a, b: a '[' that is never closed; expected ']'");
}

TEST(BadSet, contradicting_the_file_names_where_each_value_stands) {
  EXPECT_EQ(message_of("threshold: {reference_ratio: 3}", {"threshold.core_ratio=2"}),
            "run.yaml:1: threshold.reference_ratio: 3; expected at most threshold.core_ratio (= 2)");
}

}  // namespace
}  // namespace cleft
