# Writes OUTPUT, the C++ file that holds the bytes of FILES (a list of paths, "|" between them), for
# src/report/page_assets.hpp. Run as a script: cmake -DOUTPUT=... -DFILES=... -P embed.cmake
#
# Each file stands in one raw string literal, as it is: they are texts without NUL, and none holds the literal's
# closing mark.
set(entries "")
set(text "// Made by src/web/embed.cmake.\n#include \"report/page_assets.hpp\"\n\n#include <array>\n\n"
    "namespace cleft {\n"
    "using namespace std::string_view_literals;\n")
string(REPLACE "|" ";" files "${FILES}")
list(LENGTH files count)
foreach(file IN LISTS files)
  file(READ "${file}" bytes)
  string(FIND "${bytes}" ")~cleft~\"" closing)
  if(NOT closing EQUAL -1)
    message(FATAL_ERROR "${file} holds the mark )~cleft~\" with which its literal would end")
  endif()
  get_filename_component(name "${file}" NAME)
  string(APPEND entries "    PageAsset{\"${name}\", R\"~cleft~(${bytes})~cleft~\"sv},\n")
endforeach()
string(APPEND text "namespace {\nconstexpr std::array<PageAsset, ${count}> assets{{\n${entries}}};\n}  // namespace\n\n"
       "std::span<const PageAsset> page_assets() { return assets; }\n\n}  // namespace cleft\n")
file(WRITE "${OUTPUT}" "${text}")
