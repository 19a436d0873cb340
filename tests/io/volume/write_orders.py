#!/usr/bin/env python3
"""Writes the same volume with h5py in many orders of axes, types and layouts, for comparison with what cleft reads.

    write_orders.py VOLUMES.h5 LIST.txt

Each line of the list is a dataset: name, order of its axes, who states the order (axistags, axes or user), channels.
The voxel z, y, x of channel c is (31 z + 7 y + 3 x + 11 c) mod 251, or in truth values the same mod 2.
"""
import itertools
import json
import sys

import h5py
import numpy as np

LENGTHS = {"z": 5, "y": 18, "x": 34, "c": 3, "t": 1}
TYPES = ["u1", "<u2", ">u2", "<u4", ">u8", "i1", "<i2", ">i4", "<i8", "<f4", ">f4", "<f8", "bool"]
ORDERS = (
    ["".join(p) for axes in ("zyx", "zyxc") for p in itertools.permutations(axes)]
    + ["tzyx", "zytx", "xyzt", "tczyx", "xcyzt", "zyxct", "yx", "xy", "cyx", "yxc", "xcy", "tyx", "yxct"]
)
LAYOUTS = [None, "small", "gzip", "whole"]


def values(order):
    """The volume along these axes, made directly by broadcasting: no transposing."""
    total = 0
    for place, axis in enumerate(order):
        weight = {"z": 31, "y": 7, "x": 3, "c": 11, "t": 0}[axis]
        shape = [1] * len(order)
        shape[place] = LENGTHS[axis]
        total = total + weight * np.arange(LENGTHS[axis]).reshape(shape)
    return total % 251


def layout_of(kind, shape):
    if kind is None:
        return {}
    if kind == "whole":
        return {"chunks": shape, "compression": "gzip"}
    chunks = tuple(min(n, 3 + i) for i, n in enumerate(shape))
    return {"chunks": chunks, "compression": "gzip", "shuffle": True} if kind == "gzip" else {"chunks": chunks}


with h5py.File(sys.argv[1], "w") as file, open(sys.argv[2], "w") as names:
    cases = itertools.product(ORDERS, ("axistags", "axes", "user"))
    for number, (order, stated_by) in enumerate(cases):
        kind = TYPES[number % len(TYPES)]
        grey = values(order)
        limited = grey % 2 if kind == "bool" else np.minimum(grey, 127) if kind == "i1" else grey
        name = f"{order}_{stated_by}_{kind.strip('<>')}"
        layout = layout_of(LAYOUTS[number % len(LAYOUTS)], grey.shape)
        dataset = file.create_dataset(name, data=limited.astype(kind), **layout)
        if stated_by == "axistags":
            dataset.attrs["axistags"] = json.dumps({"axes": [{"key": axis} for axis in order]})
        elif stated_by == "axes":
            dataset.attrs["axes"] = order
        largest = 1 if kind == "bool" else 127 if kind == "i1" else 250
        names.write(f"{name} {order} {stated_by} {3 if 'c' in order else 1} {largest}\n")
