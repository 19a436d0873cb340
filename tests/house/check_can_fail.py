#!/usr/bin/env python3
"""Breaks each folder rule once, in a small tree of its own, and expects check.py to say so."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import check
import rules


class BrokenTrees(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="cleft_house_"))
        self.addCleanup(shutil.rmtree, self.root)
        self.write("src/base/box.hpp", "#pragma once\n")
        self.write("src/parallel/communicator.hpp", '#include "base/box.hpp"\n')
        self.write("src/parallel/communicator.cpp", '#include <mpi.h>\n#include "parallel/communicator.hpp"\n')
        self.write("src/io/distributed/h5_parallel.cpp", '#include <mpi.h>\n#include "parallel/communicator.hpp"\n')
        self.write("src/features/gaussian.cpp", '#include <vector>\n#include "base/box.hpp"\n')
        self.write("src/components/distributed/merge.cpp", '#include "parallel/communicator.hpp"\n')
        self.write("src/main.cpp", '#include "parallel/communicator.hpp"\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def expect(self, *fragments):
        """Exactly one problem, which holds all the fragments."""
        found = list(check.problems(self.root))
        self.assertEqual(len(found), 1, found)
        for fragment in fragments:
            self.assertIn(fragment, found[0])

    def test_the_tree_they_start_from_is_sound(self):
        self.assertEqual(list(check.problems(self.root)), [])

    def test_a_folder_may_not_include_a_later_one(self):
        self.write("src/base/box.cpp", '\n#include "features/gaussian.cpp"\n')
        self.expect("src/base/box.cpp:2", "features/ does not come before it")

    def test_two_folders_may_not_include_each_other(self):
        self.write("src/forest/forest.hpp", '#include "features/set.hpp"\n')
        self.write("src/features/set.hpp", '#include "forest/forest.hpp"\n')
        self.expect("src/features/set.hpp:1", "forest/ does not come before it")

    def test_a_simd_target_include_counts_as_an_include(self):
        self.write("src/features/simd.cpp", '#define HWY_TARGET_INCLUDE "forest/simd.cpp"\n')
        self.write("src/forest/simd.cpp", "")
        self.expect("src/features/simd.cpp:1", "forest/ does not come before it")

    def test_a_quoted_include_must_be_a_unit(self):
        self.write("src/features/box.cpp", '#include "gaussian.cpp"\n')
        self.expect("src/features/box.cpp:1", '"gaussian.cpp" is no unit')

    def test_a_folder_must_have_its_place_in_the_order(self):
        self.write("src/helpers/misc.hpp", "")
        self.expect("src/helpers", "not a folder of the house")

    def test_mpi_h_stands_only_where_it_may(self):
        self.write("src/io/h5.cpp", "#  include <mpi.h>\n")
        self.expect("src/io/h5.cpp:1", "mpi.h")

    def test_a_kernel_may_not_talk_to_ranks(self):
        self.write("src/components/seams.cpp", '#include "parallel/communicator.hpp"\n')
        self.expect("src/components/seams.cpp:1", "may talk to other ranks")

    def test_a_file_may_not_be_too_long(self):
        self.write("tests/base/box_test.cpp", "\n" * (rules.MAX_LINES + 1))
        self.expect("tests/base/box_test.cpp", "401 lines")

    def test_nothing_promises_later(self):
        self.write("tools/run", "one\n# TO" + "DO: two\n")
        self.expect("tools/run:2", "promises later")

    def test_a_tag_begins_its_line(self):
        self.write("src/base/box.hpp", "/// Where it is. \\pre It is somewhere.\n")
        self.expect("src/base/box.hpp:1", "begins a line of its own")

    def test_a_tag_at_the_beginning_of_its_line_is_sound(self):
        self.write("src/base/box.hpp", "  /// Where it is.\n  /// \\pre    It is somewhere.\n")
        self.assertEqual(list(check.problems(self.root)), [])

    def test_a_comment_may_not_be_too_wide(self):
        self.write("tests/base/box_test.cpp", "// " + "x" * (rules.MAX_COMMENT_COLUMNS - 2) + "\n")
        self.expect("tests/base/box_test.cpp:1", "more than 110 columns")

    def track(self, names):
        for name in names:
            self.write(name if "." in name[1:] or name == "LICENSE" else f"{name}/file", "")
        for command in (["init", "--quiet"], ["add", "--force", *names]):
            subprocess.run(["git", "-C", str(self.root), *command], check=True)

    def test_a_checkout_with_exactly_the_top_level_is_sound(self):
        self.track(rules.TOP_LEVEL)
        self.write("notes.txt", "a person's own, not tracked")
        self.assertEqual(list(check.problems(self.root)), [])

    def test_nothing_is_tracked_at_the_top_that_does_not_belong(self):
        self.track(rules.TOP_LEVEL | {"notes.txt"})
        self.expect("notes.txt", "does not belong")

    def test_nothing_is_missing_at_the_top(self):
        self.track(rules.TOP_LEVEL - {"LICENSE"})
        self.expect("LICENSE", "missing")

    def test_a_kernel_library_may_not_use_mpi_hdf5_or_files(self):
        for symbol in ("MPI_Send", "H5Dwrite", "TIFFOpen", "fopen"):
            self.write("unit.cpp", f'extern "C" void {symbol}();\nvoid run() {{ {symbol}(); }}\n')
            unit, library = self.root / "unit.o", self.root / "libcleft_kernels.a"
            library.unlink(missing_ok=True)
            subprocess.run(["c++", "-c", str(self.root / "unit.cpp"), "-o", str(unit)], check=True)
            subprocess.run(["ar", "rc", str(library), str(unit)], check=True)
            self.assertEqual(list(check.check_library(library)), [f"libcleft_kernels.a: unit.o uses {symbol}"])


if __name__ == "__main__":
    unittest.main()
