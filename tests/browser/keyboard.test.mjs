// Without a mouse: every control is reached by Tab, is seen while it has the focus, and does its work by keys.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, launch, makeReport, press, selectedId, shownObject, withPage } from "./support/open.mjs";

let browser, report, largest;
before(async () => {
  report = makeReport({ rows: 12, pictures: 12 });
  largest = report.data.pictures.chosen;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  report.remove();
});

// In the page: what Tab should reach (rows of the table and tabs not open are reached by j, k and arrow keys), numbered.
function numberControls() {
  const otherwise = ".table .row *, [role=tab][aria-selected=false]";
  const controls = [...document.querySelectorAll("button, input, select, a[href], canvas[tabindex], summary")].filter(
    (element) =>
      !element.matches(otherwise) && !element.disabled && element.checkVisibility({ visibilityProperty: true }),
  );
  controls.forEach((element, i) => (element.dataset.number = String(i)));
  return controls.length;
}

function focused() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
  return {
    number: element.dataset.number,
    name: `${element.className} ${element.textContent || element.getAttribute("aria-label")}`.trim(),
    ringed: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    inSight: width > 0 && height > 0 && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight,
  };
}

for (const tab of ["overview", "table", "grid", "one", "scene"]) {
  test(`${tab}: Tab reaches every control, and each is seen to have the focus`, () =>
    withPage(browser, report, `tab=${tab}`, async (page) => {
      if (tab === "one") await shownObject(page, largest[0]);
      if (tab === "grid") await page.waitForSelector(".tile[data-ready]");
      if (tab === "scene") await page.waitForSelector(".scene-tab[data-ready=yes]");
      const count = await page.evaluate(numberControls);
      const reached = new Set();
      for (let i = 0; i < count + 20; ++i) {
        await press(page, "Tab");
        const at = await page.evaluate(focused);
        if (at === null) break;
        assert.ok(at.ringed, `${at.name}: no ring`);
        assert.ok(at.inSight, `${at.name}: out of sight`);
        if (at.number !== undefined) reached.add(at.number);
      }
      assert.equal(reached.size, count);
      assert.ok(count >= 4);
    }));
}

test("a whole review by keys: sort, filter, look, judge, save", () =>
  withPage(browser, report, "tab=table", async (page) => {
    await page.focus(".table .sort >> nth=0"); // id
    await press(page, "Enter");
    assert.equal(await page.textContent(".table .row[aria-rowindex='2'] .id"), "1");
    await page.focus("[aria-label='Range of size']");
    await page.keyboard.type(">0");
    await press(page, "Enter", "Escape", "j", "Enter");
    await page.waitForSelector(".one[data-shown]");
    await page.focus(".verdict.reject");
    await press(page, "Enter");
    assert.deepEqual(await counts(page), { accept: 0, reject: 1, unsure: 0 });
    const judged = await selectedId(page);
    await press(page, "g");
    await page.focus(`.tile[data-id="${judged}"] .face`);
    await press(page, "Space");
    assert.deepEqual(await counts(page), { accept: 0, reject: 0, unsure: 1 });
    await page.focus("header >> text=Save");
    const [download] = await Promise.all([page.waitForEvent("download"), press(page, "Enter")]);
    assert.equal(download.suggestedFilename(), "review.json");
  }));

test("a dialog keeps the focus, and gives it back", () =>
  withPage(browser, report, "tab=grid", async (page) => {
    await page.focus("header >> text=Keys");
    await press(page, "Enter");
    for (let i = 0; i < 3; ++i) {
      await press(page, "Tab");
      const behind = await page.evaluate(() => {
        const element = document.activeElement;
        return element !== document.body && !element.closest("dialog");
      });
      assert.equal(behind, false);
    }
    await press(page, "Escape");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Keys");
  }));
