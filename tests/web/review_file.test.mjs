import assert from "node:assert/strict";
import test from "node:test";
import { Keeper } from "../../src/web/review/keeper.ts";
import { Decisions } from "../../src/web/review/decisions.ts";
import { readReview, writeReview } from "../../src/web/review/review_file.ts";
import { fourRows } from "./support/rows.mjs";

const rows = fourRows();
const decided = {
  decisions: new Map([
    [3, "reject"],
    [1, "accept"],
    [4, "unsure"],
  ]),
  missed: [
    [9, 19, 29],
    [0, 0, 0],
  ],
};

test("the file is what cleft review reads", () => {
  assert.deepEqual(JSON.parse(writeReview(rows, decided)), {
    format: "cleft review",
    version: 1,
    run: { table: "00000000000000aa", model: "bb" },
    chosen: { how: "largest", ids: [2, 3, 4] },
    decisions: { 1: "accept", 3: "reject", 4: "unsure" },
    missed: [
      [9, 19, 29],
      [0, 0, 0],
    ],
  });
});

test("a file is read as it was written, and the same decisions give the same bytes", () => {
  const text = writeReview(rows, decided);
  const read = readReview(text, rows);
  assert.deepEqual(new Map([...read.decisions].sort()), new Map([...decided.decisions].sort()));
  assert.deepEqual(read.missed, decided.missed);
  assert.equal(writeReview(rows, read), text);
});

test("what is no review of this run is refused in one line that names what was found", () => {
  const good = JSON.parse(writeReview(rows, decided));
  const cases = [
    ["{", /no JSON/],
    ["[]", /no object/],
    ["null", /no object/],
    [{ format: "cleft report" }, /"cleft review"/],
    [{ version: 2 }, /version 2.*version 1/],
    [{ run: { table: "ff" } }, /another run's table \("ff"\).*"00000000000000aa"/],
    [{ run: 3 }, /of which run/],
    [{ decisions: { 7: "accept" } }, /"7", which is no id/],
    [{ decisions: { "1 ": "accept" } }, /"1 ", which is no id/],
    [{ decisions: { __proto__x: "accept" } }, /no id/],
    [{ decisions: { 1: "maybe" } }, /verdict on 1 is "maybe"; expected accept, reject, unsure/],
    [{ decisions: { 1: { a: "x".repeat(500) } } }, /\.\.\.; expected/],
    [{ decisions: [] }, /decisions/],
    [{ missed: "all" }, /no list/],
    [{ missed: [[1, 2]] }, /\[1,2\].*10, 20, 30/],
    [{ missed: [[10, 0, 0]] }, /\[10,0,0\]/],
    [{ missed: [[-1, 0, 0]] }, /\[-1,0,0\]/],
    [{ missed: [[0.5, 0, 0]] }, /\[0.5,0,0\]/],
  ];
  for (const [given, expected] of cases) {
    const text = typeof given === "string" ? given : JSON.stringify({ ...good, ...given });
    assert.throws(
      () => readReview(text, rows),
      (error) => expected.test(error.message) && !error.message.includes("\n"),
      text,
    );
  }
});

test("a file larger than 64 MiB is refused before it is read", () => {
  assert.throws(() => readReview(" ".repeat(64 * 1024 * 1024 + 1), rows), /64 MiB/);
});

function store(entries = {}) {
  const map = new Map(Object.entries(entries));
  return { map, getItem: (key) => map.get(key) ?? null, setItem: (key, value) => map.set(key, value) };
}

test("each change is kept under the table's checksum, and taken up again", () => {
  const shelf = store({ "cleft-review-other": "another run's" });
  const first = new Decisions();
  let told = 0;
  const keeper = new Keeper(rows, first, () => shelf);
  assert.equal(
    keeper.start(() => ++told),
    "",
  );
  assert.equal(keeper.state, "nothing yet");
  first.judge([3], "reject");
  first.mark([1, 2, 3]);
  assert.equal(keeper.state, "saved");
  assert.equal(told, 2);
  assert.deepEqual([...shelf.map.keys()], ["cleft-review-other", "cleft-review-00000000000000aa"]);
  const second = new Decisions();
  const again = new Keeper(rows, second, () => shelf);
  assert.equal(
    again.start(() => {}),
    "",
  );
  assert.equal(again.state, "saved");
  assert.deepEqual([...second.all], [[3, "reject"]]);
  assert.deepEqual(second.missed, [[1, 2, 3]]);
});

test("a browser that refuses to keep is told of, and judging goes on", () => {
  const refuse = () => {
    throw new Error("SecurityError");
  };
  for (const shelf of [refuse, () => ({ getItem: () => null, setItem: refuse })]) {
    const decisions = new Decisions();
    const keeper = new Keeper(rows, decisions, shelf);
    assert.equal(
      keeper.start(() => {}),
      "",
    );
    decisions.judge([1], "accept");
    assert.equal(keeper.state, "refused");
    assert.equal(decisions.get(1), "accept");
  }
});

test("what was kept and cannot be read is told, and changes nothing", () => {
  const decisions = new Decisions();
  const keeper = new Keeper(rows, decisions, () => store({ "cleft-review-00000000000000aa": '{"format": "x"}' }));
  assert.match(
    keeper.start(() => {}),
    /cannot be read: .*cleft review/,
  );
  assert.equal(decisions.all.size, 0);
});

test("only what another page wrote of this run concerns it", () => {
  const keeper = new Keeper(rows, new Decisions(), () => store());
  assert.equal(keeper.concerns({ key: "cleft-review-00000000000000aa", newValue: "{}" }), true);
  assert.equal(keeper.concerns({ key: "cleft-review-00000000000000aa", newValue: null }), false);
  assert.equal(keeper.concerns({ key: "cleft-review-other", newValue: "{}" }), false);
});
