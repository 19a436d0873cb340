#include "config/box_kind.hpp"
#include "config/key_sections.hpp"

namespace cleft {
namespace {

// Each function below appends the keys of one section. A key's default is the value in a default-constructed
// Config.

using Keys = std::vector<Key>;
constexpr int max_trees = 100000, max_threads = 1024, max_leaf = 1000000000;
constexpr double max_sigma = 1e5, max_sigma_nm = 1e8;
constexpr double farthest_nm = 1e15;

void add_volume(Keys& keys) {
  keys.push_back(field_key(
      "volume.path", Affects::content, [](auto& c) -> auto& { return c.volume.source.path; }, any_path(),
      "the HDF5 file of the grey values; file.h5/internal/path names the dataset too"));
  keys.push_back(field_key(
      "volume.dataset", Affects::predict, [](auto& c) -> auto& { return c.volume.source.dataset; },
      any_text(),
      "the dataset of the grey values in volume.path: numbers of any type, along z, y, x and perhaps c"));
  keys.push_back(field_key(
      "volume.axes", Affects::predict, [](auto& c) -> auto& { return c.volume.source.axes; }, axis_order(),
      "order of the axes of volume.dataset, where the file does not state it and it is not z, y, x"));
  keys.push_back(field_key(
      "volume.convert", Affects::predict, [](auto& c) -> auto& { return c.volume.convert; },
      one_of<Conversion>(),
      "a grey value that float32 cannot hold exactly (32-bit integers above 2^24, float64) is an error, "
      "or is rounded to the nearest float32"));
  keys.push_back(field_key(
      "volume.missing", Affects::predict, [](auto& c) -> auto& { return c.volume.missing; },
      one_of_these<Missing>({Missing::error, Missing::background}),
      "where parts of the volume or the mask are missing (chunks never written, sources of a virtual dataset "
      "that are not there): an error, or the file's fill value (0 where it has none); with background, grey "
      "values that are NaN, infinite or beyond 1e9 are 0"));
  keys.push_back(field_key(
      "volume.follow_links", Affects::nothing, [](auto& c) -> auto& { return c.volume.follow_links; },
      true_or_false(),
      "whether links, virtual datasets and raw data of volume, mask and labels may lead to files outside the "
      "folder of the file that names them"));
  keys.push_back(field_key(
      "volume.voxel_size_nm", Affects::predict, [](auto& c) -> auto& { return c.volume.voxel_size; },
      per_axis(number_within(1e-6, 1e12)),
      "edge lengths of one voxel in nm, where the file has none; must not differ from the file's "
      "(volume.trust)"));
  keys.push_back(field_key(
      "volume.offset_nm", Affects::predict, [](auto& c) -> auto& { return c.volume.offset; },
      per_axis(number_within(-farthest_nm, farthest_nm)),
      "where the centre of the dataset's first voxel lies, where the file has no attribute offset; the "
      "table's nm count from there [0, 0, 0]"));
  keys.push_back(field_key(
      "volume.trust", Affects::predict, [](auto& c) -> auto& { return c.volume.trust; }, one_of<Trust>(),
      "file: volume.voxel_size_nm and offset_nm must agree with the file's; config: they overrule the "
      "file, also with a voxel size outside 0.5 to 2000 nm"));
  keys.push_back(field_key(
      "volume.box", Affects::predict, [](auto& c) -> auto& { return c.volume.box; }, box_of_ranges(),
      "train and detect look at this part alone, as if it were all: features reflect at its faces; "
      "results have its extent, say where it lies (offset), and count voxels from its first"));
  keys.push_back(field_key(
      "volume.mask.path", Affects::content, [](auto& c) -> auto& { return c.volume.mask.path; }, any_path(),
      "HDF5 file of a mask, such as a segmentation: nothing is looked for where it is 0 or CREMI's "
      "background; may be added after predict"));
  keys.push_back(field_key(
      "volume.mask.dataset", Affects::segment, [](auto& c) -> auto& { return c.volume.mask.dataset; },
      any_text(), "dataset of the mask in volume.mask.path"));
  keys.push_back(field_key(
      "volume.mask.axes", Affects::segment, [](auto& c) -> auto& { return c.volume.mask.axes; }, axis_order(),
      "order of the axes of volume.mask.dataset, as volume.axes"));
  keys.push_back(field_key(
      "volume.mask.begin", Affects::segment, [](auto& c) -> auto& { return c.volume.mask.begin; },
      per_axis(whole_number<std::int64_t>(-farthest_voxel, farthest_voxel)),
      "voxel of volume.dataset that a smaller mask without an attribute offset begins at; what it does "
      "not cover is outside"));
}

void add_classes(Keys& keys) {
  keys.push_back(field_key(
      "classes", Affects::predict, [](auto& c) -> auto& { return c.classes; }, list_of(any_text()),
      "names of the classes; label 1 is the first"));
}

void add_forest(Keys& keys) {
  keys.push_back(field_key(
      "forest.trees", Affects::predict, [](auto& c) -> auto& { return c.forest.trees; },
      whole_number<int>(1, max_trees), "how many trees vote"));
  keys.push_back(field_key(
      "forest.seed", Affects::predict, [](auto& c) -> auto& { return c.forest.seed; },
      whole_number<std::uint64_t>(0), "where the random draws of training start"));
  keys.push_back(field_key(
      "forest.class_balance", Affects::predict, [](auto& c) -> auto& { return c.forest.class_balance; },
      one_of<ClassBalance>(),
      "a tree's training voxels: every labelled voxel equally often, or every class equally often"));
  keys.push_back(field_key(
      "forest.min_leaf", Affects::predict, [](auto& c) -> auto& { return c.forest.min_leaf; },
      whole_number<int>(1, max_leaf), "fewest training voxels in a leaf"));
  keys.push_back(field_key(
      "model", Affects::content, [](auto& c) -> auto& { return c.model; }, any_path(),
      "the model file: train writes it, detect reads it; detect also runs an ilastik project (.ilp)"));
}

void add_predict(Keys& keys) {
  keys.push_back(field_key(
      "predict.dtype", Affects::predict, [](auto& c) -> auto& { return c.predict.dtype; },
      one_of<ElementType>({{to_string(ElementType::uint8), ElementType::uint8},
                           {to_string(ElementType::float32), ElementType::float32}}),
      "how a probability p is stored: round(255 p) in one byte, or p in four"));
  keys.push_back(field_key(
      "predict.accept_type", Affects::nothing, [](auto& c) -> auto& { return c.predict.accept_type; },
      true_or_false(),
      "a model that was trained on values of another type and on another scale (8-bit, and the volume has "
      "16 bits): an error, or accepted with a warning"));
  keys.push_back(field_key(
      "predict.classes", Affects::predict, [](auto& c) -> auto& { return c.predict.classes; },
      one_of<StoredClasses>(),
      "which classes' probabilities are stored: z, y, x of the foreground, or z, y, x, c of all"));
}

void add_threshold(Keys& keys) {
  keys.push_back(field_key(
      "threshold.foreground", Affects::predict, [](auto& c) -> auto& { return c.threshold.foreground; },
      any_text(), "the class that synapses are found in"));
  const auto sigma_nm = [](auto& c) -> auto& {
    return c.threshold.sigma_nm;
  };
  keys.push_back(instead_of(
      field_key(
          "threshold.sigma", Affects::segment, [](auto& c) -> auto& { return c.threshold.sigma; },
          one_or_per_axis(number_within(0, max_sigma)),
          "sigma in voxels of the probability's smoothing; 0 = off; not larger than the volume; where it is "
          "not given and voxels are "
          "longer along some axes, the default counts on the finest axis, and the others get the same nm"),
      "threshold.sigma_nm", sigma_nm));
  keys.push_back(field_key("threshold.sigma_nm", Affects::segment, sigma_nm,
                           one_or_per_axis(number_within(0, max_sigma_nm)),
                           "instead of threshold.sigma: the same in nm; needs the voxel size"));
  keys.push_back(field_key(
      "threshold.core_ratio", Affects::segment, [](auto& c) -> auto& { return c.threshold.core_ratio; },
      number_at_least_zero(),
      "core mask: foreground more than this many times the background; a ratio r is a "
      "probability of r / (1 + r): 10 is 0.91"));
  keys.push_back(field_key(
      "threshold.reference_ratio", Affects::segment,
      [](auto& c) -> auto& { return c.threshold.reference_ratio; }, number_at_least_zero(),
      "reference mask likewise; 1 = equally likely; not above threshold.core_ratio"));
  keys.push_back(field_key(
      "threshold.background", Affects::segment, [](auto& c) -> auto& { return c.threshold.background; },
      one_of<Background>(),
      "what the foreground is compared with: one minus the smoothed, or one minus the raw probability"));
}

void add_components(Keys& keys) {
  keys.push_back(field_key(
      "components.connectivity", Affects::segment, [](auto& c) -> auto& { return c.connectivity; },
      one_of<Connectivity>(), "which voxels are neighbours: by faces, also by edges, also by corners"));
  keys.push_back(field_key(
      "components.split", Affects::segment, [](auto& c) -> auto& { return c.split.by; }, one_of<Split>(),
      "whether touching synapses are told apart: a component is one object, or is split into as many as it "
      "has cores of filter.min_size, or where it is narrow, between its deepest places (for nearly isotropic "
      "voxels)"));
  keys.push_back(field_key(
      "components.split_distance_nm", Affects::segment, [](auto& c) -> auto& { return c.split.distance_nm; },
      number_within(0, max_sigma_nm),
      "with split: distance, how far apart the deepest places of two objects are at least; needs the voxel "
      "size"));
}

void add_filter(Keys& keys) {
  const auto min_volume = [](auto& c) -> auto& {
    return c.filter.min_volume_nm3;
  };
  const auto max_volume = [](auto& c) -> auto& {
    return c.filter.max_volume_nm3;
  };
  keys.push_back(
      instead_of(field_key(
                     "filter.min_size", Affects::segment, [](auto& c) -> auto& { return c.filter.min_size; },
                     whole_number<std::int64_t>(0), "fewest voxels of a synapse, and of its largest core"),
                 "filter.min_volume_nm3", min_volume));
  keys.push_back(field_key("filter.min_volume_nm3", Affects::segment, min_volume, number_at_least_zero(),
                           "instead of filter.min_size: the same in nm3; needs the voxel size"));
  keys.push_back(
      instead_of(field_key(
                     "filter.max_size", Affects::segment, [](auto& c) -> auto& { return c.filter.max_size; },
                     whole_number<std::int64_t>(0), "most voxels of a synapse"),
                 "filter.max_volume_nm3", max_volume));
  keys.push_back(field_key("filter.max_volume_nm3", Affects::segment, max_volume, number_at_least_zero(),
                           "instead of filter.max_size: the same in nm3; needs the voxel size"));
  keys.push_back(field_key(
      "filter.candidates", Affects::segment, [](auto& c) -> auto& { return c.filter.candidates; },
      whole_number<std::int64_t>(1),
      "keep so many objects that are no synapses by their core, those with the highest decisive_ratio: in "
      "the "
      "table with accepted = 0, and as the dataset /candidates beside /labels"));
  keys.push_back(field_key(
      "filter.candidate_ratio", Affects::segment, [](auto& c) -> auto& { return c.filter.candidate_ratio; },
      number_at_least_zero(),
      "keep only candidates with at least this decisive_ratio; without filter.candidates any number of "
      "them"));
}

void add_run(Keys& keys) {
  keys.push_back(field_key(
      "run.directory", Affects::nothing, [](auto& c) -> auto& { return c.run.directory; }, any_path(),
      "the run directory, made by detect: everything it writes is in there"));
  keys.push_back(field_key(
      "run.memory_per_rank", Affects::nothing, [](auto& c) -> auto& { return c.run.memory_per_rank; },
      memory_size(),
      "memory of each rank, all told: blocks are made to fit it; a block_shape or an unfinished run that "
      "does not fit is refused"));
  keys.push_back(field_key(
      "run.threads_per_rank", Affects::nothing, [](auto& c) -> auto& { return c.run.threads_per_rank; },
      whole_number<int>(1, max_threads),
      "threads of each rank that compute, beside one that reads and writes; more threads instead of more "
      "ranks need less memory, more ranks read and write faster"));
  keys.push_back(field_key(
      "run.block_shape", Affects::nothing, [](auto& c) -> auto& { return c.run.block_shape; },
      per_axis(whole_number<std::int64_t>(1)),
      "voxels of a block without its halo; chosen from run.memory_per_rank when not given"));
  keys.push_back(field_key(
      "run.keep_probability", Affects::segment, [](auto& c) -> auto& { return c.run.keep_probability; },
      true_or_false(), "keep probability.h5 once the synapses are written"));
  keys.push_back(field_key(
      "run.probability", Affects::nothing, [](auto& c) -> auto& { return c.run.probability; }, any_path(),
      "the directory of a finished run of the same volume and model: its probability is segmented, nothing "
      "is "
      "predicted; for trying settings side by side"));
}

}  // namespace

std::span<const Key> keys() {
  static const Keys all = [] {
    Keys made;
    for (const auto add : {add_volume, add_classes, add_label_keys, add_feature_keys, add_forest, add_predict,
                           add_threshold, add_components, add_filter, add_run, add_report_keys})
      add(made);
    return made;
  }();
  return all;
}

}  // namespace cleft
