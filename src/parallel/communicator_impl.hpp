#pragma once

// The templates of communicator.hpp: they only turn values into bytes, so that no header needs mpi.h.

#include <cstring>
#include <limits>
#include <utility>

#include "parallel/communicator.hpp"

namespace cleft {

template <class T>
constexpr Communicator::Number Communicator::number_of() {
  if constexpr (std::is_same_v<T, int>) return Number::int32;
  if constexpr (std::is_same_v<T, std::int64_t>) return Number::int64;
  if constexpr (std::is_same_v<T, std::uint64_t>) return Number::uint64;
  if constexpr (std::is_same_v<T, double>) return Number::float64;
}

namespace detail {

template <class T>
std::vector<T> from_bytes(std::span<const std::byte> bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

}  // namespace detail

template <class T>
T Communicator::broadcast(T value, int root) const {
  static_assert(std::is_trivially_copyable_v<T>);
  broadcast_bytes(std::as_writable_bytes(std::span(&value, 1)), root);
  return value;
}

template <class T>
std::vector<T> Communicator::broadcast(std::vector<T> values, int root) const {
  static_assert(std::is_trivially_copyable_v<T>);
  values.resize(broadcast(values.size(), root));
  broadcast_bytes(std::as_writable_bytes(std::span(values)), root);
  return values;
}

inline std::string Communicator::broadcast(std::string text, int root) const {
  const auto bytes = broadcast(std::vector<char>(text.begin(), text.end()), root);
  return {bytes.begin(), bytes.end()};
}

template <class T>
T Communicator::sum(T value) const {
  reduce(&value, 1, number_of<T>(), Reduction::sum);
  return value;
}

template <class T>
T Communicator::min(T value) const {
  reduce(&value, 1, number_of<T>(), Reduction::min);
  return value;
}

template <class T>
T Communicator::max(T value) const {
  reduce(&value, 1, number_of<T>(), Reduction::max);
  return value;
}

template <class T>
void Communicator::sum(std::span<T> values) const {
  reduce(values.data(), values.size(), number_of<T>(), Reduction::sum);
}

template <class T>
std::vector<T> Communicator::all_gather(const T& value) const {
  static_assert(std::is_trivially_copyable_v<T>);
  static_assert(sizeof(T) <= std::numeric_limits<int>::max(), "MPI counts a rank's bytes in int");
  return detail::from_bytes<T>(all_gather_bytes(std::as_bytes(std::span(&value, 1))));
}

template <class T>
std::vector<T> Communicator::gather(std::span<const T> values, int root) const {
  static_assert(std::is_trivially_copyable_v<T>);
  return detail::from_bytes<T>(gather_bytes(std::as_bytes(values), root));
}

template <class T>
std::vector<std::vector<T>> Communicator::exchange(const std::vector<std::vector<T>>& to) const {
  std::vector<std::span<const std::byte>> outgoing;
  outgoing.reserve(to.size());
  for (const auto& values : to) outgoing.push_back(std::as_bytes(std::span(values)));
  std::vector<std::vector<T>> received;
  received.reserve(to.size());
  for (const auto& bytes : exchange_bytes(outgoing)) received.push_back(detail::from_bytes<T>(bytes));
  return received;
}

}  // namespace cleft
