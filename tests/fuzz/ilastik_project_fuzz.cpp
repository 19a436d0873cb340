// For libFuzzer: a project with any numbers and texts is refused or becomes a model that can be walked, and
// nothing else happens. The input is a list of changes to a sound small project: three bytes choose a byte of
// its content, the fourth is what it becomes.
//
//   tools/setup fuzz
//   cmake --preset dev -B build/fuzz -DCLEFT_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++
//   cmake --build build/fuzz --target ilastik_project_fuzz
//   build/fuzz/tests/ilastik_project_fuzz

#include <cstddef>
#include <cstdint>

#include "ilastik/fuzz_project.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cleft::test::ProjectBytes project = cleft::test::small_project_bytes();
  std::vector<char> bytes = project.sound;
  for (std::size_t i = 0; i + 4 <= size; i += 4) {
    const std::size_t chosen = data[i] + 256U * data[i + 1] + 65536U * data[i + 2];
    bytes[project.content[chosen % project.content.size()]] = static_cast<char>(data[i + 3]);
  }
  cleft::test::use_project_of_bytes(bytes);
  return 0;
}
