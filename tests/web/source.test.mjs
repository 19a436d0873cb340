import assert from "node:assert/strict";
import test from "node:test";
import { decodeUint16, decodeUint32 } from "../../src/web/source/decode.ts";
import { RecentlyUsed } from "../../src/web/source/recently_used.ts";
import { Rows } from "../../src/web/source/rows.ts";
import { fourRows } from "./support/rows.mjs";

test("numbers are decoded as little-endian, whatever the machine", () => {
  const bytes = Buffer.from([1, 2, 0, 255, 255, 255, 3, 0]);
  assert.deepEqual([...decodeUint16(bytes.toString("base64"))], [0x0201, 0xff00, 0xffff, 3]);
  assert.deepEqual([...decodeUint32(bytes.toString("base64"))], [0xff000201, 0x0003ffff]);
  assert.equal(decodeUint16("").length, 0);
});

test("those asked for last are kept", () => {
  const kept = new RecentlyUsed(2);
  kept.set("a", 1);
  kept.set("b", 2);
  assert.equal(kept.get("a"), 1);
  kept.set("c", 3);
  assert.deepEqual(
    ["a", "b", "c"].map((key) => kept.get(key)),
    [1, undefined, 3],
  );
  kept.remove("a");
  assert.equal(kept.get("a"), undefined);
});

test("a table is refused in one line when it is none, of another version, or does not fit itself", () => {
  const good = fourRows().table;
  const refused = (change, expected) => assert.throws(() => new Rows({ ...good, ...change }), expected);
  refused({ format: "something" }, /no table of a cleft report/);
  refused({ version: 2 }, /version 2, and this page reads version 1/);
  refused({ columns: good.columns.slice(1) }, /no column id/);
  refused({ count: 5 }, /id has 4 values for 5 rows/);
});

test("rows are found by id, by box, and by nearness in nm", () => {
  const rows = fourRows();
  assert.equal(rows.row(3), 2);
  assert.equal(rows.row(9), undefined);
  assert.deepEqual(rows.at([2, 3, 2]), { rows: [1], inside: true });
  assert.deepEqual(rows.at([9, 9, 9]), { rows: [3], inside: false });
  assert.equal(rows.hasPicture(1), false);
  assert.equal(rows.value("remark", 2), null);
  assert.ok(Number.isNaN(rows.number("remark", 0)));
});
