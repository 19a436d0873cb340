#!/usr/bin/env python3
"""Writes a small image and a project of ilastik's pixel classification or autocontext that was trained on it.

The forests are trained by VIGRA itself on features computed with VIGRA's filters: not the exact features, but in their
ranges, so that thresholds divide the image's voxels. The layout is that of ilastik's project files.

    make_project.py OUT.ilp IMAGE.h5 '{"shape": [16, 24, 28], "channels": 2, ...}'

The JSON may give: shape (z, y, x), channels, axes ("zyxc": of the image file), classes, untrained (labels that have no
strokes), selection ({"FeatureId": [scales]}), in_2d ([scales]) or null to leave the entry out, trees ([per forest]),
weighted, labels ("new" or "old": with axistags or without), workflow, seed.
"""
import json
import os
import sys
import tempfile

import h5py
import numpy as np
import vigra

FEATURE_IDS = [
    "GaussianSmoothing",
    "LaplacianOfGaussian",
    "GaussianGradientMagnitude",
    "DifferenceOfGaussians",
    "StructureTensorEigenvalues",
    "HessianOfGaussianEigenvalues",
]
SCALES = [0.3, 0.7, 1.0, 1.6, 3.5, 5.0, 10.0]
DEFAULTS = {
    "shape": [16, 24, 28],
    "channels": 1,
    "axes": "zyxc",
    "classes": 2,
    "untrained": [],
    "selection": {"GaussianSmoothing": [0.3, 1.6], "HessianOfGaussianEigenvalues": [0.7, 1.6]},
    "in_2d": [],
    "trees": [3, 3],
    "weighted": False,
    "labels": "new",
    "workflow": "Pixel Classification",
    "seed": 1,
}


def vigra_filter(feature, image, scale):
    """Channels (first axis) of one filter, in 2D or 3D as the image is."""
    f = vigra.filters
    if feature == "GaussianSmoothing":
        return [f.gaussianSmoothing(image, scale)]
    if feature == "LaplacianOfGaussian":
        return [f.laplacianOfGaussian(image, scale)]
    if feature == "GaussianGradientMagnitude":
        return [f.gaussianGradientMagnitude(image, scale)]
    if feature == "DifferenceOfGaussians":
        return [f.gaussianSmoothing(image, scale) - f.gaussianSmoothing(image, 0.66 * scale)]
    if feature == "StructureTensorEigenvalues":
        result = f.structureTensorEigenvalues(image, scale, 0.5 * scale)
    else:
        result = f.hessianOfGaussianEigenvalues(image, scale)
    return list(np.moveaxis(np.asarray(result), -1, 0))


def features(image, selection, in_2d):
    """[voxel, column] float32 of an image [c, z, y, x]; columns in ilastik's order."""
    columns = []
    for feature in FEATURE_IDS:
        for scale in SCALES:
            if scale not in selection.get(feature, []):
                continue
            for channel in image:
                flat = scale in in_2d or channel.shape[0] == 1
                if flat:
                    sections = [vigra_filter(feature, np.ascontiguousarray(s), scale) for s in channel]
                    columns += [np.stack(parts) for parts in zip(*sections)]
                else:
                    columns += vigra_filter(feature, np.ascontiguousarray(channel), scale)
    return np.stack([np.asarray(c, np.float32).ravel() for c in columns], axis=1)


def paint(shape, classes, untrained, rng):
    """Blocks of strokes: [(begin z, y, x), values]."""
    blocks = []
    for label in range(1, classes + 1):
        if label in untrained:
            continue
        for _ in range(3):
            extent = [min(n, k) for n, k in zip(shape, (2, 3, 6))]
            begin = [int(rng.integers(0, n - k + 1)) for n, k in zip(shape, extent)]
            values = np.where(rng.random(extent) < 0.8, label, 0).astype(np.uint8)
            values.flat[0] = label
            blocks.append((begin, values))
    return blocks


def axistags(axes):
    tags = [{"key": k, "typeFlags": 1 if k == "c" else 2, "resolution": 0, "description": ""} for k in axes]
    return json.dumps({"axes": tags})


def write_labels(group, blocks, style):
    lane = group.create_group("LabelSets/labels000")
    taken = set()
    for index, (begin, values) in enumerate(blocks):
        for voxel in np.argwhere(values):
            position = tuple(voxel + begin)
            if position in taken:
                values[tuple(voxel)] = 0
            taken.add(position)
        block = lane.create_dataset(f"block{index:04}", data=values[..., None])
        ranges = [f"{b}:{b + n}" for b, n in zip(begin, values.shape)] + ["0:1"]
        block.attrs["blockSlice"] = "[" + ",".join(ranges) + "]"
        if style == "new":
            block.attrs["axistags"] = axistags("zyxc")


def write_forests(group, samples, labels, trees, weighted, names):
    for index, count in enumerate(trees):
        forest = vigra.learning.RandomForest(count)
        forest.learnRF(samples, labels[:, None].astype(np.uint32), index + 1)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "forest.h5")
            forest.writeHDF5(path, "forest")
            with h5py.File(path, "r") as stored:
                stored.copy("forest", group, f"Forest{index:04}")
        if weighted:
            group[f"Forest{index:04}/_options/predict_weighted_"][...] = 1
    group["known_labels"] = np.unique(labels).astype(np.uint32)
    group["feature_names"] = np.array(names, "S")
    group["pickled_type"] = (
        "clazyflow.classifiers.parallelVigraRfLazyflowClassifier\nParallelVigraRfLazyflowClassifier\np0\n."
    )


def predict(group, samples, classes):
    """As ilastik averages its forests: [voxel, class] float32."""
    total, trees = None, 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "forests.h5")
        with h5py.File(path, "w") as copy:
            group.file.copy(group, copy, "forests")
        for name in sorted(n for n in group if n.startswith("Forest")):
            forest = vigra.learning.RandomForest(path, f"forests/{name}")
            part = np.asarray(forest.predictProbabilities(samples)) * np.float32(forest.treeCount())
            trees += forest.treeCount()
            total = part if total is None else total + part
    total /= np.float32(trees)
    full = np.zeros((len(samples), classes), np.float32)
    for index, label in enumerate(group["known_labels"][()]):
        full[:, label - 1] = total[:, index]
    return full


def write_stage(project, suffix, image, p, blocks):
    selection = project.create_group("FeatureSelections" + suffix)
    selection["FeatureIds"] = np.array(FEATURE_IDS, "S")
    selection["Scales"] = np.array(SCALES)
    matrix = [[s in p["selection"].get(f, []) for s in SCALES] for f in FEATURE_IDS]
    selection["SelectionMatrix"] = np.array(matrix, bool)
    if p["in_2d"] is not None:
        selection["ComputeIn2d"] = np.array([s in p["in_2d"] for s in SCALES], bool)

    group = project.create_group("PixelClassification" + suffix)
    names = group.create_dataset("LabelNames", data=np.array([f"class {i}" for i in range(p["classes"])], "S"))
    names.attrs["isEmpty"] = False
    group["LabelColors"] = np.array([[255 - 9 * i, 7 * i, i] for i in range(p["classes"])])
    write_labels(group, blocks, p["labels"])
    samples = features(image, p["selection"], p["in_2d"] or [])
    labels = np.zeros(image.shape[1:], np.uint8)
    for begin, values in blocks:
        part = tuple(slice(b, b + n) for b, n in zip(begin, values.shape))
        labels[part] = np.maximum(labels[part], values)
    painted = np.flatnonzero(labels)
    forests = group.create_group("ClassifierForests")
    columns = [f"column {i}" for i in range(samples.shape[1])]
    write_forests(forests, samples[painted], labels.ravel()[painted], p["trees"], p["weighted"], columns)
    probabilities = predict(forests, samples, p["classes"])
    return np.moveaxis(probabilities.reshape(image.shape[1:] + (p["classes"],)), -1, 0)


def main():
    out, image_path, text = sys.argv[1:4]
    p = {**DEFAULTS, **json.loads(text)}
    rng = np.random.default_rng(p["seed"])
    z, y, x = np.meshgrid(*[np.arange(n) for n in p["shape"]], indexing="ij")
    waves = [np.sin(x / (3 + c)) + np.cos((y + z) / (4 + c)) + 0.4 * rng.standard_normal(p["shape"])
             for c in range(p["channels"])]
    image = np.stack([np.clip(128 + 45 * w, 0, 255).astype(np.uint8) for w in waves])

    with h5py.File(image_path, "w") as f:
        by_key = np.moveaxis(image, 0, -1)  # z, y, x, c
        order = ["zyxc".index(k) for k in p["axes"]]
        rest = tuple("zyxc".index(k) for k in "zyxc" if k not in p["axes"])
        stored = by_key.transpose(order + list(rest)).reshape([by_key.shape[i] for i in order])
        f.create_dataset("raw", data=stored).attrs["axistags"] = axistags(p["axes"])

    with h5py.File(out, "w") as project:
        project["ilastikVersion"] = "1.4.0"
        project["workflowName"] = p["workflow"]
        project["time"] = "Mon Jan  1 00:00:00 2024"
        raw = project.create_group("Input Data/infos/lane0000/Raw Data")
        raw["filePath"] = os.path.basename(image_path) + "/raw"
        raw["axistags"] = axistags("zyxc")
        raw["shape"] = np.array(list(p["shape"]) + [p["channels"]])
        project.create_group("Input Data/infos/lane0000/Prediction Mask")
        blocks = paint(p["shape"], p["classes"], p["untrained"], rng)
        first = write_stage(project, "", image.astype(np.float32), p, blocks)
        if p["workflow"].startswith("Autocontext"):
            stacked = np.concatenate([image, (255 * first).astype(np.uint8)]).astype(np.float32)
            write_stage(project, "01", stacked, p, blocks)


if __name__ == "__main__":
    main()
