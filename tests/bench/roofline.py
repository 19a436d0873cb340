"""What a machine's arithmetic and memory would allow one core, by a simple model."""
import math

TREES = 100
COLOR, EDGE, TEXTURE = (0.7, 1.0, 1.6, 3.5, 5.0), (3.5, 5.0), (1.6, 3.5, 5.0)
# Arithmetic on one symmetric matrix, from entries to eigenvalues.
EIGENVALUE_OPERATIONS = {3: 100, 2: 8}

STATED = {
    "features": "one multiply-add per distinct tap of every separable pass (one presmoothing per scale, passes shared"
    " by filters once, adding mirrored voxels free); {0} operations per 3D eigenvalue problem, {1} per 2D one;"
    " every grey value read once, every channel written once (4 bytes)",
    "forest": "every voxel passes so many nodes in each of 100 trees, each one 16-bit comparison in a full vector",
}


def radius(sigma, window):
    return math.floor(window * sigma + 0.5)


def derivative_passes(dimensions, order, r):
    """Multiply-adds of all mixed derivatives up to an order, axis after axis, each intermediate result once."""
    taps = {0: r + 1, 1: r, 2: r + 1}
    # (orders spent so far) -> one image each
    images, total = [0], 0
    for _ in range(dimensions):
        following = []
        for spent in images:
            for more in range(order - spent + 1):
                total += taps[more]
                following.append(spent + more)
        images = following
    return total


def operations_per_voxel(dimensions):
    total = 0
    for sigma in COLOR:
        n = min(sigma, 1.0)
        before = math.sqrt(sigma * sigma - 1) if sigma > 1 else sigma
        total += dimensions * (radius(before, 3.5) + 1)
        second_order = sigma in EDGE or sigma in TEXTURE
        total += derivative_passes(dimensions, 2 if second_order else 0, radius(n, 2.0))
        if sigma in EDGE:
            total += dimensions * (radius(0.66 * n, 2.0) + 1)  # the other Gaussian of the difference
            total += dimensions + dimensions + 1  # Laplacian, gradient magnitude, difference
        if sigma in TEXTURE:
            entries = dimensions * (dimensions + 1) // 2
            total += derivative_passes(dimensions, 1, radius(0.5 * n, 2.0))
            total += entries + entries * dimensions * (radius(n, 2.0) + 1)
            total += 2 * EIGENVALUE_OPERATIONS[dimensions]
    return total


def channels(dimensions):
    return len(COLOR) + 3 * len(EDGE) + 2 * dimensions * len(TEXTURE)


def features_limit(machine, dimensions):
    """Mvox/s by arithmetic and by memory."""
    arithmetic = 1e3 * machine["GFMA/s"] / operations_per_voxel(dimensions)
    memory = 1e3 * machine["GB/s"] / (4 * (1 + channels(dimensions)))
    return arithmetic, memory


def forest_limit(machine, depth):
    return 1e3 * machine["Gcompare/s"] / (TREES * depth)


def stated(what):
    return STATED[what].format(EIGENVALUE_OPERATIONS[3], EIGENVALUE_OPERATIONS[2])
