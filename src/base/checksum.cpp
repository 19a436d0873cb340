#include "base/checksum.hpp"

#include <new>

#include <xxhash.h>

namespace cleft {
namespace {

constexpr XXH64_hash_t seed = 0;

}  // namespace

void Checksum::Free::operator()(XXH64_state_s* state) const {
  XXH64_freeState(state);
}

Checksum::Checksum() : state_(XXH64_createState()) {
  if (!state_) throw std::bad_alloc();
  XXH64_reset(state_.get(), seed);
}

void Checksum::add(std::span<const std::byte> bytes) {
  if (!bytes.empty()) XXH64_update(state_.get(), bytes.data(), bytes.size());
}

std::uint64_t Checksum::value() const {
  return XXH64_digest(state_.get());
}

std::uint64_t checksum(std::span<const std::byte> bytes) {
  return XXH64(bytes.data(), bytes.size(), seed);
}

}  // namespace cleft
