#pragma once

#include <optional>
#include <string>

#include "base/box.hpp"
#include "io/axistags.hpp"
#include "io/h5/dataset.hpp"
#include "io/h5/file.hpp"

namespace cleft {

// What a dataset's attributes say of it as a volume. Nothing here is collective but write_axes.

/// The order of its axes that a dataset states: from the attribute `axistags` (VIGRA, ilastik), else from
/// `axes`: a text ("zyx", "z, y, x") or a list of texts, in capitals or not. Nothing when none is stated.
/// \throws InputError when an attribute is no order of axes.
std::optional<AxesInFile> stored_axes(const h5::Dataset& dataset);

/// The voxel size in nm that a dataset states: attribute `element_size_um` (z, y, x, in µm; Fiji, ilastik),
/// `resolution` (z, y, x, in nm; CREMI), or the resolutions in `axistags` with `axis_units` (ilastik 1.4.2).
/// Rounded to 7 significant digits, so that single-precision attributes give the number that was meant.
/// Nothing when none is stated.
/// \throws InputError when two of them disagree (both are named) or one is not three positive numbers.
std::optional<VoxelSize> stored_voxel_size(const h5::Dataset& dataset);
/// Whether the dataset states it axis by axis: in `axistags` with `axis_units`.
/// \throws as stored_voxel_size
bool states_voxel_size_by_axis(const h5::Dataset& dataset);

/// Where the centre of a dataset's first voxel lies: attribute `offset` (CREMI), three numbers in nm, along
/// z, y and x whatever the order of the dataset's axes, as `resolution`. Rounded to 9 significant digits.
/// Nothing when there is none; one number or a text of this name is somebody else's and counts for nothing.
/// \throws InputError when it is several numbers, but not three finite ones.
std::optional<PerAxis<double>> stored_offset(const h5::Dataset& dataset);

/// How much of a dataset is image, where a file of Imaris says so: its datasets are filled up to whole
/// chunks, and the group around one has the attributes ImageSizeZ, ImageSizeY and ImageSizeX (digits as texts
/// of one letter each; "Imaris 5.5 File Format Description", Bitplane). The rest is no image.
/// \param dataset  Its path in the file.
/// \param shape    Of the dataset.
/// \returns Lengths along z, y and x; nothing where the file says nothing.
/// \throws InputError when they are no lengths, or longer than the dataset's.
std::optional<h5::Shape> stored_image_lengths(const h5::File& file, const std::string& dataset,
                                              const h5::Shape& shape);

/// Marks a dataset as z, y, x, so that ilastik, Fiji and CREMI's tools open it as cleft means it: `axistags`;
/// and where the voxel size is known `element_size_um`, `resolution` and `axis_units`.
/// Collective on a shared file.
/// \param channels  Whether the dataset has a fourth axis, c, behind the others.
/// \param offset    In nm: where it lies (base/place.hpp). A dataset that lies nowhere in particular gets no
///                  such attribute: 0 would be a statement.
void write_axes(h5::Dataset& dataset, const std::optional<VoxelSize>& voxel_size, bool channels = false,
                const std::optional<PerAxis<double>>& offset = std::nullopt);

}  // namespace cleft
