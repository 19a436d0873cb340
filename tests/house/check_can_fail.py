#!/usr/bin/env python3
"""Breaks each rule of the house once, in a small tree of its own, and expects check.py to say so."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import check
import cycles
import rooms
import rules

ROOMS = """# set(CLEFT_FOLDERS only in a comment)
set(CLEFT_FOLDERS
    base parallel io features
    forest components cli)
set(CLEFT_RANK_FOLDERS parallel cli)
set(CLEFT_FILE_FOLDERS io)
set(CLEFT_DOORS features/set forest/train/train) # a folder and a unit
set(CLEFT_HDF5_DOOR io/h5)
set(CLEFT_HDF5_FOLDERS io)
set(CLEFT_WEB_HOME web)
set(CLEFT_WEB_FOLDERS source review view)
set(CLEFT_WEB_PACKAGES three=view/scene)
"""


class BrokenTrees(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="cleft_house_"))
        self.addCleanup(shutil.rmtree, self.root)
        self.write("src/rooms.cmake", ROOMS)
        self.write("src/base/box.hpp", "#pragma once\n")
        self.write("src/parallel/communicator.hpp", '#include "base/box.hpp"\n')
        self.write("src/parallel/communicator.cpp", '#include <mpi.h>\n#include "parallel/communicator.hpp"\n')
        self.write("src/io/distributed/h5_parallel.cpp", '#include <mpi.h>\n#include "parallel/communicator.hpp"\n')
        self.write("src/features/gaussian.cpp", '#include <vector>\n#include "base/box.hpp"\n')
        self.write("src/features/set/set.hpp", '#include "features/set/channels.hpp"\n')
        self.write("src/features/set/channels.hpp", "")
        self.write("src/features/simd/lanes.hpp", '#include "features/set/set.hpp"\n')
        self.write("src/forest/train/train.hpp", '#include "forest/train/split.hpp"\n#include "features/set/set.hpp"\n')
        self.write("src/forest/train/split.hpp", "")
        self.write("src/forest/files/model_file.hpp", '#include "io/h5/file.hpp"\nh5::File open();\n')
        self.write("src/io/h5/file.hpp", "namespace h5 {}\n")
        self.write("src/io/volume/volume.cpp", '#include "io/h5/file.hpp"\n')
        self.write("src/components/distributed/merge.cpp", '#include "parallel/communicator.hpp"\n')
        self.write("src/main.cpp", '#include "parallel/communicator.hpp"\n')
        self.write("src/web/report.ts", 'import { App } from "./view/app.ts";\n')
        self.write("src/web/view/app.ts", 'import type {\n  Rows,\n} from "../source/rows.ts";\n')
        self.write("src/web/view/scene.ts", 'import { Mesh } from "three";\nimport x from "three/examples/x.js";\n')
        self.write("src/web/source/rows.ts", "")

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
        self.write("src/base/scale.cpp", '\n#include "features/set/channels.hpp"\n')
        self.expect("src/base/scale.cpp:2", "features/ does not come before it")

    def test_two_folders_may_not_include_each_other(self):
        self.write("src/forest/forest.hpp", '#include "features/scale.hpp"\n')
        self.write("src/features/scale.hpp", '#include "forest/samples.hpp"\n')
        self.write("src/forest/samples.hpp", "")
        order, knot = check.problems(self.root)
        self.assertIn("src/features/scale.hpp:1: features/ includes", order)
        self.assertIn("2 folders include each other: features/ -> forest/", knot)

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

    def test_a_folder_may_not_hold_too_many_units(self):
        for number in range(rules.MAX_UNITS - 2):
            self.write(f"src/features/set/unit{number}.hpp", "")
        self.write("src/features/set/unit0_impl.hpp", "// of the same unit, as the next\n")
        self.write("src/features/set/unit0-inl.hpp", "")
        self.assertEqual(list(check.problems(self.root)), [])
        self.write("src/features/set/one_more.cpp", "")
        self.expect("src/features/set", "21 units, more than 20")

    def test_tests_mirror_the_sources(self):
        self.write("tests/features/set/set_test.cpp", "")
        self.write("tests/support/anything/masks.hpp", "")
        self.assertEqual(list(check.problems(self.root)), [])
        self.write("tests/features/bands/band_test.cpp", "")
        self.expect("tests/features/bands", "no src/features/bands")

    def test_a_door_must_lead_somewhere(self):
        self.write("src/rooms.cmake", ROOMS.replace("forest/train/train", "forest/train/train forest/train/grow"))
        self.expect("src/rooms.cmake", "forest/train/grow is neither a folder nor a unit")

    def test_what_a_unit_may_touch_is_said_of_folders_that_have_a_place(self):
        self.write("src/rooms.cmake", ROOMS.replace("FILE_FOLDERS io", "FILE_FOLDERS io pictures"))
        self.expect("src/rooms.cmake", "pictures is not one of CLEFT_FOLDERS")

    def test_a_statement_may_not_be_left_out(self):
        self.write("src/rooms.cmake", ROOMS.replace("CLEFT_DOORS", "CLEFT_GATES"))
        with self.assertRaisesRegex(KeyError, "CLEFT_DOORS"):
            list(check.problems(self.root))

    def test_a_sub_folder_without_a_door_is_internal(self):
        self.write("src/components/shapes.cpp", '#include "features/simd/lanes.hpp"\n')
        self.expect("src/components/shapes.cpp:1", "internal to features/")

    def test_main_too_comes_in_through_doors(self):
        self.write("src/main.cpp", '#include "features/simd/lanes.hpp"\n')
        self.expect("src/main.cpp:1", "internal to features/")

    def test_a_door_may_be_a_single_unit(self):
        self.write("src/components/trees.cpp", '#include "forest/train/train.hpp"\n')
        self.assertEqual(list(check.problems(self.root)), [])
        self.write("src/components/trees.cpp", '#include "forest/train/split.hpp"\n')
        self.expect("src/components/trees.cpp:1", "internal to forest/")

    def test_others_may_include_what_is_distributed_and_what_handles_files(self):
        self.write("src/cli/run.cpp", '#include "components/distributed/merge.cpp"\n')
        self.write("src/cli/info.cpp", '#include "forest/files/model_file.hpp"\n')
        self.assertEqual(list(check.problems(self.root)), [])

    def test_hdf5_is_included_only_by_its_own(self):
        self.write("src/cli/info.cpp", '#include "io/h5/file.hpp"\n')
        self.expect("src/cli/info.cpp:1", "HDF5 is not for it")

    def test_hdf5_is_named_only_by_its_own(self):
        self.write("src/cli/info.cpp", "// h5:: in a comment does no harm\nauto file = h5::open();\n")
        self.expect("src/cli/info.cpp:2", "names h5::")

    def test_two_units_may_not_include_each_other(self):
        self.write("src/features/set/channels.hpp", '\n#include "features/set/set.hpp"\n')
        self.expect("2 units", "src/features/set/channels.hpp:2", "src/features/set/set.hpp:1")

    def test_three_units_may_not_include_each_other_by_their_cpp_and_inl_files(self):
        self.write("src/forest/train/split.cpp", '#include "forest/train/grow.hpp"\n')
        self.write("src/forest/train/grow-inl.hpp", '#include "forest/train/leaf.hpp"\n')
        self.write("src/forest/train/grow.hpp", "")
        self.write("src/forest/train/leaf_reference.cpp", '#include "forest/train/split.hpp"\n')
        self.write("src/forest/train/leaf.hpp", "")
        self.expect("3 units", "leaf -> forest/train/split (src/forest/train/leaf_reference.cpp:1)")

    def test_a_folder_and_its_sub_folder_may_not_include_each_other(self):
        self.write("src/features/simd/lanes.hpp", '#include "features/gaussian.cpp"\n')
        self.write("src/features/edges.cpp", '#include "features/set/set.hpp"\n')
        self.assertEqual(list(check.problems(self.root)), [])
        self.write("src/features/set/channels.hpp", '#include "features/simd/vectors.hpp"\n')
        self.write("src/features/simd/vectors.hpp", "")
        self.write("src/features/simd/lanes.hpp", '#include "features/set/set.hpp"\n')
        self.expect("2 folders", "features/set/ -> features/simd/ (src/features/set/channels.hpp:1)")

    def test_knots_are_found_and_chains_are_not(self):
        self.assertEqual(cycles.knots({"a": {"b", "c"}, "b": {"c"}, "c": set()}), [])
        two = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": {"e"}, "e": {"d"}}
        self.assertEqual(cycles.knots(two), [["b", "c"], ["d", "e"]])

    def test_parts_belong_to_their_unit(self):
        for name in ("io/a.hpp", "io/a.cpp", "io/a-inl.hpp", "io/a_impl.hpp", "io/a_reference.cpp"):
            self.assertEqual(rooms.unit_of(name), "io/a")

    def test_mpi_h_stands_only_where_it_may(self):
        self.write("src/io/h5.cpp", "#  include <mpi.h>\n")
        self.expect("src/io/h5.cpp:1", "mpi.h")

    def test_a_kernel_may_not_talk_to_ranks(self):
        self.write("src/components/seams.cpp", '#include "parallel/communicator.hpp"\n')
        self.expect("src/components/seams.cpp:1", "a distributed unit, but is a kernel unit")

    def test_a_kernel_may_not_read_files(self):
        self.write("src/features/cache.cpp", '#include "io/raw.hpp"\n')
        self.write("src/io/raw.hpp", "")
        self.expect("src/features/cache.cpp:1", "a file unit, but is a kernel unit")

    def test_what_handles_files_may_not_talk_to_ranks(self):
        self.write("src/components/files/store.cpp", '#include "components/distributed/merge.cpp"\n')
        self.expect("src/components/files/store.cpp:1", "a distributed unit, but is a file unit")

    def test_a_file_may_not_be_too_long(self):
        self.write("tests/base/box_test.cpp", "\n" * (rules.MAX_LINES + 1))
        self.expect("tests/base/box_test.cpp", "401 lines")

    def test_nothing_promises_later(self):
        self.write("tools/run", "one\n# TO" + "DO: two\n")
        self.expect("tools/run:2", "promises later")

    def test_html_may_say_what_an_empty_field_shows(self):
        word = "place" + "holder"
        self.write("src/base/page.html", f'<input {word}="name">\n<input {word} = "name">\n')
        self.assertEqual(list(check.problems(self.root)), [])
        self.write("src/base/page.html", f"<p>a {word}</p>\n")
        self.expect("src/base/page.html:1", "promises later")

    def test_the_front_end_imports_only_what_comes_before(self):
        self.write("src/web/source/rows.ts", '\nimport type {\n  Session,\n} from "../review/session.ts";\n')
        self.write("src/web/review/session.ts", "")
        self.expect("src/web/source/rows.ts:4", "review/ does not come before it")

    def test_no_folder_of_the_front_end_imports_what_puts_it_together(self):
        self.write("src/web/view/app.ts", 'export { start } from "../report.ts";\n')
        self.expect("src/web/view/app.ts:1", "web/ does not come before it")

    def test_a_package_is_imported_by_its_one_file(self):
        self.write("src/web/view/app.ts", 'const later = await import("three");\n')
        self.expect("src/web/view/app.ts:1", "only view/scene.ts may")

    def test_other_packages_are_not_imported_at_all(self):
        self.write("src/web/report.ts", 'import chart from "a-chart";\n')
        self.expect("src/web/report.ts:1", "a-chart is none of the packages")

    def test_the_front_end_imports_nothing_from_outside(self):
        self.write("src/web/report.ts", 'import x from "../../tests/web/x.ts";\n')
        self.expect("src/web/report.ts:1", "in none of the folders")

    def test_a_folder_of_the_front_end_must_have_its_place(self):
        self.write("src/web/widgets/knob.ts", "")
        self.expect("src/web/widgets", "not a folder of the front end")

    def test_a_script_may_not_be_too_long(self):
        self.write("src/web/view/app.ts", "\n" * (rules.MAX_LINES + 1))
        self.expect("src/web/view/app.ts", "401 lines")

    def test_a_lock_file_may_be_long(self):
        self.write("tools/page/package-lock.json", "\n" * (rules.MAX_LINES + 1))
        self.assertEqual(list(check.problems(self.root)), [])

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
            if name != "src":
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
