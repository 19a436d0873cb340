#include "io/volume/copy_elements.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace cleft {
namespace {

// Narrow axes of a tile are as long as a cache line has elements of one byte. A tile of both sides fits into
// a second-level cache, so that no line is loaded twice whatever the order of the axes.
constexpr std::int64_t tile_length = 32;

/// Whether every value of From is one of To.
template <class From, class To>
constexpr bool always_fits() {
  using F = std::numeric_limits<From>;
  using T = std::numeric_limits<To>;
  if constexpr (F::is_integer && T::is_integer)
    return std::cmp_less_equal(T::min(), F::min()) && std::cmp_greater_equal(T::max(), F::max());
  else
    return !T::is_integer && F::digits <= T::digits;
}

/// \tparam nearest  Of a float: take the nearest one.
/// \returns         Whether `value` is (or may be rounded to) a value of To, which is then `out`.
template <bool nearest, std::integral From, std::integral To>
bool convert(From value, To& out) {
  // int8 is a number here, not a character.
  out = static_cast<To>(value);  // NOLINT(bugprone-signed-char-misuse)
  return std::in_range<To>(value);
}

template <bool nearest, std::integral From>
bool convert(From value, float& out) {
  out = static_cast<float>(value);
  if (nearest) return true;
  using Unsigned = std::make_unsigned_t<From>;
  const auto bits = static_cast<Unsigned>(value);
  const auto magnitude = value < 0 ? static_cast<Unsigned>(Unsigned{0} - bits) : bits;
  // Without the zeros at its end it must fit into the 24 bits that a float counts with.
  return magnitude == 0 || std::bit_width(magnitude) - std::countr_zero(magnitude) <= 24;
}

template <bool nearest, std::floating_point From, std::integral To>
bool convert(From value, To& out) {
  constexpr int bits = std::numeric_limits<To>::digits;
  const From end = std::ldexp(From{1}, bits);  // one past the largest
  constexpr From first = std::is_signed_v<To> ? static_cast<From>(std::numeric_limits<To>::min()) : From{0};
  if (!(value >= first && value < end)) return false;  // NaN too
  out = static_cast<To>(value);
  return static_cast<From>(out) == value;
}

template <bool nearest, std::floating_point From>
bool convert(From value, float& out) {
  constexpr auto largest = static_cast<From>(std::numeric_limits<float>::max());
  if (std::isfinite(value) && std::abs(value) > largest) return false;
  out = static_cast<float>(value);
  return nearest || static_cast<From>(out) == value || std::isnan(value);
}

/// \returns Whether all could be converted.
template <bool nearest, class From, class To>
bool convert_row(const From* in, std::int64_t stride, std::int64_t count, To* out) {
  bool all = true;
  const auto each = [&](auto step) {
    for (std::int64_t i = 0; i < count; ++i) {
      if constexpr (always_fits<From, To>())
        out[i] = static_cast<To>(in[i * step]);  // NOLINT(bugprone-signed-char-misuse)
      else
        all &= convert<nearest>(in[i * step], out[i]);
    }
  };
  if (stride == 1)
    each(std::integral_constant<std::int64_t, 1>());  // known to the compiler, which then uses SIMD
  else
    each(stride);
  return all;
}

/// Rows of one tile.
/// \param stride  Of `in`, which is where the tile begins.
template <bool nearest, class From, class To>
std::optional<Misfit> copy_tile(const From* in, const PerAxis<std::int64_t>& stride, const LocalVoxel& begin,
                                const View3<To>& tile) {
  const Extent& extent = tile.extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y) {
      const From* row = in + z * stride.z + y * stride.y;
      if (convert_row<nearest>(row, stride.x, extent.x, tile.row(z, y))) continue;
      To ignored{};
      std::int64_t x = 0;
      while (convert<nearest>(row[x * stride.x], ignored)) ++x;
      return Misfit{begin + Extent{z, y, x}, fmt::format("{}", row[x * stride.x])};
    }
  return std::nullopt;
}

template <bool nearest, class From, class To>
std::optional<Misfit> copy_all(const From* in, const PerAxis<std::int64_t>& stride, const View3<To>& out) {
  const Extent& extent = out.extent();
  // Rows that follow each other in the file need no tiles.
  const Extent tile = stride.x == 1 ? extent : Extent{tile_length, tile_length, tile_length};
  for (std::int64_t z = 0; z < extent.z; z += tile.z)
    for (std::int64_t y = 0; y < extent.y; y += tile.y)
      for (std::int64_t x = 0; x < extent.x; x += tile.x) {
        const LocalVoxel begin{z, y, x};
        const Extent part{std::min(tile.z, extent.z - z), std::min(tile.y, extent.y - y),
                          std::min(tile.x, extent.x - x)};
        const From* const first = in + z * stride.z + y * stride.y + x * stride.x;
        auto misfit = copy_tile<nearest>(first, stride, begin, out.part(begin, part));
        if (misfit) return misfit;
      }
  return std::nullopt;
}

}  // namespace

template <class T>
std::optional<Misfit> copy_elements(const StridedElements& from, Conversion conversion, const View3<T>& out) {
  return visit_type(from.type, [&](auto element) {
    const auto* const data = static_cast<const decltype(element)*>(from.data);
    return conversion == Conversion::nearest ? copy_all<true>(data, from.stride, out)
                                             : copy_all<false>(data, from.stride, out);
  });
}

template std::optional<Misfit> copy_elements(const StridedElements&, Conversion, const View3<std::uint8_t>&);
template std::optional<Misfit> copy_elements(const StridedElements&, Conversion, const View3<std::uint16_t>&);
template std::optional<Misfit> copy_elements(const StridedElements&, Conversion, const View3<std::uint64_t>&);
template std::optional<Misfit> copy_elements(const StridedElements&, Conversion, const View3<std::int64_t>&);
template std::optional<Misfit> copy_elements(const StridedElements&, Conversion, const View3<float>&);

}  // namespace cleft
