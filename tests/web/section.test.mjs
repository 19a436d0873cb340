import assert from "node:assert/strict";
import test from "node:test";
import { formatLength, formatValue, roundLength } from "../../src/web/view/look.ts";
import { depthOf, pointOf, voxelAt } from "../../src/web/view/section.ts";

// Voxels of 20 x 5 x 5 nm, pixels of 2.5 nm; each view 40 pixels high and 60 wide.
const view = (kind, vertical, horizontal) => ({
  kind,
  x: 0,
  y: 0,
  width: 60,
  height: 40,
  outline: "",
  first_voxel: [7, 100, 200],
  voxel_per_pixel: [vertical, horizontal],
});
const xy = view("xy", 0.5, 0.5);
const xz = view("xz", 0.125, 0.5);
const yz = view("yz", 0.5, 0.125);

test("a point of a picture is a voxel, by the axes of its view", () => {
  assert.deepEqual(voxelAt(xy, 0.5, 0.5), [7, 100, 200]);
  assert.deepEqual(voxelAt(xy, 10.5, 20.5), [7, 110, 205]);
  assert.deepEqual(voxelAt(xz, 10.5, 16.5), [9, 100, 205]);
  assert.deepEqual(voxelAt(yz, 16.5, 10.5), [9, 105, 200]);
  assert.deepEqual([xy, xz, yz].map(depthOf), [7, 100, 200]);
});

test("the middle of a voxel is where one clicks for it, and how far off the section it is", () => {
  for (const one of [xy, xz, yz]) {
    const place = voxelAt(one, 24.5, 32.5);
    const { x, y, off } = pointOf(one, place);
    assert.deepEqual(voxelAt(one, x, y), place);
    assert.equal(off, 0);
  }
  assert.equal(pointOf(xy, [9, 100, 200]).off, 2);
  assert.deepEqual(pointOf(yz, [9, 105, 203]), { x: 16.5, y: 10.5, off: 3 });
});

test("scale bars have round lengths that fit", () => {
  const lengths = [
    [9.99, 5],
    [10, 10],
    [1999, 1000],
    [4999, 2000],
    [5000, 5000],
    [0.3, 0.2],
  ];
  for (const [most, expected] of lengths) assert.equal(roundLength(most), expected);
  assert.equal(formatLength(500), "500 nm");
  assert.equal(formatLength(2000), "2 µm");
});

test("values are written as their columns say", () => {
  const column = (kind, digits = 0) => ({ name: "", title: "", unit: "", help: "", kind, digits, values: [] });
  assert.equal(formatValue(column("real", 2), 1 / 3), "0.33");
  assert.equal(formatValue(column("integer"), 1234567), "1234567");
  assert.equal(formatValue(column("flag"), 0), "no");
  assert.equal(formatValue(column("text"), "<b>"), "<b>");
  assert.equal(formatValue(column("real", 2), null), "–");
});
