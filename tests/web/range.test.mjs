import assert from "node:assert/strict";
import test from "node:test";
import { parseRange } from "../../src/web/review/range.ts";

const values = [-3, 0, 1, 2, 2.5, 5, 7, 1e3, null];
const kept = (text, kind = "real") => values.filter(parseRange(text, kind));

test("a range keeps what a person would say it keeps", () => {
  assert.deepEqual(kept("2..5"), [2, 2.5, 5]);
  assert.deepEqual(kept("2.. "), [2, 2.5, 5, 7, 1e3]);
  assert.deepEqual(kept("..0"), [-3, 0]);
  assert.deepEqual(kept("-3...1"), [-3, 0, 1]);
  assert.deepEqual(kept("> 5"), [7, 1e3]);
  assert.deepEqual(kept(">=5"), [5, 7, 1e3]);
  assert.deepEqual(kept("<0"), [-3]);
  assert.deepEqual(kept("<= 0"), [-3, 0]);
  assert.deepEqual(kept("2.5"), [2.5]);
  assert.deepEqual(kept("= 7"), [7]);
  assert.deepEqual(kept("1e3"), [1e3]);
});

test("what is no range is none", () => {
  for (const text of ["", "  ", "..", "a", "2..b", "> ", "<<3", "2,5", "5 voxels", "Infinity"]) {
    assert.equal(parseRange(text, "real"), null, text);
  }
});

test("a text is searched for a part, without regard to capitals; a flag is yes or no", () => {
  assert.deepEqual(["Spine head", "shaft", null].filter(parseRange("SPINE", "text")), ["Spine head"]);
  assert.deepEqual(["2..5", "3"].filter(parseRange("2..5", "text")), ["2..5"]);
  assert.deepEqual([0, 1, null].filter(parseRange("yes", "flag")), [1]);
  assert.deepEqual([0, 1, null].filter(parseRange("no", "flag")), [0]);
  assert.deepEqual([0, 1, null].filter(parseRange("1", "flag")), [1]);
  assert.equal(parseRange("yes", "real"), null);
});
