// A small table as the page has it.
import { Rows } from "../../../src/web/source/rows.ts";
import { settings, table } from "./fixture.mjs";
import { ellipsoids } from "./objects.mjs";

export function someRows(given = {}) {
  const options = settings({ rows: 30, pictures: 10, ...given });
  return new Rows(table(ellipsoids(options), options));
}

/** Four rows by hand: ids 1 to 4, sizes 10, 40, 20, 20, ratios 7, 14, 3, none. */
export function fourRows() {
  const column = (name, values, kind = "integer") => ({
    name,
    title: name,
    unit: "",
    help: "",
    kind,
    digits: 0,
    values,
  });
  return new Rows({
    format: "cleft report",
    version: 1,
    run: { name: "four", table: "00000000000000aa", model: "bb", cleft: "0.2.0" },
    volume: { extent: [10, 20, 30], voxel_size_nm: [20, 5, 5], offset_nm: [0, 0, 0] },
    classes: ["synapse"],
    foreground: "synapse",
    core_ratio: 7,
    reference_ratio: 1,
    count: 4,
    columns: [
      column("id", [1, 2, 3, 4]),
      column("size_voxels", [10, 40, 20, 20]),
      column("decisive_ratio", [7, 14, 3, null], "real"),
      column("accepted", [1, 1, 0, 0], "flag"),
      column("remark", ["Spine", "shaft", null, "spine head"], "text"),
      ...["z", "y", "x"].map((axis) => column(`begin_${axis}`, [0, 2, 4, 6])),
      ...["z", "y", "x"].map((axis) => column(`end_${axis}`, [2, 4, 6, 8])),
      ...["z", "y", "x"].map((axis) => column(`centroid_${axis}_voxels`, [0.5, 2.5, 4.5, 6.5], "real")),
    ],
    pictures: { chosen: [2, 3, 4], how: "largest", why: "the 3 largest of 4 objects", sections: 5 },
    surfaces: true,
    surfaces_why: "",
    review: { sample: false },
  });
}
