// Decisions: by keys, by clicks, undone, kept, saved, loaded.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { tableChecksum } from "../web/support/fixture.mjs";
import { countNear } from "./support/png.mjs";
import { counts, launch, makeReport, press, selectedId, shownObject, withPage } from "./support/open.mjs";

let browser, report, largest;
before(async () => {
  report = makeReport();
  largest = report.data.pictures.chosen;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  report.remove();
});

const inPage = (address, body, options) => withPage(browser, report, address, body, options);

async function saved(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click('header button:text-is("Save")')]);
  assert.equal(download.suggestedFilename(), "review.json");
  return readFileSync(await download.path(), "utf8");
}

async function load(page, text, name = "review.json") {
  await page.setInputFiles("header input[type=file]", {
    name,
    mimeType: "application/json",
    buffer: Buffer.from(text),
  });
}

test("keys judge, counts and coverage follow, undo and redo", () =>
  inPage("tab=one", async (page) => {
    await shownObject(page, largest[0]);
    await press(page, "a", "j", "x", "j", "u", "j", "x", "c");
    await shownObject(page, largest[3]);
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 1 });
    assert.equal(await page.textContent(".coverage"), "3 of 40 judged (7.5 %)");
    await press(page, "z", "z", "z");
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 0 });
    assert.equal(await selectedId(page), largest[2]);
    await press(page, "Shift+Z");
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 1 });
    assert.equal(await page.getAttribute(".verdict.unsure", "aria-pressed"), "true");
  }));

test("the next unjudged one; at the end it stops and says so", () =>
  inPage("tab=one", async (page) => {
    await shownObject(page, largest[0]);
    await press(page, "j", "x", "k", "Shift+J");
    assert.equal(await selectedId(page), largest[2]);
    for (let i = 0; i < 45; ++i) await press(page, "j");
    assert.equal(await selectedId(page), largest.at(-1));
    assert.match(await page.textContent(".said"), /last one; 39 of 40 shown are unjudged/);
    await press(page, "k");
    await shownObject(page, largest.at(-2));
    assert.equal(await page.textContent(".said"), "");
  }));

test("the outline takes the colour of the verdict", () =>
  inPage("tab=one", async (page) => {
    await shownObject(page, largest[0]);
    for (const [key, colour] of [
      ["a", "#009e73"],
      ["x", "#d55e00"],
      ["u", "#e69f00"],
    ]) {
      await press(page, key);
      const seen = countNear(await page.locator(".panel.xy canvas").screenshot(), colour, 12);
      assert.ok(seen > 200, `${key}: ${seen} pixels`);
    }
  }));

test("a click on a tile goes through all verdicts; Enter opens it", () =>
  inPage("tab=grid", async (page) => {
    const tile = page.locator(`.tile[data-id="${largest[1]}"]`);
    const sign = async () => tile.locator(".sign").textContent();
    const seen = [];
    for (let i = 0; i < 4; ++i) {
      await tile.locator(".face").click();
      seen.push(await sign());
    }
    assert.deepEqual(seen, ["✓", "✗", "?", "·"]);
    await press(page, "Enter");
    await shownObject(page, largest[1]);
  }));

test("without a mouse: tabs, tiles and the table are reached by keys alone", () =>
  inPage("", async (page) => {
    await page.focus("[role=tab][aria-selected=true]");
    await press(page, "ArrowRight", "ArrowRight");
    assert.match(await page.evaluate(() => location.hash), /tab=grid/);
    await press(page, "ArrowRight", "ArrowLeft");
    await page.locator(".tile .face").first().focus();
    assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "solid");
    await press(page, "Space", "Tab", "Tab", "Space", "Space");
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 0 });
    await press(page, "ArrowRight", "ArrowDown", "u", "Escape", "?");
    assert.ok(await page.locator("dialog.keys").isVisible());
    await press(page, "x", "Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 1 });
  }));

test("keys are left alone where one types", () =>
  inPage("tab=table", async (page) => {
    await press(page, "f");
    await page.keyboard.type("axuc");
    assert.deepEqual(await counts(page), { accept: 0, reject: 0, unsure: 0 });
    assert.equal(await page.inputValue(".find"), "axuc");
    await press(page, "Escape", "x");
    assert.deepEqual(await counts(page), { accept: 0, reject: 1, unsure: 0 });
  }));

test("all shown at once: asked above 50, one step to undo", () =>
  inPage("tab=table", async (page) => {
    await page.click("text=Accept all 60");
    assert.match(await page.textContent("dialog"), /Accept all 60 objects shown\?/);
    await press(page, "Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    assert.equal((await counts(page)).accept, 0);
    await page.click("text=Accept all 60");
    await page.click("dialog >> text=Yes");
    await page.waitForSelector("dialog", { state: "detached" });
    assert.equal((await counts(page)).accept, 60);
    assert.equal(await page.textContent(".coverage"), "40 of 40 judged (100 %)");
    await press(page, "z");
    assert.equal((await counts(page)).accept, 0);
    await press(page, "g");
    await page.click("text=Reject all 40");
    assert.equal(await page.locator("dialog").count(), 0);
    assert.equal((await counts(page)).reject, 40);
  }));

test("decisions are kept over a reload, and the header says so", () =>
  inPage("tab=one", async (page) => {
    await shownObject(page, largest[0]);
    assert.equal(await page.textContent(".kept"), "nothing to keep yet");
    await press(page, "a", "j", "x");
    assert.equal(await page.textContent(".kept"), "kept in this browser");
    await page.reload();
    await shownObject(page, largest[1]);
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 0 });
    assert.equal(await page.textContent(".kept"), "kept in this browser");
  }));

test("a browser that refuses to keep: told, and judging and saving work", () => {
  const before = (page) =>
    page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
  return inPage(
    "tab=grid",
    async (page) => {
      await press(page, "x");
      assert.match(await page.textContent(".kept"), /NOT kept/);
      assert.deepEqual(JSON.parse(await saved(page)).decisions, { [largest[0]]: "reject" });
    },
    { before },
  );
});

test("saved, loaded in another browser, saved again: the same bytes", async () => {
  let text;
  await inPage("tab=one", async (page) => {
    await shownObject(page, largest[0]);
    await press(page, "a", "j", "x", "j", "u", "m");
    await page.locator(".panel.xy canvas").click(); // in its middle
    await press(page, "Escape");
    text = await saved(page);
  });
  const file = JSON.parse(text);
  assert.deepEqual(file.run, { table: tableChecksum, model: report.data.run.model });
  assert.deepEqual(file.chosen, { how: "largest", ids: [...largest].sort((a, b) => a - b) });
  assert.deepEqual(file.decisions, { [largest[0]]: "accept", [largest[1]]: "reject", [largest[2]]: "unsure" });
  assert.equal(file.missed.length, 1);
  await inPage("tab=table", async (page) => {
    await press(page, "x");
    await load(page, text);
    await page.waitForSelector(".said:has-text('3 verdicts, 1 missed')");
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 1 });
    assert.equal(await saved(page), text);
    await press(page, "z");
    assert.deepEqual(await counts(page), { accept: 0, reject: 1, unsure: 0 });
  });
});

test("files that are no review of this run are refused in one line and change nothing", () =>
  inPage("tab=table", async (page) => {
    await press(page, "a");
    const good = JSON.parse(await saved(page));
    const cases = [
      ["{", /was not loaded: it is no JSON/],
      [JSON.stringify({ ...good, run: { table: "f00d" } }), /another run's table \("f00d"\)/],
      [JSON.stringify({ ...good, version: 9 }), /version 9/],
      [JSON.stringify({ ...good, decisions: { 999: "accept" } }), /"999", which is no id/],
      [JSON.stringify({ ...good, decisions: { 1: "<img src=x onerror=alert(1)>" } }), /verdict on 1 is "<img/],
    ];
    for (const [text, expected] of cases) {
      await load(page, text, "theirs<b>.json");
      await page.waitForFunction(
        (source) => new RegExp(source).test(document.querySelector(".said").textContent),
        expected.source,
      );
      assert.match(await page.textContent(".said"), /theirs<b>\.json/);
      assert.deepEqual(await counts(page), { accept: 1, reject: 0, unsure: 0 });
    }
  }));

test("a missed synapse is marked by a click at its voxel, in each of the sections, and by keys", () =>
  inPage(`tab=one`, async (page) => {
    await shownObject(page, largest[0]);
    await page.click("text=Mark a missed one");
    const mesh = readFileSync(`${report.folder}/data/meshes/${largest[0]}.js`, "utf8");
    const { picture } = JSON.parse(mesh.slice(mesh.indexOf("{"), mesh.lastIndexOf("}") + 1));
    const expected = [];
    const axes = { xy: [1, 2], xz: [0, 2], yz: [1, 0] };
    for (const kind of ["xy", "xz", "yz"]) {
      const views = picture.views.filter((view) => view.kind === kind);
      const view = views[Math.floor(views.length / 2)];
      const { width, height } = await page.locator(`.panel.${kind} canvas`).boundingBox();
      await page.locator(`.panel.${kind} canvas`).click({ position: { x: width / 4, y: height / 4 } });
      const place = [...view.first_voxel];
      [
        [view.height, 0],
        [view.width, 1],
      ].forEach(([size, i]) => (place[axes[kind][i]] += (size / 4 - 0.5) * view.voxel_per_pixel[i]));
      expected.push(place);
    }
    await press(page, "ArrowRight", "Enter", "Escape");
    const { missed } = JSON.parse(await saved(page));
    assert.equal(missed.length, 4);
    expected.forEach((place, i) =>
      place.forEach((part, axis) => {
        assert.ok(
          Number.isInteger(missed[i][axis]) && Math.abs(missed[i][axis] - part) <= 1.5,
          `${missed[i]} for ${place}`,
        );
      }),
    );
    assert.equal(await page.textContent(".missed"), "+ 4 missed");
    const crosses = countNear(await page.locator(".panel.xy canvas").screenshot(), "#cc79a7", 25);
    assert.ok(crosses > 20, `${crosses} pixels of crosses`);
    await page.click(".marks li >> nth=0 >> button");
    assert.equal(await page.textContent(".missed"), "+ 3 missed");
    await page.locator(".panel.xy canvas").click({ position: { x: 40, y: 40 } });
    assert.equal(await page.textContent(".missed"), "+ 3 missed", "Escape ended marking");
  }));
