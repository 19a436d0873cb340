#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace cleft {

// What already stands under an output's name is looked at before the work that leads to the output. Neither
// function says anything when nothing is there. A folder, a pipe or a device is never replaced, whatever the
// user allows: nothing that cleft writes is one.

/// Refuses to replace what is there, unless the user allows it.
/// \param force  Whether the flag --force was given.
/// \param with   What is in the file, for the message: "with /labels and /raw in it".
/// \throws InputError naming the output.
void check_may_replace(const std::filesystem::path& output, bool force, std::string_view with = "");

/// Refuses to replace anything but an earlier output of the same kind: everything else is somebody's data.
/// \param kind     "model", "report of cleft evaluate": what the output is, without an article.
/// \param is_one   Whether the file that is there is of that kind.
/// \param instead  What the user may choose otherwise.
/// \throws InputError naming the output; what `is_one` throws.
void check_replaces_only(const std::filesystem::path& output, std::string_view kind,
                         const std::function<bool(const std::filesystem::path&)>& is_one,
                         std::string_view instead = "a new name");

}  // namespace cleft
