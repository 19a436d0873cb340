"""The rules of the front end in src/web, as src/rooms.cmake states them: who imports whom, and who may import a package."""
import posixpath
import re

IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""")


def imports_of(text):
    """(line number, what is imported) for each import of a file; an import may stand on several lines."""
    for match in IMPORT.finditer(text):
        yield text.count("\n", 0, match.end()) + 1, match[1]


def check_import(house, name, target):
    """What is wrong with one import of `name` (a path below src/web), or nothing."""
    if not target.startswith("."):
        package = target.split("/")[0]
        home = house.web_packages.get(package)
        if home is None:
            return f'imports "{target}", but {package} is none of the packages that rooms.cmake names'
        return None if posixpath.splitext(name)[0] == home else f'imports "{target}", but only {home}.ts may'
    other = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
    own, others = (path.split("/")[0] if "/" in path else "" for path in (name, other))
    if other.startswith("..") or (others and others not in house.web_folders):
        return f'imports "{target}", which is in none of the folders that rooms.cmake names'
    if own and (not others or house.web_folders.index(others) > house.web_folders.index(own)):
        return f'{own}/ imports "{target}", but {others or "web"}/ does not come before it'
    return None


def check(root, house):
    home = root / "src" / house.web_home
    for path in sorted(p for p in home.rglob("*") if p.suffix == ".ts"):
        name = path.relative_to(home).as_posix()
        folder = name.split("/")[0] if "/" in name else ""
        if folder and folder not in house.web_folders:
            yield f"src/{house.web_home}/{folder}: not a folder of the front end; its place is missing from rooms.cmake"
            continue
        for number, target in imports_of(path.read_text(encoding="utf-8")):
            problem = check_import(house, name, target)
            if problem:
                yield f"src/{house.web_home}/{name}:{number}: {problem}"
