// For libFuzzer: a table of text of any bytes is refused or read as labels that there can be, and nothing
// else happens. The input is the table; the first run begins with sound ones (LLVMFuzzerCustomMutator).
//
//   cmake --build build/fuzz --target table_fuzz    # configured as in ilastik_project_fuzz.cpp
//   build/fuzz/tests/table_fuzz

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "io/volume/fuzz_table.hpp"
#include "support/temp_directory.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  static const auto sound = cleft::test::sound_tables();
  const std::string& table = sound[seed / 64 % sound.size()];
  if ((size < 8 || seed % 64 == 0) && table.size() <= max_size) {
    std::memcpy(data, table.data(), table.size());
    size = table.size();
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cleft::test::TempDirectory directory;
  const auto file = directory / "t.csv";
  cleft::test::write_bytes(file, {reinterpret_cast<const char*>(data), size});
  cleft::test::use_table(file);
  return 0;
}
