#!/usr/bin/env python3
"""Checks the rules of the house (src/rooms.cmake and rules.py) on a source tree and, if given, on its built libraries.

usage: check.py ROOT [LIBRARY.a ...]

Prints one line per broken rule, "path:line: what is wrong", and exits 1 if there is any. Needs only Python and nm.
"""
import pathlib
import re
import subprocess
import sys

import cycles
import rooms
import rules
import web

INCLUDE = re.compile(r'^\s*#\s*(?:include|define\s+HWY_TARGET_INCLUDE)\s+([<"])([^>"]+)[>"]')


def lines_of(path):
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def includes_of(path):
    """(line number, whether quoted, what is included) for each include of a file."""
    for number, line in enumerate(lines_of(path), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1] == '"', match[2]


def source_files(src):
    return sorted(p for p in src.rglob("*") if p.suffix in rules.SOURCE_SUFFIXES)


def check_include(src, house, name, quoted, target):
    """What is wrong with one include of src/`name`, or nothing."""
    if target == "mpi.h":
        if not name.startswith("parallel/") and name != rules.MPI_FILE_OUTSIDE_PARALLEL:
            return f"mpi.h is included outside parallel/ and {rules.MPI_FILE_OUTSIDE_PARALLEL}"
        return None
    if not quoted:
        return None
    if not (src / target).is_file():
        return f'"{target}" is no unit of src/ (own units are included as "folder/unit.hpp", others as <header>)'
    unit, other = rooms.unit_of(name), rooms.unit_of(target)
    own, others = rooms.top_of(unit), rooms.top_of(other)
    if not house.in_order(unit, other):
        return f'{own}/ includes "{target}", but {others}/ does not come before it'
    kind, other_kind = house.kind(unit), house.kind(other)
    if rooms.KINDS.index(other_kind) > rooms.KINDS.index(kind):
        return f'includes "{target}", a {other_kind} unit, but is a {kind} unit (rooms.cmake: what a unit may touch)'
    if house.is_hdf5(other):
        return None if house.may_use_hdf5(unit) else f'includes "{target}", but HDF5 is not for it: see rooms.cmake'
    if own != others and not house.is_face(other):
        return f'includes "{target}", which is internal to {others}/: its door is missing from rooms.cmake'
    return None


def check_includes(root):
    src = root / "src"
    house = rooms.Rooms(src)
    for path in source_files(src):
        name = path.relative_to(src).as_posix()
        for number, quoted, target in includes_of(path):
            problem = check_include(src, house, name, quoted, target)
            if problem:
                yield f"src/{name}:{number}: {problem}"


def check_hdf5_names(root):
    """Who may not include HDF5's door may not name what is behind it either, through whatever header it comes."""
    src = root / "src"
    house = rooms.Rooms(src)
    for path in source_files(src):
        name = path.relative_to(src).as_posix()
        if house.may_use_hdf5(rooms.unit_of(name)):
            continue
        for number, line in enumerate(lines_of(path), 1):
            if re.search(r"\bh5::", line.split("//")[0]):
                yield f"src/{name}:{number}: names h5::, but HDF5 is not for it: see rooms.cmake"


def check_web(root):
    yield from web.check(root, rooms.Rooms(root / "src"))


def check_cycles(root):
    """No folder and no unit may include what includes it, directly or not. Each sub-folder is a folder of its own."""
    src = root / "src"
    between_units, between_folders, example = {}, {}, {}
    for path in source_files(src):
        unit = rooms.unit_of(path.relative_to(src).as_posix())
        for number, quoted, target in includes_of(path):
            other = rooms.unit_of(target)
            if not quoted or other == unit:
                continue
            between_units.setdefault(unit, set()).add(other)
            folder, other_folder = rooms.folder_of(unit), rooms.folder_of(other)
            if folder != other_folder:
                between_folders.setdefault(folder, set()).add(other_folder)
            where = f"{path.relative_to(root).as_posix()}:{number}"
            example.setdefault((unit, other), where)
            example.setdefault((folder + "/", other_folder + "/"), where)
    for kind, edges, end in (("units", between_units, ""), ("folders", between_folders, "/")):
        for knot in cycles.knots(edges):
            ways = [(a + end, b + end) for a in knot for b in sorted(edges[a]) if b in knot]
            told = ", ".join(f"{a} -> {b} ({example[a, b]})" for a, b in ways)
            yield f"src: {len(knot)} {kind} include each other: {told}"


def check_folders(root):
    src = root / "src"
    house = rooms.Rooms(src)
    for wrong in house.statements_about_nothing(src):
        yield f"src/rooms.cmake: {wrong}"
    for path in sorted(p for p in src.rglob("*") if p.is_dir()):
        name = path.relative_to(src).as_posix()
        if rooms.top_of(name) == house.web_home:
            continue
        if rooms.top_of(name) == name and name not in house.order:
            yield f"src/{name}: not a folder of the house; its place in the order is missing from rooms.cmake"
        units = {rooms.unit_of(p.name) for p in path.iterdir() if p.suffix in rules.SOURCE_SUFFIXES}
        if len(units) > rules.MAX_UNITS:
            yield f"src/{name}: {len(units)} units, more than {rules.MAX_UNITS}: divide it"


def check_tests_mirror_sources(root):
    tests, tops = root / "tests", rooms.Rooms(root / "src").order
    for path in sorted(p for top in tops for p in [tests / top, *(tests / top).rglob("*")] if p.is_dir()):
        name = path.relative_to(tests).as_posix()
        if path.name != "__pycache__" and not (root / "src" / name).is_dir():
            yield f"tests/{name}: there is no src/{name} whose tests these are"


def tracked_at_top(root):
    """What git tracks at the top level: a person's own files beside it are nobody's business."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files"], capture_output=True, text=True, check=True
    ).stdout
    return {line.split("/")[0] for line in listing.splitlines()}


def check_top_level(root):
    """Only in a git checkout: a released archive has no list of what belongs to it."""
    if not (root / ".git").exists():
        return
    found = tracked_at_top(root)
    for name in sorted(found - rules.TOP_LEVEL):
        yield f"{name}: does not belong at the top level"
    for name in sorted(rules.TOP_LEVEL - found):
        yield f"{name}: missing from the top level"


def check_texts(root):
    """Length of files and words that promise later, in everything a person wrote."""
    later = re.compile(rules.LATER_WORDS, re.IGNORECASE)
    for top in sorted(rules.TOP_LEVEL):
        for path in sorted([root / top, *(root / top).rglob("*")]):
            if not path.is_file() or b"\0" in path.read_bytes()[:4096] or "__pycache__" in path.parts:
                continue
            if path.name in rules.LOCK_FILES:  # a program wrote them
                continue
            name, lines = path.relative_to(root).as_posix(), lines_of(path)
            if len(lines) > rules.MAX_LINES:
                yield f"{name}: {len(lines)} lines, more than {rules.MAX_LINES}"
            for number, line in enumerate(lines, 1):
                match = later.search(line)
                if match:
                    yield f'{name}:{number}: "{match[0]}" promises later; do it or leave it out'


def check_comments(root):
    """Header comments are laid out by hand: a tag begins its line, and no line is too long."""
    torn = re.compile(rf"^\s*///.*\S.*{rules.COMMENT_TAGS}")
    for top in ("src", "tests"):
        for path in source_files(root / top):
            name = path.relative_to(root).as_posix()
            for number, line in enumerate(lines_of(path), 1):
                if torn.match(line):
                    yield f"{name}:{number}: a tag of a header comment begins a line of its own"
                if line.lstrip().startswith("//") and len(line) > rules.MAX_COMMENT_COLUMNS:
                    yield f"{name}:{number}: a comment of more than {rules.MAX_COMMENT_COLUMNS} columns"


def check_library(library):
    """Undefined symbols of a static library against what its kind of unit may use."""
    forbidden = re.compile(rules.FORBIDDEN_SYMBOLS[library.name])
    listing = subprocess.run(
        ["nm", "--demangle", "--undefined-only", str(library)], capture_output=True, text=True, check=True
    ).stdout
    member = ""
    for line in listing.splitlines():
        if line.endswith(".o:"):
            member = line[:-1]
        elif line.strip().startswith("U ") and forbidden.match(line.strip()[2:]):
            yield f"{library.name}: {member} uses {line.strip()[2:]}"


def problems(root, libraries=()):
    of_rooms = (check_folders, check_tests_mirror_sources, check_includes, check_hdf5_names, check_web, check_cycles)
    for check in (check_top_level, *of_rooms, check_texts, check_comments):
        yield from check(root)
    for library in libraries:
        yield from check_library(library)


def main(arguments):
    found = list(problems(pathlib.Path(arguments[0]), [pathlib.Path(a) for a in arguments[1:]]))
    print("\n".join(found) if found else "the rules of the house hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
