#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cleft::test {

// TIFF files byte by byte: with fields left out, damaged chains and formats that libtiff does not write.

/// Types of fields.
enum class TiffType : std::uint16_t {
  byte = 1,
  ascii = 2,
  uint16 = 3,
  uint32 = 4,
  rational = 5,
  undefined = 7,
  float64 = 12,
  uint64 = 16
};

/// A field of a page. A rational is two values.
struct TiffField {
  std::uint16_t tag = 0;
  TiffType type = TiffType::uint16;
  std::vector<std::uint64_t> values{};
  std::string bytes{};  ///< of ascii and undefined, instead of values
};

/// A page: its fields, without the place and the length of its pixels, and these as they stand in the file.
struct TiffPageBytes {
  std::vector<TiffField> fields;
  std::vector<std::string> strips;
  bool with_lengths = true;  ///< whether it has StripByteCounts
  std::string behind{};      ///< what follows the pixels
};

struct TiffForm {
  bool big_endian = false;
  bool big = false;  ///< BigTIFF
};

/// A file, and where things are in it.
struct TiffFileBytes {
  std::string bytes;
  std::vector<std::size_t> directories;  ///< where each begins
  std::vector<std::size_t> next_places;  ///< where each has the place of the next
};

namespace detail {

inline std::string number_bytes(std::uint64_t value, std::size_t size, const TiffForm& form) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i)
    bytes += static_cast<char>(value >> 8 * (form.big_endian ? size - 1 - i : i) & 0xFFU);
  return bytes;
}

inline std::size_t type_bytes(TiffType type) {
  switch (type) {
    case TiffType::uint16:
      return 2;
    case TiffType::uint32:
    case TiffType::rational:
      return 4;
    case TiffType::float64:
    case TiffType::uint64:
      return 8;
    default:
      return 1;
  }
}

}  // namespace detail

/// Writes a number over what is at a place of a file.
inline void put_number(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t size,
                       const TiffForm& form = {}) {
  bytes.replace(at, size, detail::number_bytes(value, size, form));
}

/// The file of these pages, one behind the other: directory, values that do not fit into it, pixels.
inline TiffFileBytes tiff_bytes(const std::vector<TiffPageBytes>& pages, const TiffForm& form = {}) {
  const std::size_t place = form.big ? 8 : 4, count_size = form.big ? 8 : 2, entry = 4 + 2 * place;
  TiffFileBytes file;
  std::string& all = file.bytes;
  all = form.big_endian ? "MM" : "II";
  all += detail::number_bytes(form.big ? 43 : 42, 2, form);
  if (form.big) all += detail::number_bytes(8, 2, form) + std::string(2, '\0');
  std::size_t link = all.size();
  all += std::string(place, '\0');
  for (const TiffPageBytes& page : pages) {
    std::vector<TiffField> fields = page.fields;
    const TiffType places_type = form.big ? TiffType::uint64 : TiffType::uint32;
    TiffField places{273, places_type, std::vector<std::uint64_t>(page.strips.size())},
        lengths{279, places_type};
    for (const std::string& strip : page.strips) lengths.values.push_back(strip.size());
    fields.push_back(places);
    if (page.with_lengths) fields.push_back(lengths);
    std::stable_sort(fields.begin(), fields.end(),
                     [](const auto& a, const auto& b) { return a.tag < b.tag; });
    const std::size_t directory = all.size();
    file.directories.push_back(directory);
    put_number(all, link, directory, place, form);
    std::size_t outside = directory + count_size + fields.size() * entry + place;
    std::string head = detail::number_bytes(fields.size(), count_size, form), values;
    std::size_t places_at = 0;
    for (const TiffField& field : fields) {
      std::string content = field.bytes;
      for (const std::uint64_t value : field.values)
        content += detail::number_bytes(value, detail::type_bytes(field.type), form);
      const std::size_t count = !field.bytes.empty()               ? field.bytes.size()
                                : field.type == TiffType::rational ? field.values.size() / 2
                                                                   : field.values.size();
      head += detail::number_bytes(field.tag, 2, form) +
              detail::number_bytes(static_cast<std::uint64_t>(field.type), 2, form) +
              detail::number_bytes(count, place, form);
      if (field.tag == 273)
        places_at = content.size() <= place ? directory + head.size() : outside + values.size();
      if (content.size() <= place) {
        head += content + std::string(place - content.size(), '\0');
      } else {
        head += detail::number_bytes(outside + values.size(), place, form);
        values += content;
      }
    }
    link = directory + head.size();
    file.next_places.push_back(link);
    all += head + std::string(place, '\0') + values;
    for (std::size_t i = 0; i < page.strips.size(); ++i) {
      put_number(all, places_at + i * place, all.size(), place, form);
      all += page.strips[i];
    }
    all += page.behind;
  }
  return file;
}

/// A page of 8 bits in one strip; fields given in `more` replace those of the same tag, fields without values
/// are left out.
inline TiffPageBytes plain_page(int height, int width, const std::string& pixels,
                                const std::vector<TiffField>& more = {}) {
  const auto number = [](int value) { return std::vector<std::uint64_t>{static_cast<std::uint64_t>(value)}; };
  std::vector<TiffField> fields{
      {256, TiffType::uint32, number(width)}, {257, TiffType::uint32, number(height)},
      {258, TiffType::uint16, {8}},           {259, TiffType::uint16, {1}},
      {262, TiffType::uint16, {1}},           {277, TiffType::uint16, {1}},
      {278, TiffType::uint32, number(height)}};
  for (const TiffField& field : more)
    std::erase_if(fields, [&](const TiffField& f) { return f.tag == field.tag; });
  for (const TiffField& field : more)
    if (!field.values.empty() || !field.bytes.empty()) fields.push_back(field);
  return {fields, {pixels}};
}

/// A field of text.
inline TiffField tiff_text(std::uint16_t tag, const std::string& text) {
  return {tag, TiffType::ascii, {}, text + std::string(1, '\0')};
}

}  // namespace cleft::test
