#include "base/array_memory.hpp"

#include <limits>
#include <new>

#include <sys/mman.h>

#include "base/narrow.hpp"

namespace cleft {

#if defined(__SANITIZE_ADDRESS__)
const bool has_huge_pages = false;
#else
const bool has_huge_pages = true;
#endif

namespace {

std::size_t whole_pages(std::size_t bytes) {
  return (bytes + huge_page_bytes - 1) / huge_page_bytes * huge_page_bytes;
}

/// A mapping begins at any page: one that is longer by a huge page holds one that begins at such a page, and
/// what lies before and behind it is given back.
void* map_huge_pages(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() / 2) throw std::bad_alloc();
  const std::size_t length = whole_pages(bytes), mapped_length = length + huge_page_bytes;
  void* mapped = mmap(nullptr, mapped_length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* const first = static_cast<std::byte*>(mapped);
  const std::size_t past = reinterpret_cast<std::uintptr_t>(first) % huge_page_bytes;
  const std::size_t before = past == 0 ? 0 : huge_page_bytes - past;
  std::byte* const begin = first + before;
  if (before > 0) munmap(first, before);
  munmap(begin + length, mapped_length - length - before);
  madvise(begin, length, MADV_HUGEPAGE);  // advice: where it is not taken, pages are small
  return begin;
}

}  // namespace

std::int64_t array_memory(std::int64_t bytes) {
  constexpr auto page = narrow<std::int64_t>(huge_page_bytes);
  if (!has_huge_pages || bytes < narrow<std::int64_t>(large_array_bytes)) return bytes;
  return (bytes + page - 1) / page * page;
}

bool is_zeroed_array(std::size_t bytes) {
  return has_huge_pages && bytes >= large_array_bytes;
}

void* allocate_array(std::size_t bytes, std::size_t alignment) {
  if (is_zeroed_array(bytes)) return map_huge_pages(bytes);
  return ::operator new (bytes, std::align_val_t{alignment});
}

void free_array(void* memory, std::size_t bytes, std::size_t alignment) noexcept {
  if (memory == nullptr) return;
  if (is_zeroed_array(bytes))
    munmap(memory, whole_pages(bytes));
  else
    ::operator delete (memory, std::align_val_t{alignment});
}

}  // namespace cleft
