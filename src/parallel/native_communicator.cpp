#include "parallel/native_communicator.hpp"

#include <array>
#include <string>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {

void check_mpi(int code, std::string_view call) {
  if (code == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> words{};
  int length = 0;
  MPI_Error_string(code, words.data(), &length);
  throw InternalError(std::string(call) + " failed: " + std::string(words.data(), to_size(length)));
}

}  // namespace cleft
