# The rooms of src/, stated once: src/CMakeLists.txt builds by it, tests/house checks it, ARCHITECTURE.md explains it.
# Each statement is set(NAME words...), so that both can read it.

# A folder includes only itself and folders before it.
set(CLEFT_FOLDERS
    base parallel io blocks phantom features forest ilastik probability threshold components objects segmentation report
    review config pipeline cli)

# What a unit may touch is read off its path. Units in a folder `distributed`, at any depth, and in these folders talk to other
# ranks:
set(CLEFT_RANK_FOLDERS parallel pipeline cli)
# Units in a folder `files`, at any depth, and in these folders read and write files:
set(CLEFT_FILE_FOLDERS io config ilastik)
# Everything else computes on memory. main.cpp, in no folder, puts the program together: it may touch everything.

# Others may include the units directly in a folder, those in its `distributed` and `files`, and these doors: sub-folders, or
# single units of one. The rest of a folder is its own business. Sub-folders build on the units directly in their folder: no
# folder, and no unit, includes what includes it.
set(CLEFT_DOORS
    base/text
    io/volume io/sections
    features/set/compute features/set/feature_options features/set/feature_set
    forest/predict/forest_voter forest/train/train
    objects/judge
    report/figure
    pipeline/run pipeline/train pipeline/detect pipeline/evaluate pipeline/describe pipeline/convert pipeline/tune
    pipeline/report pipeline/review)

# A door for some: HDF5 itself is for what writes and reads cleft's own files (in `files` and `distributed`) and for ilastik's
# projects, which are HDF5 files. Everyone else sees volumes (io/volume).
set(CLEFT_HDF5_DOOR io/h5)
set(CLEFT_HDF5_FOLDERS io ilastik)

# The front end, in TypeScript, is no folder of units but a program of its own, which the C++ program carries as bytes. Its folders
# are in order as well: each imports only itself and those before it; files directly in web/ may import all.
set(CLEFT_WEB_HOME web)
set(CLEFT_WEB_FOLDERS source review view)
# A package is imported by one file only.
set(CLEFT_WEB_PACKAGES three=view/scene)
