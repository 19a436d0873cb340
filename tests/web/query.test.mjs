import assert from "node:assert/strict";
import test from "node:test";
import { Decisions } from "../../src/web/review/decisions.ts";
import {
  applyQuery,
  parseColumnRange,
  parseFind,
  plainQuery,
  readQuery,
  writeQuery,
} from "../../src/web/review/query.ts";
import { fourRows, someRows } from "./support/rows.mjs";

const rows = fourRows();
const decisions = new Decisions();
decisions.judge([1], "accept");
decisions.judge([3], "reject");

function ids(part) {
  return applyQuery(rows, decisions, { ...plainQuery(), ...part }).shown.map((row) => rows.ids[row]);
}

test("the largest come first, equal ones by id", () => {
  assert.deepEqual(ids({}), [2, 3, 4, 1]);
});

test("rows are sorted by a column, those without a value last in either direction", () => {
  assert.deepEqual(ids({ order: { column: "decisive_ratio", descending: false } }), [3, 1, 2, 4]);
  assert.deepEqual(ids({ order: { column: "decisive_ratio", descending: true } }), [2, 1, 3, 4]);
  assert.deepEqual(ids({ order: { column: "remark", descending: false } }), [1, 2, 4, 3]);
});

test("the most doubtful are nearest to the core ratio 7 as a factor: 7, 14 (twice), 3 (2.3 times less)", () => {
  assert.deepEqual(ids({ order: "doubtful" }), [1, 2, 3, 4]);
});

test("verdicts and ranges narrow together", () => {
  assert.deepEqual(ids({ judged: "unjudged" }), [2, 4]);
  assert.deepEqual(ids({ judged: "judged" }), [3, 1]);
  assert.deepEqual(ids({ judged: "reject" }), [3]);
  assert.deepEqual(
    ids({
      ranges: new Map([
        ["size_voxels", ">=20"],
        ["remark", "spine"],
      ]),
    }),
    [4],
  );
  assert.deepEqual(ids({ ranges: new Map([["size_voxels", "20..40"]]), judged: "unjudged" }), [2, 4]);
});

test("one finds by id, and by a place: boxes that hold it, else the nearest in nm", () => {
  assert.deepEqual(ids({ find: "3" }), [3]);
  assert.deepEqual(ids({ find: "99" }), []);
  assert.deepEqual(ids({ find: "5, 4 5" }), [3]);
  // From z 3, y 9, x 9: 30 nm or more away in z alone for object 4; object 3 is nearest.
  const { shown, note } = applyQuery(rows, decisions, { ...plainQuery(), find: "3 9 9" });
  const away = (id) => (20 * (2 * id - 1.5 - 3)) ** 2 + 2 * (5 * (2 * id - 1.5 - 9)) ** 2;
  const nearest = [1, 2, 3, 4].sort((a, b) => away(a) - away(b))[0];
  assert.deepEqual(
    shown.map((row) => rows.ids[row]),
    [nearest],
  );
  assert.match(note, /nearest/);
});

test("what is neither id nor place narrows nothing and is told", () => {
  const { shown, note } = applyQuery(rows, decisions, { ...plainQuery(), find: "spine<b>" });
  assert.equal(shown.length, 4);
  assert.match(note, /spine<b>/);
  assert.equal(parseFind("1 2"), null);
  assert.equal(parseFind("-1"), null);
});

test("a range of a column may be typed where one finds", () => {
  assert.deepEqual(parseColumnRange("size_voxels > 500", rows), { column: "size_voxels", range: "> 500" });
  assert.deepEqual(parseColumnRange("remark spine", rows), { column: "remark", range: "spine" });
  assert.equal(parseColumnRange("size > 500", rows), null);
  assert.equal(parseColumnRange("size_voxels > many", rows), null);
});

test("a query is the same after it stood in an address", () => {
  const query = {
    find: "5, 4 5",
    judged: "unsure",
    ranges: new Map([
      ["size_voxels", "2..5"],
      ["remark", "a&b=c #%"],
    ]),
    order: { column: "decisive_ratio", descending: true },
  };
  for (const order of [query.order, "doubtful", { column: "size_voxels", descending: false }, plainQuery().order]) {
    const parts = new URLSearchParams();
    writeQuery({ ...query, order }, parts);
    assert.deepEqual(readQuery(new URLSearchParams(parts.toString()), rows), { ...query, order });
  }
});

test("of an address only what this table knows is taken", () => {
  const parts = new URLSearchParams("verdict=maybe&order=-price&in.price=2..3&in.size_voxels=lots&in.core=1");
  assert.deepEqual(readQuery(parts, rows), plainQuery());
});

test("many rows are sorted as a plain comparison sorts them", () => {
  const many = someRows({ rows: 500 });
  const { shown } = applyQuery(many, new Decisions(), plainQuery());
  const sizes = many.column("size_voxels").values;
  const expected = many.ids.map((_, row) => row).sort((a, b) => sizes[b] - sizes[a] || a - b);
  assert.deepEqual(shown, expected);
});
