#!/usr/bin/python3
"""How fast scikit-learn's forests and SciPy's labelling do the same, on one core.

usage: scientific_python.py FOLDER WHAT REPETITIONS    (WHAT: forest, components or training; FOLDER: of write_inputs)

Prints JSON: {program: {benchmark: [figure of each repetition]}}, Mvox/s of processor time, for training seconds. A
program that is not installed is missing there and named under "missing". Benchmarks are called as in C++.
"""
# /usr/bin/python3 is the one that Debian's packages (tools/setup bench) install for.
import importlib
import json
import pathlib
import sys
import time

TREES = 100


def module(name, missing):
    try:
        return importlib.import_module(name)
    except ImportError:
        missing.append(name.split(".", maxsplit=1)[0])
        return None


def seconds(clock, repetitions, work, warm_up=True):
    """What each repetition took."""
    if warm_up:
        work()
    taken = []
    for _ in range(repetitions):
        begin = clock()
        work()
        taken.append(clock() - begin)
    return taken


def rates(voxels, taken):
    return [voxels / 1e6 / t for t in taken]


def samples(numpy, folder, dimensions, labels):
    return [numpy.load(folder / f"{what}_{dimensions}d_{labels}.npy") for what in ("values", "labels")]


def forest(folder, repetitions, missing):
    numpy, ensemble = module("numpy", missing), module("sklearn.ensemble", missing)
    if not numpy or not ensemble:
        return {}
    found = {}
    for dimensions in (3, 2):
        tile = numpy.load(folder / f"tile_{dimensions}d.npy")
        for labels in (5000, 50000):
            grown = ensemble.RandomForestClassifier(n_estimators=TREES, random_state=1, n_jobs=-1)
            grown.fit(*samples(numpy, folder, dimensions, labels))
            grown.n_jobs = 1
            taken = seconds(time.process_time, repetitions, lambda g=grown, t=tile: g.predict_proba(t))
            found[f"predictor/dimensions:{dimensions}/labels:{labels}"] = rates(len(tile), taken)
    return {"scikit-learn": found}


def training(folder, repetitions, missing):
    numpy, ensemble = module("numpy", missing), module("sklearn.ensemble", missing)
    if not numpy or not ensemble:
        return {}
    values, labels = samples(numpy, folder, 3, 50000)

    def grow(threads):
        ensemble.RandomForestClassifier(n_estimators=TREES, random_state=1, n_jobs=threads).fit(values, labels)

    return {
        "scikit-learn": {
            f"train/dimensions:3/labels:50000/threads:{threads}": seconds(
                time.perf_counter, repetitions, lambda t=threads: grow(t), warm_up=False
            )
            for threads in (1, 2)
        }
    }


def components(folder, repetitions, missing):
    numpy, ndimage = module("numpy", missing), module("scipy.ndimage", missing)
    cc3d = module("cc3d", [])  # not in Debian: nobody misses it
    if not numpy:
        return {}
    mask = numpy.load(folder / "blobs.npy")
    ways = {}
    if ndimage:
        ways["SciPy"] = lambda: ndimage.label(mask, numpy.ones((3, 3, 3)))
    if cc3d:
        ways["cc3d"] = lambda: cc3d.connected_components(mask, connectivity=26)
    return {
        program: {"components/26/384^3/blobs_5%": rates(mask.size, seconds(time.process_time, repetitions, label))}
        for program, label in ways.items()
    }


def main(folder, what, repetitions):
    missing = []
    measure = {"forest": forest, "components": components, "training": training}[what]
    found = measure(pathlib.Path(folder), int(repetitions), missing)
    print(json.dumps(found | {"missing": missing}))


if __name__ == "__main__":
    main(*sys.argv[1:])
