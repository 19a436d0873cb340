// For libFuzzer: an HDF5 volume of any make, with chunks and attributes of any content, is refused or read as
// HDF5 reads it, and nothing else happens. The input is what the file is made by (use_volume). HDF5's own
// bookkeeping stays sound: its damage is for the HDF5 library to notice (1.10 crashes on some of it).
//
//   cmake --build build/fuzz --target volume_fuzz    # configured as in ilastik_project_fuzz.cpp
//   build/fuzz/tests/volume_fuzz

#include <cstddef>
#include <cstdint>

#include "io/volume/fuzz_volume.hpp"
#include "support/temp_directory.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cleft::test::TempDirectory directory;
  cleft::h5::start_library();
  cleft::test::use_volume({data, size}, directory / "v.h5");
  return 0;
}
