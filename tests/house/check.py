#!/usr/bin/env python3
"""Checks the folder rules (rules.py) on a source tree and, when they are given, on its built libraries.

usage: check.py ROOT [LIBRARY.a ...]

Prints one line per broken rule, "path:line: what is wrong", and exits 1 if there is any. Needs only Python and nm.
"""
import pathlib
import re
import subprocess
import sys

import rules

INCLUDE = re.compile(r'^\s*#\s*(?:include|define\s+HWY_TARGET_INCLUDE)\s+([<"])([^>"]+)[>"]')


def lines_of(path):
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def includes_of(path):
    """(line number, whether quoted, what is included) for each include of a file."""
    for number, line in enumerate(lines_of(path), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1] == '"', match[2]


def may_talk_to_ranks(unit):
    return unit.split("/")[0] in rules.DISTRIBUTED_FOLDERS or "/distributed/" in unit


def source_files(src):
    return sorted(p for p in src.rglob("*") if p.suffix in rules.SOURCE_SUFFIXES)


def check_include(src, name, quoted, target):
    """What is wrong with one include of src/`name`, or nothing."""
    if target == "mpi.h":
        if not name.startswith("parallel/") and name != rules.MPI_FILE_OUTSIDE_PARALLEL:
            return f"mpi.h is included outside parallel/ and {rules.MPI_FILE_OUTSIDE_PARALLEL}"
        return None
    if not quoted:
        return None
    if not (src / target).is_file():
        return f'"{target}" is no unit of src/ (own units are included as "folder/unit.hpp", others as <header>)'
    if name == "main.cpp":
        return None
    own, other = name.split("/")[0], target.split("/")[0]
    order = rules.FOLDER_ORDER
    if own in order and (other not in order or order.index(other) > order.index(own)):
        return f'{own}/ includes "{target}", but {other}/ does not come before it'
    if other == "parallel" and not may_talk_to_ranks(str(pathlib.PurePosixPath(name).with_suffix(""))):
        return f'includes "{target}", but is not one of the units that may talk to other ranks'
    return None


def check_includes(root):
    src = root / "src"
    for path in source_files(src):
        name = path.relative_to(src).as_posix()
        for number, quoted, target in includes_of(path):
            problem = check_include(src, name, quoted, target)
            if problem:
                yield f"src/{name}:{number}: {problem}"


def check_folders(root):
    for path in sorted((root / "src").iterdir()):
        if path.is_dir() and path.name not in rules.FOLDER_ORDER:
            yield f"src/{path.name}: not a folder of the house; its place in the order is missing from rules.py"


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
    for check in (check_top_level, check_folders, check_includes, check_texts, check_comments):
        yield from check(root)
    for library in libraries:
        yield from check_library(library)


def main(arguments):
    found = list(problems(pathlib.Path(arguments[0]), [pathlib.Path(a) for a in arguments[1:]]))
    print("\n".join(found) if found else "the folder rules hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
