#!/usr/bin/env python3
"""Asks the independent implementation (oracle/ilp_oracle.py) for a project's probabilities.

    answers_of_oracle.py ORACLE_FOLDER PROJECT IMAGE.h5 DATASET OUT.npy [DIALECT]

Writes z, y, x, class float32. Of an autocontext project, the second stage sees the image and the first stage's
probabilities as bytes. DIALECT is ilastik (default) or ilastik-1.2.
"""
import json
import sys

import h5py
import numpy as np

sys.path.insert(0, sys.argv[1])
import ilp_oracle  # noqa: E402  (found through the line above)


def main():
    project_path, image_path, dataset, out = sys.argv[2:6]
    dialect = sys.argv[6] if len(sys.argv) > 6 else "ilastik"
    backend = ilp_oracle.VigraBackend() if dialect == "ilastik-1.2" else ilp_oracle.NumpyBackend()
    with h5py.File(image_path, "r") as f:
        image = f[dataset][()]
        tags = f[dataset].attrs.get("axistags")
    axes = "".join(t["key"] for t in json.loads(tags)["axes"]) if tags else "zyxc"[: image.ndim]
    answer = ilp_oracle.predict(ilp_oracle.Project(project_path), image, axes, backend)[0]
    with h5py.File(project_path, "r") as f:
        stages = 2 if "PixelClassification01" in f else 1
    if stages == 2:
        first = np.moveaxis((255 * answer).astype(np.uint8), -1, 0)
        stacked = np.concatenate([ilp_oracle.to_tczyx(image, axes)[0], first])
        answer = ilp_oracle.predict(ilp_oracle.Project(project_path, "01"), stacked, "czyx", backend)[0]
    np.save(out, np.ascontiguousarray(answer, np.float32))


if __name__ == "__main__":
    main()
