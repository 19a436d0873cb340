#include "ilastik/stored_text.hpp"

#include <fmt/format.h>
#include <utf8.h>

#include "base/error.hpp"

namespace cleft {

std::vector<std::string> stored_texts(const h5::Group& group, const std::string& path) {
  auto texts = group.dataset(path).read<std::string>();
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (!utf8::is_valid(texts[i]))
      throw InputError({group.name() + "/" + path,
                        fmt::format("holds bytes that are no text (entry {})", i + 1), "text in UTF-8"});
  return texts;
}

std::string stored_text(const h5::Group& group, const std::string& path) {
  const auto all = stored_texts(group, path);
  if (all.size() != 1)
    throw InputError({group.name() + "/" + path, fmt::format("holds {} texts", all.size()), "one"});
  return all.front();
}

std::string stored_text_or_empty(const h5::Group& group, const std::string& path) {
  return group.has_dataset(path) ? stored_text(group, path) : "";
}

}  // namespace cleft
