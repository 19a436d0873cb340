#pragma once

#include <cstddef>
#include <cstdint>

namespace cleft {

// Memory of large arrays comes straight from the system, in huge pages: a stage that makes an array anew for
// each block would otherwise spend as long in the kernel, on one fault for each 4 KiB, as on its voxels. It
// goes back to the system at once when it is freed.

/// A huge page of x86-64, and of most kernels elsewhere. Where the system has none, or is told to give none,
/// pages are small and nothing else changes.
inline constexpr std::size_t huge_page_bytes = std::size_t{2} << 20U;

/// From how many bytes on an array has huge pages of its own: so many that what its last page has too much
/// is little beside them.
inline constexpr std::size_t large_array_bytes = std::size_t{8} << 20U;

/// Not under the address sanitizer, which watches over the ends of its own memory alone. Known where the
/// library is compiled: a program that is linked with it may be compiled without the sanitizer.
extern const bool has_huge_pages;

/// Bytes of memory that an array of so many bytes takes: whole huge pages where it is large.
std::int64_t array_memory(std::int64_t bytes);

/// Whether allocate_array gives memory that is 0 already.
bool is_zeroed_array(std::size_t bytes);

/// Memory for an array: aligned to `alignment`, and to huge pages where it is large.
/// \param alignment  A power of two, at most 4096.
/// \throws std::bad_alloc
void* allocate_array(std::size_t bytes, std::size_t alignment);
/// Frees what allocate_array returned for the same numbers; nothing where it is null.
void free_array(void* memory, std::size_t bytes, std::size_t alignment) noexcept;

}  // namespace cleft
