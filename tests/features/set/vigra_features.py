#!/usr/bin/env python3
"""Writes what ilastik 1.2 computes with VIGRA's filters, for comparison with cleft's features to the last bit.

    vigra_features.py VOLUME.raw Z Y X 3|2 FEATURES.raw SCALE...

VOLUME.raw holds float32 in z, y, x order, FEATURES.raw gets float32 channels in that order: all scales of the first
filter, then of the next. With 2 each section is filtered on its own.
"""
import math
import sys

import numpy as np
from vigra import filters, taggedView

PRESMOOTHING_WINDOW, WINDOW = 3.5, 2.0


def difference_of_gaussians(image, sigma):
    wide = filters.gaussianSmoothing(image, sigma, window_size=WINDOW)
    return wide - filters.gaussianSmoothing(image, 0.66 * sigma, window_size=WINDOW)


FILTERS = [
    lambda image, sigma: filters.gaussianSmoothing(image, sigma, window_size=WINDOW),
    lambda image, sigma: filters.laplacianOfGaussian(image, sigma, window_size=WINDOW),
    lambda image, sigma: filters.gaussianGradientMagnitude(image, sigma, window_size=WINDOW),
    difference_of_gaussians,
    lambda image, sigma: filters.structureTensorEigenvalues(image, sigma, 0.5 * sigma, window_size=WINDOW),
    lambda image, sigma: filters.hessianOfGaussianEigenvalues(image, sigma, window_size=WINDOW),
]


def channels(image, compute, scale):
    """One filter of one image at one scale: channels first."""
    image = taggedView(image, "zyx"[-image.ndim :])
    ahead = math.sqrt(scale * scale - 1.0) if scale > 1.0 else scale
    smooth = filters.gaussianSmoothing(image, ahead, window_size=PRESMOOTHING_WINDOW)
    result = np.asarray(compute(smooth, min(scale, 1.0)))
    return np.moveaxis(result, -1, 0) if result.ndim > image.ndim else result[None]


def main(volume_path, z, y, x, dimensions, features_path, *scales):
    volume = np.fromfile(volume_path, np.float32).reshape(int(z), int(y), int(x))
    with open(features_path, "wb") as out:
        for compute in FILTERS:
            for scale in map(float, scales):
                if dimensions == "2":
                    result = np.stack([channels(section, compute, scale) for section in volume], axis=1)
                else:
                    result = channels(volume, compute, scale)
                out.write(np.ascontiguousarray(result, np.float32).tobytes())


main(*sys.argv[1:])
