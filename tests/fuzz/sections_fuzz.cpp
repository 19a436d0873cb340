// For libFuzzer: a TIFF or PNG file of any bytes is refused or read, and nothing else happens. The input is a
// list of changes to one of several sound small files (write_damaged).
//
//   cmake --build build/fuzz --target sections_fuzz    # configured as in ilastik_project_fuzz.cpp
//   build/fuzz/tests/sections_fuzz

#include <cstddef>
#include <cstdint>

#include "io/sections/fuzz_sections.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto sound = cleft::test::sound_section_files();
  static const cleft::test::TempDirectory directory;
  cleft::test::write_damaged(sound, {data, size}, directory / "s.tif");
  cleft::test::use_sections(directory / "s.tif", {.missing = cleft::FillMissing::blank});
  return 0;
}
