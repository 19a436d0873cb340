"""The rules of this repository that src/rooms.cmake does not state, as data: the house is changed there and here only."""

# mpi.h stands in parallel/ and in this one file, which hands a communicator to HDF5.
MPI_FILE_OUTSIDE_PARALLEL = "io/distributed/h5_parallel.cpp"

# Symbols a static library must not ask for. Kernels compute on memory; files know no ranks.
MPI_SYMBOLS = r"MPI_|ompi_"
FILE_SYMBOLS = r"H5[A-Z]|TIFF|png_|fopen|jpeg_stdio|open64|std::basic_[io]?f(ile)?(stream|buf)"
FORBIDDEN_SYMBOLS = {
    "libcleft_kernels.a": rf"^({MPI_SYMBOLS}|{FILE_SYMBOLS})",
    "libcleft_files.a": rf"^({MPI_SYMBOLS})",
}

TOP_LEVEL = set(
    "README.md ARCHITECTURE.md CONTRIBUTING.md CHANGELOG.md CITATION.cff LICENSE CMakeLists.txt CMakePresets.json "
    ".clang-format .clang-tidy .gitignore .git-blame-ignore-revs .ci src configs docs slurm tools tests".split()
)
SOURCE_SUFFIXES = {".hpp", ".cpp"}
MAX_UNITS = 20  # directly in one folder of src/
MAX_LINES = 400
LOCK_FILES = {"package-lock.json"}  # written by programs: neither their length nor their words are checked
MAX_COMMENT_COLUMNS = 110  # as ColumnLimit in .clang-format, which leaves comments alone
COMMENT_TAGS = r"\\(t?param|returns|throws|pre)\b"

# Words that promise work for later. Each is written so that the pattern does not find itself. One of them is also an
# attribute of HTML, which is followed by "=".
LATER_WORDS = (
    r"\b(TO[D]O|FIX[M]E|X[X]X|HAC[K]|stubbe[d]|not (yet )?implemente[d]|placeholde[r](?!\s*=)|for no[w]|dumm[y])\b"
)
