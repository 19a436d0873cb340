#include "base/wait_until_read.hpp"

#include <thread>

#include <sys/ioctl.h>
#include <sys/stat.h>

namespace cleft {

bool wait_until_read(int descriptor, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause(2);
  struct stat what {};
  if (::fstat(descriptor, &what) != 0 || !S_ISFIFO(what.st_mode)) return true;
  const auto end = std::chrono::steady_clock::now() + patience;
  for (int unread = 0; ::ioctl(descriptor, FIONREAD, &unread) == 0 && unread > 0;) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(pause);
  }
  return true;
}

}  // namespace cleft
