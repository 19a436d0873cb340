"""The rooms of src/ as src/rooms.cmake states them: what a unit may touch, and whom it may include.

A unit is what belongs together under one name: X.hpp, X.cpp, X-inl.hpp, X_impl.hpp, X_reference.cpp are the unit X. It
is written as its path below src/ without suffix: "features/set/compute".
"""
import pathlib
import re

STATEMENT = re.compile(r"\bset\s*\(\s*(\w+)([^)]*)\)")
PARTS_OF_A_UNIT = re.compile(r"(-inl|_impl|_reference)$")
KINDS = ("kernel", "file", "distributed")  # each may include its own kind and those before it


def unit_of(name):
    """The unit that a file belongs to."""
    return PARTS_OF_A_UNIT.sub("", str(pathlib.PurePosixPath(name).with_suffix("")))


def top_of(unit):
    return unit.split("/")[0]


def folder_of(unit):
    return str(pathlib.PurePosixPath(unit).parent)


def folder_names(unit):
    return unit.split("/")[:-1]


class Rooms:
    """\\throws KeyError if rooms.cmake leaves one of the statements out."""

    def __init__(self, src):
        text = re.sub(r"#.*", "", (src / "rooms.cmake").read_text(encoding="utf-8"))
        stated = {name: words.split() for name, words in STATEMENT.findall(text)}
        self.order = stated["CLEFT_FOLDERS"]
        self.rank_folders = stated["CLEFT_RANK_FOLDERS"]
        self.file_folders = stated["CLEFT_FILE_FOLDERS"]
        self.doors = stated["CLEFT_DOORS"]
        (self.hdf5_door,) = stated["CLEFT_HDF5_DOOR"]
        self.hdf5_folders = stated["CLEFT_HDF5_FOLDERS"]
        (self.web_home,) = stated["CLEFT_WEB_HOME"]
        self.web_folders = stated["CLEFT_WEB_FOLDERS"]
        self.web_packages = dict(word.split("=") for word in stated["CLEFT_WEB_PACKAGES"])

    def kind(self, unit):
        """Which library the unit is in, as src/CMakeLists.txt sorts them. main.cpp puts the program together."""
        if unit == "main" or "distributed" in folder_names(unit) or top_of(unit) in self.rank_folders:
            return "distributed"
        if "files" in folder_names(unit) or top_of(unit) in self.file_folders:
            return "file"
        return "kernel"

    def in_order(self, unit, other):
        """Whether the top folder of `other` is that of `unit`, or comes before it."""
        own, others = top_of(unit), top_of(other)
        if unit == "main" or own not in self.order:
            return True  # a folder without a place is told of by itself
        return others in self.order and self.order.index(others) <= self.order.index(own)

    def is_face(self, other):
        """Whether units of other top folders may include `other`."""
        folder = folder_of(other)
        shown = {"distributed", "files"} & set(folder_names(other))
        return folder == top_of(other) or bool(shown) or folder in self.doors or other in self.doors

    def is_hdf5(self, unit):
        return folder_of(unit) == self.hdf5_door

    def may_use_hdf5(self, unit):
        shown = {"distributed", "files"} & set(folder_names(unit))
        return unit == "main" or bool(shown) or top_of(unit) in self.hdf5_folders

    def statements_about_nothing(self, src):
        """What rooms.cmake says of folders and units that are not there; a place in the order may wait for its folder."""
        for name in [*self.rank_folders, *self.file_folders, *self.hdf5_folders]:
            if name not in self.order:
                yield f"{name} is not one of CLEFT_FOLDERS"
        for name in [*self.doors, self.hdf5_door]:
            if not (src / name).is_dir() and not (src / f"{name}.hpp").is_file():
                yield f"the door {name} is neither a folder nor a unit"
