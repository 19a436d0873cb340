// What one core of this machine can do at best: multiply-adds of float, comparisons of 16-bit integers, and
// moving arrays that no cache holds. Compiled for the machine it is built on.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

#if defined(__AVX512F__)
constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX__)
constexpr std::size_t vector_bytes = 32;
#else
constexpr std::size_t vector_bytes = 16;
#endif

using Floats [[gnu::vector_size(vector_bytes)]] = float;
// AVX-512 compares into masks, which vectors of 32 bytes leave out: more of these per cycle.
using Codes[[gnu::vector_size(vector_bytes < 32 ? vector_bytes : 32)]] = std::int16_t;

constexpr int rounds = 4096;
constexpr int chains = 12;  // enough for the latency of a multiply-add times two per cycle

/// Keeps the compiler from knowing a value.
template <class T>
void hide(T& value) {
  asm volatile("" : "+x"(value));
}

void multiply_adds(benchmark::State& state) {
  Floats sums[chains]{}, factor = Floats{} + 0.999F, term = Floats{} + 0.5F;
  hide(factor);
  hide(term);
  for (auto _ : state) {
    for (int r = 0; r < rounds; ++r)
#pragma GCC unroll 12
      for (Floats& sum : sums) sum = sum * factor + term;
    for (Floats& sum : sums) hide(sum);
  }
  const double lanes = sizeof(Floats) / sizeof(float);
  state.counters["GFMA/s"] =
      benchmark::Counter(1e-9 * rounds * chains * lanes, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(multiply_adds);

void comparisons(benchmark::State& state) {
  Codes counts[chains]{}, code{};
  hide(code);
  for (auto _ : state) {
    for (int r = 0; r < rounds; ++r)
#pragma GCC unroll 12
      for (Codes& count : counts) count = count > code;
    for (Codes& count : counts) hide(count);
  }
  const double lanes = sizeof(Codes) / sizeof(std::int16_t);
  state.counters["Gcompare/s"] =
      benchmark::Counter(1e-9 * rounds * chains * lanes, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(comparisons);

/// a = b + s * c, counted as STREAM does: three arrays, without what a store reads first.
void triad(benchmark::State& state) {
  const std::size_t n = std::size_t{1} << 25;
  std::vector<float> a(n), b(n, 1.0F), c(n, 2.0F);
  for (auto _ : state) {
    for (std::size_t i = 0; i < n; ++i) a[i] = b[i] + 3.0F * c[i];
    benchmark::ClobberMemory();
  }
  state.counters["GB/s"] = benchmark::Counter(1e-9 * 3 * sizeof(float) * static_cast<double>(n),
                                              benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(triad)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
