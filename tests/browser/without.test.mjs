// What is missing is said, and the rest works: WebGL, surfaces, a data file, the table itself.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { counts, launch, makeReport, press, shownObject, withPage } from "./support/open.mjs";

async function inReport(given, flags, body) {
  const report = makeReport({ rows: 8, pictures: 6, ...given });
  const browser = await launch(flags);
  try {
    await body(browser, report);
  } finally {
    await browser.close();
    report.remove();
  }
}

test("without WebGL: words that are seen, and judging works", () =>
  inReport({}, ["--disable-3d-apis"], async (browser, report) => {
    const [first, second] = report.data.pictures.chosen;
    const allowed = [/WebGL/];
    await withPage(
      browser,
      report,
      "tab=one",
      async (page) => {
        await shownObject(page, first);
        assert.match(await page.textContent(".surface .words"), /no WebGL/);
        assert.ok(await page.locator(".surface .words").isVisible());
        await press(page, "a", "j", "x");
        await shownObject(page, second);
        assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 0 });
      },
      { allowed },
    );
    await withPage(
      browser,
      report,
      "tab=scene",
      async (page) => {
        await page.waitForSelector(".scene-tab[data-ready=words]");
        assert.ok(await page.locator(".scene-tab .words").isVisible());
        assert.match(await page.textContent(".scene-tab .words"), /no WebGL/);
      },
      { allowed },
    );
  }));

test("a report without surfaces says why", () =>
  inReport({ surfaces: false }, [], async (browser, report) => {
    await withPage(browser, report, "tab=scene", async (page) => {
      await page.waitForSelector(".scene-tab[data-ready=words]");
      assert.match(await page.textContent(".scene-tab .words"), /report\.surfaces is false/);
    });
    await withPage(browser, report, "tab=one", async (page) => {
      await shownObject(page, report.data.pictures.chosen[0]);
      assert.match(await page.textContent(".surface .words"), /report\.surfaces is false/);
    });
  }));

test("a report without pictures: its objects are judged all the same", () =>
  inReport({ pictures: 0 }, [], async (browser, report) => {
    await withPage(browser, report, "tab=one", async (page) => {
      await page.waitForSelector(".one[data-shown^=words]");
      const whole = await page.locator(".decide").evaluate((box) => box.scrollHeight <= box.clientHeight);
      assert.ok(whole && (await page.locator(".measures").isVisible()), "what one decides by is there, and whole");
      await press(page, "x", "j", "a");
      assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 0 });
    });
  }));

test("a file that is missing is named, and the next object is shown", () =>
  inReport({}, [], async (browser, report) => {
    const [first, second, third] = report.data.pictures.chosen;
    rmSync(`${report.folder}/data/meshes/${first}.js`);
    rmSync(`${report.folder}/pictures/${second}.png`);
    await withPage(
      browser,
      report,
      "tab=one",
      async (page) => {
        await page.waitForSelector(`.one[data-shown="words ${first}"]`);
        assert.match(
          await page.textContent(".sections > .words"),
          new RegExp(`data/meshes/${first}\\.js is missing or damaged`),
        );
        await press(page, "j");
        await page.waitForSelector(`.one[data-shown="words ${second}"]`);
        assert.match(
          await page.textContent(".sections > .words"),
          new RegExp(`pictures/${second}\\.png is missing or damaged`),
        );
        await press(page, "j");
        await shownObject(page, third);
        assert.ok(await page.locator(".panel.xy canvas").isVisible());
      },
      { allowed: [/ERR_FILE_NOT_FOUND/] },
    );
  }));

test("a table that is missing, or of another version, is said above what stands there without a script", () =>
  inReport({}, [], async (browser, report) => {
    const file = `${report.folder}/data/table.js`;
    const text = readFileSync(file, "utf8");
    const cases = [
      [text.replace('"version":1', '"version":2'), /version 2, and this page reads version 1/],
      ["", /data\/table\.js is missing or damaged/],
    ];
    for (const [content, expected] of cases) {
      writeFileSync(file, content);
      await withPage(browser, report, "", async (page) => {
        assert.equal(await page.getAttribute("html", "data-ready"), "broken");
        assert.match(await page.textContent(".broken"), expected);
        assert.ok(await page.locator("#overview").isVisible());
      });
    }
  }));

test("a page built without Node is a page of text", () =>
  inReport({ script: "" }, [], async (browser, report) => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(`${report.folder}/index.html`).href);
    assert.ok(await page.locator("#overview").isVisible());
    assert.ok(await page.locator("#first-rows").isVisible());
    assert.equal(await page.locator("script, .app").count(), 0);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).marginTop), "0px", "its style is there");
  }));

test("what was kept of an earlier review and cannot be read is told", () =>
  inReport({}, [], async (browser, report) => {
    const before = (page) =>
      page.addInitScript((key) => localStorage.setItem(key, "{}"), `cleft-review-${report.data.run.table}`);
    await withPage(
      browser,
      report,
      "tab=grid",
      async (page) => {
        assert.match(await page.textContent(".said"), /earlier review cannot be read/);
      },
      { before },
    );
  }));

test("another page of the same run is followed", () =>
  inReport({}, [], async (browser, report) => {
    await withPage(browser, report, "tab=grid", async (page) => {
      const other = await page.context().newPage();
      await other.goto(page.url());
      await other.waitForSelector("html[data-ready]");
      await press(other, "x");
      await page.waitForSelector(".said:has-text('another page')");
      assert.deepEqual(await counts(page), { accept: 0, reject: 1, unsure: 0 });
    });
  }));
