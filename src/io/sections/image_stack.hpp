#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>

#include "base/box.hpp"
#include "base/narrow.hpp"
#include "io/sections/section_image.hpp"

namespace cleft {

/// Where each section of a stack is, in the order of z, and what all of them must be like. Found by one rank
/// and sent to the others, so that a folder of many files is searched once.
struct SectionList {
  std::vector<std::string> files;   ///< of each section
  std::vector<std::int64_t> pages;  ///< of each section, in its file
  std::int64_t height = 0, width = 0;
  ElementType type = ElementType::uint8;

  Extent extent() const { return {narrow<std::int64_t>(files.size()), height, width}; }
  SectionShape shape() const { return {height, width, type}; }

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& files& pages& height& width& type;
  }
};

/// Finds the sections that `source` names.
///
/// \param source  A folder (all its TIFF or PNG files), a pattern with * or ? (all files it matches), or one
///                file; several files are taken in natural order (img2 before img10), a TIFF's pages in their
///                own.
/// \returns       The sections; height, width and type are those of the first one. The others are not opened
///                beyond their number of pages: read_section checks each.
/// \throws        InputError when nothing is found, a folder holds TIFF and PNG files, a number is missing in
///                the names or there twice, or the first section cannot be used.
SectionList list_sections(const std::string& source);

/// Reads sections of a list; keeps the last file open, since neighbouring pages are often in one. Not
/// collective.
class SectionReader {
 public:
  /// \pre `list` outlives the reader.
  explicit SectionReader(const SectionList& list) : list_(list) {}

  /// Reads the grey values of section `z`, row by row.
  /// \pre    out.size() == list.shape().bytes()
  /// \throws InputError naming the file when it cannot be read, or has another size or type than the first
  ///         section.
  void read_section(std::int64_t z, std::span<std::byte> out);

 private:
  const SectionList& list_;
  std::string open_file_;
  std::unique_ptr<SectionImage> image_;
};

}  // namespace cleft
