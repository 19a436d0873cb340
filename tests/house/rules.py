"""The folder rules of this repository, as data: change the house here and nowhere else."""

# A folder of src/ includes only itself and folders before it.
FOLDER_ORDER = (
    "base parallel io blocks phantom features forest ilastik probability threshold components objects segmentation "
    "report config pipeline cli"
).split()

# Units that may talk to other ranks, that is, include parallel/: those in a folder `distributed`, these folders and main.cpp.
DISTRIBUTED_FOLDERS = {"parallel", "pipeline", "cli", "main"}

# mpi.h stands in parallel/ and in this one file, which hands a communicator to HDF5.
MPI_FILE_OUTSIDE_PARALLEL = "io/distributed/h5_parallel.cpp"

# Symbols a static library must not ask for. Kernels compute on memory; files know no ranks.
MPI_SYMBOLS = r"MPI_|ompi_"
FILE_SYMBOLS = r"H5[A-Z]|TIFF|png_|fopen|open64|std::basic_[io]?f(ile)?(stream|buf)"
FORBIDDEN_SYMBOLS = {
    "libcleft_kernels.a": rf"^({MPI_SYMBOLS}|{FILE_SYMBOLS})",
    "libcleft_files.a": rf"^({MPI_SYMBOLS})",
}

TOP_LEVEL = set(
    "CMakeLists.txt CMakePresets.json README.md LICENSE .clang-format .clang-tidy .gitignore .git-blame-ignore-revs .ci "
    "src configs slurm tools tests".split()
)
SOURCE_SUFFIXES = {".hpp", ".cpp"}
MAX_LINES = 400
MAX_COMMENT_COLUMNS = 110  # as ColumnLimit in .clang-format, which leaves comments alone
COMMENT_TAGS = r"\\(t?param|returns|throws|pre)\b"

# Words that promise work for later. Each is written so that the pattern does not find itself.
LATER_WORDS = r"\b(TO[D]O|FIX[M]E|X[X]X|HAC[K]|stubbe[d]|not (yet )?implemente[d]|placeholde[r]|for no[w]|dumm[y])\b"
