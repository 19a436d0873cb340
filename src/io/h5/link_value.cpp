#include "io/h5/link_value.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "io/h5/handle.hpp"
#include "io/h5/shield.hpp"

namespace cleft::h5 {

std::string to_string(const LinkTarget& target) {
  return target.file ? *target.file + ":" + target.path : target.path;
}

LinkValue link_value(hid_t group, const std::string& name, const std::string& subject) {
  H5L_info_t info{};
  const auto status = shielded(subject, [&] {
    const htri_t there = H5Lexists(group, name.c_str(), H5P_DEFAULT);
    return there > 0 ? H5Lget_info(group, name.c_str(), &info, H5P_DEFAULT) : -1;
  });
  if (status < 0) return {};
  if (info.type == H5L_TYPE_HARD) return {true, std::nullopt};
  std::string value(info.u.val_size, '\0');
  check(shielded(subject,
                 [&] { return H5Lget_val(group, name.c_str(), value.data(), value.size(), H5P_DEFAULT); }),
        subject, "read the link " + name);
  if (info.type == H5L_TYPE_SOFT) {
    value.resize(std::min(value.find('\0'), value.size()));  // HDF5 counts the NUL at its end
    return {true, LinkTarget{std::nullopt, value}};
  }
  const char *file = nullptr, *path = nullptr;
  unsigned flags = 0;
  if (info.type != H5L_TYPE_EXTERNAL ||
      H5Lunpack_elink_val(value.data(), value.size(), &flags, &file, &path) < 0)
    throw InputError({subject, "has a link " + name + " of an unknown kind", "a soft or an external link"});
  return {true, LinkTarget{file, path}};
}

}  // namespace cleft::h5
