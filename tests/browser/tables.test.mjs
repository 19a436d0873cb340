// Sorting, filtering and finding, the address that holds it, and a table of 5,000 rows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, makeReport, press, selectedId, withPage } from "./support/open.mjs";

let browser, report;
before(async () => {
  report = makeReport({ rows: 5000, pictures: 12 });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  report.remove();
});

const column = (name) => report.data.columns.find((one) => one.name === name).values;
const ids = (page) =>
  page.evaluate(() => {
    const rows = [...document.querySelectorAll(".table .row:not([hidden])")];
    const place = (row) => Number(row.getAttribute("aria-rowindex"));
    return rows.sort((a, b) => place(a) - place(b)).map((row) => row.querySelector(".id").textContent);
  });
const rowCount = async (page) => Number(await page.getAttribute(".table", "aria-rowcount")) - 1;

function expectedIds(compare) {
  return column("id")
    .map((_, row) => row)
    .sort(compare)
    .map((row) => String(row + 1));
}

test("of 5,000 rows only those in sight are elements, at the top, in the middle and at the end", () =>
  withPage(browser, report, "tab=table", async (page) => {
    assert.equal(await rowCount(page), 5000);
    const size = column("size_voxels");
    const expected = expectedIds((a, b) => size[b] - size[a] || a - b);
    for (const at of [0, 0.5, 1]) {
      await page.locator(".table-scroll").evaluate((element, part) => {
        element.scrollTop = part * (element.scrollHeight - element.clientHeight);
        element.dispatchEvent(new Event("scroll"));
        return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }, at);
      const found = await ids(page);
      assert.ok(found.length < 80, `${found.length} rows`);
      const first = expected.indexOf(found[0]);
      assert.deepEqual(found, expected.slice(first, first + found.length));
      assert.equal(found.includes(expected[(at * 4999) | 0]), true, `at ${at}`);
    }
    assert.ok((await page.locator(".table-scroll").evaluate((element) => element.scrollHeight)) > 5000 * 24);
  }));

test("a column is sorted by a click, the other way by another", () =>
  withPage(browser, report, "tab=table", async (page) => {
    const ratio = column("decisive_ratio");
    await page.click(".head >> text=decisive ratio");
    assert.deepEqual((await ids(page)).slice(0, 5), expectedIds((a, b) => ratio[b] - ratio[a]).slice(0, 5));
    await page.click(".head >> text=decisive ratio");
    assert.deepEqual((await ids(page)).slice(0, 5), expectedIds((a, b) => ratio[a] - ratio[b]).slice(0, 5));
    assert.equal(await page.locator(".head [aria-sort=ascending]").count(), 1);
    await page.click("text=Most doubtful first");
    const doubt = (row) => Math.abs(Math.log(ratio[row] / 7));
    assert.deepEqual((await ids(page)).slice(0, 5), expectedIds((a, b) => doubt(a) - doubt(b)).slice(0, 5));
  }));

test("ranges narrow, stand in the address, and are there again after a reload", () =>
  withPage(browser, report, "tab=table", async (page) => {
    const fits = column("size_voxels").filter((size) => 20000 <= size && size <= 40000).length;
    await page.fill("[aria-label='Range of size']", "20000..40000");
    await press(page, "Enter");
    assert.equal(await rowCount(page), fits);
    await press(page, "Escape", "f");
    await page.keyboard.type("decisive_ratio > 20");
    await press(page, "Enter");
    const both = report.objects.filter(({ size, ratio }) => 20000 <= size && size <= 40000 && ratio > 20).length;
    assert.equal(await rowCount(page), both);
    assert.match(await page.evaluate(() => location.hash), /in\.size_voxels=20000\.\.40000/);
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    assert.equal(await rowCount(page), both);
    await page.click("text=Show all");
    assert.equal(await rowCount(page), 5000);
    await page.fill("[aria-label='Range of size']", "big");
    await press(page, "Enter");
    assert.match(await page.textContent(".said"), /"big" is no range of size/);
    assert.equal(await rowCount(page), 5000);
  }));

test("one finds by id and by place", () =>
  withPage(browser, report, "tab=table", async (page) => {
    await press(page, "f");
    await page.keyboard.type("4321");
    await press(page, "Enter");
    assert.deepEqual(await ids(page), ["4321"]);
    assert.equal(await selectedId(page), 4321);
    const { centre } = report.objects[77];
    await page.fill(".find", centre.join(" "));
    await press(page, "Enter");
    assert.ok((await ids(page)).includes("78"));
    await page.fill(".find", "999999");
    await press(page, "Enter");
    assert.match(await page.textContent(".note"), /no object has the id 999999/);
    assert.ok(await page.locator(".empty").first().isVisible());
  }));

test("an address typed by hand is followed", () =>
  withPage(browser, report, "tab=table", async (page) => {
    await page.evaluate(() => (location.hash = "#tab=table&find=17"));
    await page.waitForSelector(".table[aria-rowcount='2']");
    assert.deepEqual(await ids(page), ["17"]);
  }));

test("j goes down the table and keeps the row in sight", () =>
  withPage(browser, report, "tab=table", async (page) => {
    for (let i = 0; i < 60; ++i) await press(page, "j");
    const row = page.locator(".table .row.selected");
    assert.equal(await row.getAttribute("aria-rowindex"), "62");
    const [list, box] = [await page.locator(".table-scroll").boundingBox(), await row.boundingBox()];
    assert.ok(box.y >= list.y && box.y + box.height <= list.y + list.height + 1);
  }));
