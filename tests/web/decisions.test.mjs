import assert from "node:assert/strict";
import test from "node:test";
import { Decisions, nextVerdict } from "../../src/web/review/decisions.ts";
import { numbers } from "./support/objects.mjs";

const state = (decisions) => JSON.stringify([[...decisions.all].sort(([a], [b]) => a - b), decisions.missed]);

test("a verdict is given, changed and cleared", () => {
  const decisions = new Decisions();
  decisions.judge([17], "reject");
  assert.equal(decisions.get(17), "reject");
  decisions.judge([17], "accept");
  assert.equal(decisions.get(17), "accept");
  decisions.judge([17], null);
  assert.equal(decisions.get(17), null);
  assert.equal(decisions.all.size, 0);
});

test("many at once are one step, and what changes nothing is none", () => {
  const decisions = new Decisions();
  decisions.judge([1], "accept");
  decisions.judge([1, 2, 3], "accept");
  decisions.judge([1, 2, 3], "accept");
  assert.equal(decisions.undo().words, "accepted 2 objects");
  assert.deepEqual([...decisions.all], [[1, "accept"]]);
  assert.equal(decisions.undo().words, "accepted 1");
  assert.equal(decisions.undo(), null);
});

test("undo and redo go through every state there was, in a long random history", () => {
  const next = numbers(5);
  const decisions = new Decisions();
  const states = [state(decisions)];
  for (let i = 0; i < 300; ++i) {
    const before = state(decisions);
    const kind = next();
    const ids = Array.from({ length: 1 + Math.floor(4 * next()) }, () => Math.floor(20 * next()));
    if (kind < 0.8) decisions.judge([...new Set(ids)], ["accept", "reject", "unsure", null][Math.floor(4 * next())]);
    else if (kind < 0.9 || decisions.missed.length === 0) decisions.mark([1, 2, i]);
    else decisions.unmark(Math.floor(decisions.missed.length * next()));
    if (state(decisions) !== before) states.push(state(decisions));
  }
  for (let i = states.length - 2; i >= 0; --i) {
    assert.notEqual(decisions.undo(), null);
    assert.equal(state(decisions), states[i]);
  }
  assert.equal(decisions.undo(), null);
  for (let i = 1; i < states.length; ++i) {
    decisions.redo();
    assert.equal(state(decisions), states[i]);
  }
  assert.equal(decisions.redo(), null);
});

test("after something new nothing is to be done again", () => {
  const decisions = new Decisions();
  decisions.judge([1], "accept");
  decisions.undo();
  decisions.judge([2], "reject");
  assert.equal(decisions.redo(), null);
  assert.deepEqual([...decisions.all], [[2, "reject"]]);
});

test("a file replaces everything in one step; what was kept is restored without one", () => {
  const decisions = new Decisions();
  decisions.judge([1, 2], "accept");
  decisions.mark([1, 2, 3]);
  decisions.replace(
    {
      decisions: new Map([
        [2, "unsure"],
        [5, "reject"],
      ]),
      missed: [],
    },
    "loaded",
  );
  assert.equal(
    state(decisions),
    JSON.stringify([
      [
        [2, "unsure"],
        [5, "reject"],
      ],
      [],
    ]),
  );
  decisions.undo();
  assert.equal(
    state(decisions),
    JSON.stringify([
      [
        [1, "accept"],
        [2, "accept"],
      ],
      [[1, 2, 3]],
    ]),
  );
  decisions.restore({ decisions: new Map([[9, "accept"]]), missed: [[4, 5, 6]] });
  assert.equal(state(decisions), JSON.stringify([[[9, "accept"]], [[4, 5, 6]]]));
  assert.equal(decisions.undo(), null);
});

test("listeners hear which verdicts changed", () => {
  const decisions = new Decisions();
  const heard = [];
  decisions.judge([1], "accept");
  decisions.onChange((ids) => heard.push(ids));
  decisions.judge([1, 2], "accept");
  decisions.mark([0, 0, 0]);
  decisions.undo();
  decisions.undo();
  assert.deepEqual(heard, [[2], [], [], [2]]);
});

test("clicks go round all verdicts", () => {
  assert.deepEqual([null, "accept", "reject", "unsure"].map(nextVerdict), ["accept", "reject", "unsure", null]);
});
