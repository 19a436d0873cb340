#include "io/h5/chunk_sizes.hpp"

#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/shield.hpp"

namespace cleft::h5 {
namespace {

using Sizes = std::map<Shape, std::uint64_t>;

constexpr std::uint64_t layout_message = 0x08, continuation_message = 0x10;
constexpr std::uint64_t layout_chunked = 2;

/// Bytes of the file, and where in them the next number is. Numbers have their lowest byte first.
class Block {
 public:
  Block(std::vector<char> bytes, std::string name) : bytes_(std::move(bytes)), name_(std::move(name)) {}
  std::size_t left() const { return bytes_.size() - at_; }
  std::uint64_t number(std::size_t bytes) {
    need(bytes);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      value |= std::uint64_t{static_cast<unsigned char>(bytes_[at_ + i])} << 8U * i;
    at_ += bytes;
    return value;
  }
  void skip(std::size_t bytes) {
    need(bytes);
    at_ += bytes;
  }
  bool starts_with(std::string_view signature) const {
    return std::string_view(bytes_.data() + at_, left()).starts_with(signature);
  }

 private:
  void need(std::size_t bytes) const {
    if (bytes > left()) throw IoError({name_, "is damaged: what describes its chunks is cut short", ""});
  }
  std::vector<char> bytes_;
  std::size_t at_ = 0;
  std::string name_;
};

/// Where a dataset's chunks are listed.
struct Tree {
  std::uint64_t address = 0;
  std::size_t axes = 0;  // in its keys: the dataset's, and one for the bytes of an element
};

/// The file below an open dataset.
class FileBytes {
 public:
  FileBytes(hid_t dataset, std::string name) : name_(std::move(name)) {
    const Handle file(H5Iget_file_id(dataset), name_, "find its file");
    const Handle access(H5Fget_access_plist(file.get()), name_, "look at its file");
    is_plain_ = H5Pget_driver(access.get()) == H5FD_SEC2;
    if (!is_plain_) return;
    void* handle = nullptr;
    check(H5Fget_vfd_handle(file.get(), H5P_DEFAULT, &handle), name_, "look at its file");
    descriptor_ = *static_cast<const int*>(handle);
    const Handle creation(H5Fget_create_plist(file.get()), name_, "look at its file");
    hsize_t user_block = 0;
    check(H5Pget_userblock(creation.get(), &user_block), name_, "look at its file");
    base_ = user_block;
    struct stat status {};
    if (::fstat(descriptor_, &status) == 0) bytes_ = narrow<std::uint64_t>(status.st_size);
    check(H5Pget_sizes(creation.get(), &address_bytes_, &length_bytes_), name_, "look at its file");
    constexpr std::size_t most = sizeof(std::uint64_t);
    if (address_bytes_ > most || length_bytes_ > most)
      throw IoError({name_,
                     fmt::format("is in a file whose addresses and lengths have {} and {} bytes",
                                 address_bytes_, length_bytes_),
                     "at most 8"});
  }
  /// Whether it is a file on disk, which alone can be read here.
  bool is_plain() const { return is_plain_; }
  const std::string& name() const { return name_; }
  std::size_t address_bytes() const { return address_bytes_; }
  std::size_t length_bytes() const { return length_bytes_; }
  /// Of the whole file.
  std::uint64_t bytes() const { return bytes_; }

  /// Bytes from an address on; fewer where the file ends.
  Block read(std::uint64_t address, std::size_t bytes) const {
    constexpr std::size_t most = std::size_t{64} << 20U;
    constexpr std::uint64_t last = std::uint64_t{1} << 62U;
    if (bytes > most || address > last || base_ > last)
      throw IoError({name_, "is damaged: what describes its chunks is nowhere in the file", ""});
    std::vector<char> all(bytes);
    std::size_t got = 0;
    while (got < bytes) {
      const ssize_t now =
          ::pread(descriptor_, all.data() + got, bytes - got, narrow<off_t>(base_ + address + got));
      if (now < 0 && errno == EINTR) continue;
      if (now < 0) throw IoError({name_, "cannot be read: " + std::generic_category().message(errno), ""});
      if (now == 0) break;
      got += to_size(now);
    }
    all.resize(got);
    return {std::move(all), name_};
  }

 private:
  std::string name_;
  bool is_plain_ = false;
  int descriptor_ = -1;
  std::uint64_t base_ = 0, bytes_ = 0;
  std::size_t address_bytes_ = 8, length_bytes_ = 8;
};

/// Reads an object's header as far as the message that says how its elements are laid out.
class Header {
 public:
  explicit Header(const FileBytes& file) : file_(file) {}

  /// \returns Nothing where there is no B-tree of version 1, or nothing was ever written.
  std::optional<Tree> tree_from(std::uint64_t address) {
    constexpr std::size_t longest_prefix = 64, message_prefix_of_1 = 16;
    Block prefix = file_.read(address, longest_prefix);
    std::size_t begin = message_prefix_of_1, bytes = 0;
    if (prefix.starts_with("OHDR")) {
      const std::size_t before = prefix.left();
      prefix.skip(5);
      flags_ = prefix.number(1);
      prefix.skip(((flags_ & 0x20U) != 0 ? 16 : 0) + ((flags_ & 0x10U) != 0 ? 4 : 0));
      bytes = prefix.number(std::size_t{1} << (flags_ & 3U));
      begin = before - prefix.left();
      is_new_ = true;
    } else {
      prefix.skip(8);
      bytes = prefix.number(4);
    }
    pieces_.push_back({address + begin, bytes});
    for (std::size_t i = 0; i < pieces_.size() && !done_; ++i)
      look_at(file_.read(pieces_[i].address, pieces_[i].bytes));
    if (!done_)
      throw IoError({file_.name(), "is damaged: it does not say how its elements are laid out", ""});
    return tree_;
  }

 private:
  struct Piece {
    std::uint64_t address;
    std::size_t bytes;
  };
  void go_on_at(Piece piece) {
    constexpr std::size_t most_pieces = 4096;  // they may lead in a circle
    if (pieces_.size() == most_pieces) throw IoError({file_.name(), "is damaged: its header has no end", ""});
    pieces_.push_back(piece);
  }
  void look_at(Block block) {
    const std::size_t prefix = is_new_ ? 4 + ((flags_ & 0x04U) != 0 ? 2 : 0) : 8;
    while (block.left() >= prefix && !done_) {
      const std::uint64_t type = block.number(is_new_ ? 1 : 2);
      const std::size_t bytes = block.number(2);
      block.skip(prefix - (is_new_ ? 3 : 4));
      std::size_t before = block.left();
      if (bytes > before) return;  // the gap at the end of a piece
      if (type == layout_message) look_at_layout(block);
      if (type == continuation_message) {
        const std::uint64_t address = block.number(file_.address_bytes());
        const std::size_t length = block.number(file_.length_bytes());
        // Of the newer kind, a signature and a checksum stand around the messages.
        const std::size_t around = is_new_ ? 4 : 0;
        if (length > 2 * around) go_on_at({address + around, length - 2 * around});
      }
      before -= block.left();
      if (before < bytes) block.skip(bytes - before);
    }
  }
  void look_at_layout(Block& block) {
    done_ = true;
    const std::uint64_t version = block.number(1);
    std::uint64_t axes = 0, kind = 0;
    if (version == 1 || version == 2) {
      axes = block.number(1);
      kind = block.number(1);
      block.skip(5);
    } else if (version == 3) {
      kind = block.number(1);
      axes = kind == layout_chunked ? block.number(1) : 0;
    }
    if (kind != layout_chunked) return;  // from version 4 on there are other kinds of index
    const std::uint64_t address = block.number(file_.address_bytes());
    const std::uint64_t undefined = ~std::uint64_t{0} >> (64 - 8 * file_.address_bytes());
    if (address != undefined) tree_ = Tree{address, axes};
  }

  const FileBytes& file_;
  std::vector<Piece> pieces_;
  std::uint64_t flags_ = 0;
  bool is_new_ = false, done_ = false;
  std::optional<Tree> tree_;
};

/// Goes through the tree from left to right.
class TreeWalk {
 public:
  /// \param chunk        Its lengths.
  /// \param chunk_bytes  That it should take.
  TreeWalk(const FileBytes& file, const Tree& tree, const Shape& chunk, std::size_t chunk_bytes)
      : file_(file), axes_(tree.axes), chunk_(chunk), chunk_bytes_(chunk_bytes) {
    if (axes_ != chunk_.size() + 1) refuse();
  }
  /// \param level     That the node must have; nothing for the root.
  void node(std::uint64_t address, std::optional<std::uint64_t> level, Sizes& found) {
    constexpr std::uint64_t deepest = 32;
    const std::size_t addresses = 2 * file_.address_bytes(), entry = 8 + 8 * axes_ + file_.address_bytes();
    constexpr std::size_t prefix = 8, usual_entries = 64;
    Block block = file_.read(address, prefix + addresses + usual_entries * entry);
    // Of nodes that are met again and again there are more than the file has room for.
    if (!block.starts_with("TREE") || ++nodes_ > file_.bytes() / prefix) refuse();
    block.skip(4);
    if (block.number(1) != 1) refuse();
    const std::uint64_t own_level = block.number(1);
    if (own_level > deepest || (level && *level != own_level)) refuse();
    const std::size_t entries = block.number(2);
    block.skip(addresses);
    if (entries > usual_entries) block = file_.read(address + prefix + addresses, entries * entry);
    for (std::size_t i = 0; i < entries; ++i) {
      if (own_level > 0) {
        block.skip(8 + 8 * axes_);
        node(block.number(file_.address_bytes()), own_level - 1, found);
      } else {
        chunk(block, found);
      }
    }
  }

 private:
  /// A chunk's entry. HDF5 rounds a key between two chunks down, and copies from the chunk beyond its end.
  void chunk(Block& block, Sizes& found) const {
    const std::uint64_t bytes = block.number(4);
    block.skip(4);
    Shape begin(chunk_.size());
    for (std::size_t axis = 0; axis < begin.size(); ++axis) {
      begin[axis] = block.number(8);
      if (begin[axis] % chunk_[axis] != 0) refuse();
    }
    if (block.number(8) != 0) refuse();  // the byte of an element
    block.skip(file_.address_bytes());
    if (bytes != chunk_bytes_) found.emplace(std::move(begin), bytes);
  }
  [[noreturn]] void refuse() const {
    throw IoError({file_.name(), "is damaged: its list of chunks is none", ""});
  }
  const FileBytes& file_;
  std::size_t axes_;
  const Shape& chunk_;
  std::size_t chunk_bytes_;
  std::uint64_t nodes_ = 0;
};

/// The lengths of a dataset's chunks.
Shape chunk_of(hid_t dataset, const std::string& name) {
  const Handle space(H5Dget_space(dataset), name, "read its shape");
  const int rank = H5Sget_simple_extent_ndims(space.get());
  check(rank, name, "read its shape");
  const Handle creation(H5Dget_create_plist(dataset), name, "read its layout");
  Shape chunk(to_size(rank));
  check(H5Pget_chunk(creation.get(), rank, chunk.data()), name, "read its chunks' shape");
  return chunk;
}

/// Asks HDF5 for each chunk: for files in memory, which are small.
Sizes ask_for_each(hid_t dataset, const std::string& name, std::size_t rank, std::size_t chunk_bytes) {
  const Handle space(H5Dget_space(dataset), name, "read its shape");
  hsize_t count = 0;
  check(shielded(name, [&] { return H5Dget_num_chunks(dataset, space.get(), &count); }), name,
        "count its chunks");
  Sizes found;
  for (hsize_t i = 0; i < count; ++i) {
    Shape begin(rank);
    unsigned skipped = 0;
    haddr_t address = 0;
    hsize_t bytes = 0;
    check(shielded(name,
                   [&] {
                     return H5Dget_chunk_info(dataset, space.get(), i, begin.data(), &skipped, &address,
                                              &bytes);
                   }),
          name, "find its chunks");
    if (bytes != chunk_bytes) found.emplace(std::move(begin), bytes);
  }
  return found;
}

}  // namespace

Sizes chunks_of_other_size(hid_t dataset, const std::string& name, std::size_t chunk_bytes) {
  const Shape chunk = chunk_of(dataset, name);
  const FileBytes file(dataset, name);
  if (!file.is_plain()) return ask_for_each(dataset, name, chunk.size(), chunk_bytes);
  H5O_info_t info{};
  check(shielded(name, [&] { return H5Oget_info2(dataset, &info, H5O_INFO_BASIC); }), name, "look at it");
  Sizes found;
  if (const auto tree = Header(file).tree_from(info.addr))
    TreeWalk(file, *tree, chunk, chunk_bytes).node(tree->address, std::nullopt, found);
  return found;
}

}  // namespace cleft::h5
