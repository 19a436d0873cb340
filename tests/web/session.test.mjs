import assert from "node:assert/strict";
import test from "node:test";
import { Session } from "../../src/web/review/session.ts";
import { fourRows, someRows } from "./support/rows.mjs";

const yes = async () => true;

function open(tab, rows = fourRows(), confirm = yes) {
  const session = new Session(rows, confirm);
  session.openTab(tab);
  return session;
}

test("a view begins with the first object; the grid goes through those with pictures, the table through all", () => {
  assert.deepEqual(open("grid").walk, [2, 3, 4]);
  assert.deepEqual(open("table").walk, [2, 3, 4, 1]);
  assert.equal(open("grid").selected, 2);
  assert.equal(open("overview").selected, null);
});

test("next and previous stop at the ends and say so, with what is left", () => {
  const session = open("one");
  session.judge("accept");
  session.step(1, false);
  session.step(1, false);
  assert.equal(session.selected, 4);
  session.step(1, false);
  assert.equal(session.selected, 4);
  assert.match(session.said, /last one; 2 of 3 shown are unjudged/);
  session.step(-1, false);
  session.step(-1, false);
  assert.equal(session.said, "");
  session.step(-1, false);
  assert.equal(session.selected, 2);
  assert.match(session.said, /first one/);
});

test("next unjudged passes over those with a verdict, and never begins anew by itself", () => {
  const session = open("one");
  session.decisions.judge([3], "reject");
  session.step(1, true);
  assert.equal(session.selected, 4);
  session.step(1, true);
  assert.equal(session.selected, 4);
  assert.match(session.said, /No unjudged one after this; 2 of 3/);
  session.step(-1, true);
  assert.equal(session.selected, 2);
  session.decisions.judge([2, 4], "accept");
  session.step(1, true);
  assert.match(session.said, /all shown are judged/);
});

test("what is shown stays while one judges, and follows verdicts when a view is opened", () => {
  const session = open("grid");
  session.setQuery({ judged: "unjudged" });
  session.judge("reject");
  assert.deepEqual(session.walk, [2, 3, 4]);
  session.step(1, false);
  assert.equal(session.selected, 3);
  session.openTab("table");
  assert.deepEqual(session.walk, [3, 4, 1]);
});

test("all shown are judged in one step; above 50 it asks first", async () => {
  const asked = [];
  const answer = { is: false };
  const session = open("table", someRows({ rows: 51 }), async (question) => {
    asked.push(question);
    return answer.is;
  });
  await session.judgeShown("reject");
  assert.deepEqual(asked, ["Reject all 51 objects shown?"]);
  assert.equal(session.decisions.all.size, 0);
  answer.is = true;
  await session.judgeShown("reject");
  assert.equal(session.counts().reject, 51);
  session.undo();
  assert.equal(session.decisions.all.size, 0);
  session.narrow("size_voxels", ">0");
  session.openTab("grid");
  await session.judgeShown("accept");
  assert.equal(asked.length, 2);
  assert.equal(session.counts().accept, 10);
  const fifty = open("table", someRows({ rows: 50 }), async () => assert.fail("50 are not asked about"));
  await fifty.judgeShown("accept");
  assert.equal(fifty.counts().accept, 50);
});

test("coverage counts objects with pictures only", () => {
  const session = open("table");
  session.decisions.judge([1, 2], "accept");
  session.decisions.judge([3], "unsure");
  assert.deepEqual(session.counts(), { accept: 2, reject: 0, unsure: 1, judgedPictured: 2, pictured: 3 });
});

test("undo goes to the object it is about and tells what it did", () => {
  const session = open("one");
  session.judge("accept");
  session.step(1, false);
  session.undo();
  assert.equal(session.selected, 2);
  assert.equal(session.said, "Undone: accepted 2");
  session.redo();
  assert.equal(session.decisions.get(2), "accept");
  session.redo();
  assert.equal(session.said, "Nothing to do again");
});

test("the address brings back view, object and filters; nonsense in it does no harm", () => {
  const session = open("one");
  session.select(3);
  session.narrow("size_voxels", "20..");
  session.setQuery({ order: "doubtful", find: "" });
  const again = new Session(fourRows(), yes);
  again.readAddress(session.address());
  assert.equal(again.tab, "one");
  assert.equal(again.selected, 3);
  assert.deepEqual(again.walk, session.walk);
  assert.equal(again.address(), session.address());
  again.readAddress("tab=<b>&id=999&in.x=%%%&order=-");
  assert.equal(again.tab, "overview");
  assert.equal(again.selected, null);
});

test("no object is judged that is not shown: filters that leave it out select another, or none is judged", () => {
  const session = open("one");
  session.select(2);
  session.narrow("size_voxels", "20");
  assert.equal(session.selected, 3);
  session.judge("reject");
  assert.deepEqual([...session.decisions.all], [[3, "reject"]]);
  session.setQuery({ find: "77" });
  session.judge("accept");
  assert.deepEqual([...session.decisions.all], [[3, "reject"]]);
  assert.equal(session.said, "No object is shown");
});

test("a narrowing that leaves nothing says so instead of failing", () => {
  const session = open("one");
  session.setQuery({ find: "77" });
  assert.deepEqual(session.walk, []);
  assert.match(session.note, /no object has the id 77/);
  session.step(1, false);
  assert.equal(session.selected, 2);
});
