import assert from "node:assert/strict";
import test from "node:test";
import { formatVolume, measuresOf, toldColumns } from "../../src/web/view/measures.ts";
import { fourRows, someRows } from "./support/rows.mjs";

function told(rows, row) {
  return Object.fromEntries(measuresOf(rows, row).map(({ title, unit, value }) => [`${title} ${unit}`.trim(), value]));
}

test("a row's measures in a person's words: ratio beside core_ratio, places as they may be typed", () => {
  const rows = someRows({ rows: 30, pictures: 10 });
  const value = (name) => rows.value(name, 8);
  const expected = {
    "detected as": value("decisive_ratio") >= 7 ? "synapse" : "candidate",
    "decisive ratio": `${value("decisive_ratio").toFixed(2)} / 7 = ${(value("decisive_ratio") / 7).toPrecision(2)}`,
    "mean probability": value("mean_probability").toFixed(3),
    "touches edge": "yes",
    chosen: rows.hasPicture(9) ? "of the largest" : "no",
    "size voxels": value("size_voxels").toLocaleString("en"),
    volume: formatVolume(value("volume_nm3")),
    "axes nm": ["long", "middle", "short"].map((axis) => value(`${axis}_axis_nm`).toFixed(0)).join(" × "),
    "z, y, x voxels": ["z", "y", "x"].map((axis) => value(`centroid_${axis}_voxels`).toFixed(0)).join(", "),
    "z, y, x nm": ["z", "y", "x"].map((axis) => value(`centroid_${axis}_nm`).toFixed(0)).join(", "),
  };
  assert.deepEqual(told(rows, 8), expected);
});

test("what a table lacks is left out, what a row lacks is a dash", () => {
  const measures = told(fourRows(), 3);
  assert.equal(measures["decisive ratio"], "–");
  assert.equal(measures.chosen, "of the largest");
  assert.equal("axes nm" in measures || "mean probability" in measures, false);
});

test("why an object was chosen: by sample, as one of the largest, all, or not at all", () => {
  const chosen = (how, ids, row) => {
    const { table } = fourRows();
    return told(new (fourRows().constructor)({ ...table, pictures: { ...table.pictures, how, chosen: ids } }), row);
  };
  assert.equal(chosen("sample", [2, 3], 1).chosen, "random sample");
  assert.equal(chosen("sample", [2, 3], 0).chosen, "no");
  assert.equal(chosen("largest", [2, 3], 1).chosen, "of the largest");
  assert.equal(chosen("largest", [2, 3, 4, 1], 1).chosen, "all are");
});

test("columns that are told of by measures are not listed beside them", () => {
  const names = someRows().columns.map(({ name }) => name);
  const rest = names.filter((name) => !toldColumns.has(name));
  assert.deepEqual(rest, [
    ...["begin_z", "begin_y", "begin_x", "end_z", "end_y", "end_x"],
    ...["core_count", "flatness", "remark"],
  ]);
});

test("volumes: three digits in µm³, small ones in nm³", () => {
  assert.equal(formatVolume(104352621), "0.104 µm³");
  assert.equal(formatVolume(2213376), "0.00221 µm³");
  assert.equal(formatVolume(12.5e9), "12.5 µm³");
  assert.equal(formatVolume(397824), "397,824 nm³");
  assert.equal(formatVolume(NaN), "–");
});
