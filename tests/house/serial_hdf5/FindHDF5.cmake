# Stands in for CMake's own module on a machine that has only the serial HDF5.
set(HDF5_FOUND TRUE)
set(HDF5_VERSION 1.10.8)
set(HDF5_C_LIBRARIES /usr/lib/libhdf5_serial.so)
set(HDF5_IS_PARALLEL FALSE)
