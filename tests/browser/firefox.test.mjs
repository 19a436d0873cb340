// The page in Firefox, from disk: what browsers differ in (pages from disk, storage, canvases, keys, WebGL). Headless
// Firefox has no WebGL in software, and then the page must say so; with CLEFT_WINDOW=1 a window is opened, which has it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { countColours, countNear } from "./support/png.mjs";
import { counts, launchFirefox, makeReport, press, selectedId, shownObject, withPage } from "./support/open.mjs";

// The last is a style that playwright adds to a page to take its picture, and that the page's policy refuses.
const allowed = [/WebGL/, /sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT\+SmwNZWA=/];

let browser, report, largest;
before(async () => {
  report = makeReport();
  largest = report.data.pictures.chosen;
  browser = await launchFirefox();
});
after(async () => {
  await browser?.close();
  report.remove();
});

const inPage = (address, body, options) => withPage(browser, report, address, body, { allowed, ...options });
const picture = (locator) => locator.screenshot({ caret: "initial" });

test("it is ready, with names that are HTML as text", () =>
  inPage("", async (page) => {
    assert.equal(await page.getAttribute("html", "data-ready"), "yes");
    assert.ok((await page.textContent(".top h1")).includes("<img src=x"));
    assert.equal(await page.locator(".app img").count(), 0);
    assert.notEqual(await page.title(), "broken in");
  }));

test("pictures are not blank, in the grid and of one object, and outlines take the verdict's colour", async () => {
  await inPage("tab=grid", async (page) => {
    const tile = page.locator(`.tile[data-ready="${largest[0]}"] canvas`);
    await tile.waitFor();
    assert.ok(countColours(await picture(tile)) >= 50);
  });
  await inPage("tab=one", async (page) => {
    await shownObject(page, largest[0]);
    for (const view of ["xy", "xz", "yz"]) {
      const colours = countColours(await picture(page.locator(`.panel.${view} canvas`)));
      assert.ok(colours >= 50, `${view}: ${colours} colours`);
    }
    await press(page, "a");
    assert.ok(countNear(await picture(page.locator(".panel.xy canvas")), "#009e73", 12) > 200);
    const whole = await page.locator(".decide").evaluate((box) => box.scrollHeight <= box.clientHeight);
    assert.ok(whole, "what one decides by is not cut off");
  });
});

test("keys judge, counts follow, undo and redo; a reload keeps it", () =>
  inPage("tab=one", async (page) => {
    await shownObject(page, largest[0]);
    await press(page, "a", "j", "x", "j", "u");
    await shownObject(page, largest[2]);
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 1 });
    assert.equal(await page.textContent(".coverage"), "3 of 40 judged (7.5 %)");
    await press(page, "z", "z", "Shift+Z");
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 0 });
    assert.equal(await page.textContent(".kept"), "kept in this browser");
    await page.reload();
    await shownObject(page, largest[1]);
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 0 });
    assert.equal(await page.textContent(".kept"), "kept in this browser");
  }));

test("a missed synapse is marked at a place in a picture, by a click and by keys", () =>
  inPage("tab=one", async (page) => {
    await shownObject(page, largest[0]);
    await press(page, "m");
    await page.locator(".panel.xz canvas").click({ position: { x: 30, y: 30 } });
    await press(page, "ArrowRight", "Enter", "Escape");
    assert.equal(await page.textContent(".missed"), "+ 2 missed");
    assert.equal(await page.locator(".marks li").count(), 2);
  }));

test("tabs, tiles and dialogs are used by keys; the filter stands in the address and is there after a reload", () =>
  inPage("", async (page) => {
    await page.focus("[role=tab][aria-selected=true]");
    await press(page, "ArrowRight", "f");
    await page.keyboard.type("decisive_ratio > 20");
    await press(page, "Enter", "Escape");
    const fits = report.objects.filter(({ ratio }) => ratio > 20);
    assert.equal(await page.getAttribute(".table", "aria-rowcount"), String(fits.length + 1));
    assert.match(await page.evaluate(() => decodeURIComponent(location.hash)), /tab=table.*in\.decisive_ratio=>[+ ]20/);
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    assert.equal(await page.getAttribute(".table", "aria-rowcount"), String(fits.length + 1));
    await press(page, "?");
    assert.ok(await page.locator("dialog.keys").isVisible());
    await press(page, "Escape", "x");
    assert.deepEqual(await counts(page), { accept: 0, reject: 1, unsure: 0 });
    const selected = await selectedId(page);
    assert.ok(fits.some(({ id }) => id === selected));
  }));

test("the scene is drawn, or the page says why not", () =>
  inPage("tab=scene", async (page) => {
    await page.waitForSelector(".scene-tab[data-ready]");
    if ((await page.getAttribute(".scene-tab", "data-ready")) === "yes") {
      assert.ok(countColours(await picture(page.locator(".scene-tab canvas"))) >= 50);
    } else {
      assert.ok(await page.locator(".scene-tab .words").isVisible());
      assert.match(await page.textContent(".scene-tab .words"), /no WebGL/);
    }
  }));
