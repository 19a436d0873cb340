#pragma once

#include <stdexcept>
#include <string>
#include <thread>

#include <pty.h>
#include <unistd.h>

namespace cleft::test {

/// A terminal for a program to write on; keeps all that is written.
class Terminal {
 public:
  Terminal() {
    if (::openpty(&ours_, &theirs_, nullptr, nullptr, nullptr) != 0)
      throw std::runtime_error("no terminal to be had");
    reader_ = std::thread([this] {
      char bytes[1024];
      for (ssize_t n = 0; (n = ::read(ours_, bytes, sizeof bytes)) > 0;)
        text_.append(bytes, static_cast<std::size_t>(n));
    });
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() { finish(); }

  /// The end to write to, for this process; other processes open it by its name.
  int descriptor() const { return theirs_; }
  std::string name() const { return ::ttyname(theirs_); }

  /// Waits until every writer has closed the terminal, and returns all that was written.
  const std::string& text() {
    finish();
    return text_;
  }

 private:
  /// Reading ends when the last writer has gone.
  void finish() {
    if (theirs_ < 0) return;
    ::close(theirs_);
    theirs_ = -1;
    reader_.join();
    ::close(ours_);
  }

  int ours_ = -1, theirs_ = -1;
  std::string text_;
  std::thread reader_;
};

}  // namespace cleft::test
