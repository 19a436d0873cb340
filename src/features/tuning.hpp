#pragma once

#include <cstdint>

/// Sizes that decide how fast features are computed, and nothing else: with any other value the results have
/// the same bits. Each says which cache it assumes and which benchmark of features_bench shows its effect.
namespace cleft::features::tuning {

/// Floats in the largest SIMD vector, 64 bytes, which is a cache line too: rows of temporary images begin at
/// multiples of it, and tiles are whole vectors wide. Shown by features/3d/default.
inline constexpr std::int64_t vector_floats = 16;

/// Largest tile of a scale's filters in y and x. In 3D a tile's passes keep the sections that the kernels
/// reach: with every feature at once 0.7 MiB, for a second-level cache of 1 MiB per core. In 2D they keep a
/// few rows only, however many a tile has, so that its width alone is limited: 24 KiB, for a first-level
/// cache of 32 KiB. Shown by features/3d/sigma=3.5 and features/2d/sigma=3.5.
inline constexpr std::int64_t tile_rows = 16, tile_columns = 128;

/// Sections of a tile that are smoothed along z at once, before its streams filter them: as many as
/// `convolve` makes at once. They take 50 KiB and should stay in a second-level cache of 256 KiB until the
/// streams have read them. Shown by features/3d/sigma=5.
inline constexpr std::int64_t streamed_slab_sections = 4;

/// Sections of a tile that VIGRA's filters work on at once. All images of such a slab take 2 MiB with every
/// feature, but a pass reads one and writes another, 64 KiB each, for a second-level cache of at least 256
/// KiB. Shown by features/3d/ilastik-1.2.
inline constexpr std::int64_t vigra_slab_sections = 8;

/// Neighbouring rows that `convolve` makes at once along y and z: sums and neighbours are 12 vectors, for the
/// 16 vector registers of AVX2; no cache matters. Shown by features/3d/sigma=5.
inline constexpr std::int64_t rows_abreast = 4;
/// Neighbouring vectors that `convolve` makes at once along x: enough independent sums to hide how long one
/// addition takes; no cache matters. Shown by features/2d/sigma=5.
inline constexpr std::int64_t vectors_abreast = 4;

/// Voxels of a row that VIGRA's convolution sums side by side: their sums and the voxels read for a kernel of
/// 73 taps (sigma 10) take 20 KiB of a first-level cache of 32 KiB. Shown by features/3d/ilastik-1.2.
inline constexpr std::int64_t vigra_voxels_abreast = 64;

/// 3 x 3 matrices of a row whose eigenvalues are found in two sweeps: what the first leaves to the second
/// takes 1.25 KiB of a first-level cache of 32 KiB. Shown by features/3d/default.
inline constexpr std::int64_t matrices_abreast = 64;

}  // namespace cleft::features::tuning
