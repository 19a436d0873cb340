#pragma once

#include <type_traits>

#include <hdf5.h>

namespace cleft::h5 {

/// HDF5's type of one element in memory. T: bool (as one byte, 0 or 1), an integer of 8 to 64 bits, float or
/// double.
template <class T>
hid_t memory_type() {
  static_assert(std::is_arithmetic_v<T>);
  if constexpr (std::is_same_v<T, bool>) return H5T_NATIVE_UINT8;
  if constexpr (std::is_same_v<T, float>) return H5T_NATIVE_FLOAT;
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_integral_v<T> && std::is_signed_v<T>)
    return sizeof(T) == 1   ? H5T_NATIVE_INT8
           : sizeof(T) == 2 ? H5T_NATIVE_INT16
           : sizeof(T) == 4 ? H5T_NATIVE_INT32
                            : H5T_NATIVE_INT64;
  return sizeof(T) == 1   ? H5T_NATIVE_UINT8
         : sizeof(T) == 2 ? H5T_NATIVE_UINT16
         : sizeof(T) == 4 ? H5T_NATIVE_UINT32
                          : H5T_NATIVE_UINT64;
}

}  // namespace cleft::h5
