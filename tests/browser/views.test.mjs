// Every view shows what it should, from disk, with names that are HTML; nothing of them becomes HTML.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { evil } from "../web/support/fixture.mjs";
import { countColours, countNear } from "./support/png.mjs";
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

test("overview: what the program wrote, and the run's and the class's names as text", () =>
  withPage(browser, report, "", async (page) => {
    assert.equal(await page.getAttribute("html", "data-ready"), "yes");
    assert.ok(await page.locator("#panel-overview #overview").isVisible());
    assert.ok((await page.textContent(".top h1")).includes(evil));
  }));

test("table: all rows, largest first, with their values", () =>
  withPage(browser, report, "tab=table", async (page) => {
    assert.equal(await page.getAttribute(".table", "aria-rowcount"), "61");
    const row = await page.locator(".table .row[aria-rowindex='2'] .cell").allTextContents();
    const expected = report.data.columns.map(({ kind, digits, values }) => {
      const value = values[largest[0] - 1];
      if (value === null) return "–";
      return kind === "real" ? value.toFixed(digits) : kind === "flag" ? (value ? "yes" : "no") : String(value);
    });
    assert.deepEqual(row.slice(1), expected);
    await page.locator(".table-scroll").evaluate((element) => (element.scrollTop = element.scrollHeight));
    const smallest = report.objects.reduce((a, b) => (b.size < a.size ? b : a));
    await page.waitForSelector(`.table .row[aria-rowindex="61"]:has-text("${smallest.size}")`);
  }));

test("table: texts with HTML stand as text, what is missing as a dash", () =>
  withPage(browser, report, `tab=table&in.remark=${encodeURIComponent("<b>")}`, async (page) => {
    const fits = report.data.columns
      .find(({ name }) => name === "remark")
      .values.filter((text) => text.includes("<b>"));
    assert.equal(await page.getAttribute(".table", "aria-rowcount"), String(fits.length + 1));
    assert.ok((await page.locator(".table .row .text").first().textContent()).includes("<b>bold & bad</b>"));
  }));

test("grid: tiles of those with pictures, and pictures that are not blank", () =>
  withPage(browser, report, "tab=grid", async (page) => {
    const tile = page.locator(`.tile[data-ready="${largest[0]}"]`);
    await tile.waitFor();
    const picture = await tile.locator("canvas").screenshot();
    assert.ok(countColours(picture) >= 50, `${countColours(picture)} colours`);
    assert.ok(countNear(picture, "#56b4e9", 30) > 50, "the outline in the colour of the unjudged");
    assert.match(await page.textContent(".bar .count"), /60 objects, 40 with pictures/);
  }));

test("one: three sections of the same scale and a surface; the slider and arrow keys go through sections", () =>
  withPage(browser, report, "tab=one", async (page) => {
    await shownObject(page, largest[0]);
    await page.waitForSelector(`.one[data-surface="${largest[0]}"]`);
    for (const view of ["xy", "xz", "yz"]) {
      assert.ok(countColours(await page.locator(`.panel.${view} canvas`).screenshot()) >= 50, view);
    }
    const [xy, xz, yz] = await Promise.all(
      ["xy", "xz", "yz"].map((view) => page.locator(`.panel.${view}`).boundingBox()),
    );
    assert.ok(
      Math.abs(xy.width - xz.width) <= 1 && Math.abs(xy.height - yz.height) <= 1 && Math.abs(yz.width - xz.height) <= 1,
    );
    const room = await page.locator(".crossed").boundingBox();
    for (const box of [xy, xz, yz]) {
      const inside = box.x >= room.x && box.y >= room.y && box.x + box.width <= room.x + room.width + 1;
      assert.ok(inside && box.y + box.height <= room.y + room.height + 1, "nothing is cut off");
    }
    const surface = await page.locator(".one .stage canvas").screenshot();
    assert.ok(countColours(surface) >= 50, `${countColours(surface)} colours of the surface`);
    const before = await page.locator(".panel.xy canvas").screenshot();
    await press(page, "ArrowRight");
    assert.match(await page.textContent(".where"), /4 of 5/);
    assert.ok(!before.equals(await page.locator(".panel.xy canvas").screenshot()));
    await press(page, "ArrowRight", "ArrowRight", "ArrowRight");
    assert.match(await page.textContent(".where"), /5 of 5/);
    await page.locator(".slide input").fill("0");
    assert.match(await page.textContent(".where"), /1 of 5/);
  }));

test("one: the fourth quarter holds what one decides by, and says nothing twice", () => {
  const seen = async (page) => {
    const texts = async (name) => (await page.locator(`.measures ${name}`).allInnerTexts()).map((text) => text.trim());
    const values = await texts("dd");
    return Object.fromEntries((await texts("dt")).map((title, i) => [title, values[i]]));
  };
  return withPage(browser, report, "tab=one", async (page) => {
    await shownObject(page, largest[0]);
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ]) {
      await page.setViewportSize({ width, height });
      const [quarter, xz, yz, room] = await Promise.all(
        [".decide", ".panel.xz", ".panel.yz", ".crossed"].map((name) => page.locator(name).boundingBox()),
      );
      assert.ok(Math.abs(quarter.y - xz.y) <= 1 && Math.abs(quarter.x - yz.x) <= 1, "beside XZ, below YZ");
      assert.ok(quarter.y + quarter.height <= room.y + room.height + 1);
      const fits = await page.locator(".decide").evaluate((box) => {
        return box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth;
      });
      assert.ok(fits, `nothing is cut off at ${width} x ${height}`);
    }
    const column = (name) => report.data.columns.find((one) => one.name === name).values[largest[0] - 1];
    const measures = await seen(page);
    assert.equal(measures["size voxels"], column("size_voxels").toLocaleString("en"));
    assert.ok(measures["decisive ratio"].startsWith(`${column("decisive_ratio").toFixed(2)} / 7`));
    assert.equal(measures.chosen, "of the largest");
    const listed = (await page.locator(".facts dt").allInnerTexts()).map((text) => text.trim());
    assert.ok(listed.includes("cores") && !listed.some((text) => /size|ratio|probability|axis/.test(text)));
    await page.click('.choices button:has-text("Reject")');
    assert.match(await page.textContent(".standing"), /rejected/);
    assert.deepEqual(await page.locator(".choices kbd").allInnerTexts(), ["a", "x", "u", "c"]);
  });
});

test("one: outlines come and go with a key", () =>
  withPage(browser, report, "tab=one", async (page) => {
    await shownObject(page, largest[0]);
    const canvas = page.locator(".panel.xy canvas");
    const outlined = countNear(await canvas.screenshot(), "#56b4e9", 30);
    await press(page, "o");
    const bare = countNear(await canvas.screenshot(), "#56b4e9", 30);
    assert.ok(outlined > 200 && bare === 0, `${outlined} and ${bare} pixels of the outline`);
  }));

test("one: the surface turns with the mouse and with keys", () =>
  withPage(browser, report, "tab=one", async (page) => {
    await page.waitForSelector(`.one[data-surface="${largest[0]}"]`);
    const canvas = page.locator(".one .stage canvas");
    const shots = [await canvas.screenshot()];
    const drawnAgain = () => page.waitForSelector(`.one[data-surface="${largest[0]}"]`);
    const forget = () => page.evaluate(() => delete document.querySelector(".one").dataset.surface);
    const { x, y } = await canvas.boundingBox();
    await forget();
    await page.mouse.move(x + 100, y + 100);
    await page.mouse.down();
    await page.mouse.move(x + 180, y + 120);
    await page.mouse.up();
    await drawnAgain();
    shots.push(await canvas.screenshot());
    await canvas.focus();
    await forget();
    await press(page, "ArrowLeft");
    await drawnAgain();
    shots.push(await canvas.screenshot());
    assert.ok(!shots[0].equals(shots[1]) && !shots[1].equals(shots[2]));
    assert.match(await page.textContent(".where"), /3 of 5/, "its arrow keys do not change the section");
  }));

test("one: an object without a surface, and one without a picture, say so", () =>
  withPage(browser, report, `tab=one&id=${largest.at(-1)}`, async (page) => {
    await shownObject(page, largest.at(-1));
    assert.match(await page.textContent(".surface .words"), /no surface/);
    const bare = report.objects.find(({ id }) => !largest.includes(id));
    await press(page, "f");
    await page.keyboard.type(String(bare.id));
    await press(page, "Enter");
    await page.waitForSelector(`.one[data-shown="words ${bare.id}"]`);
    assert.match(await page.textContent(".sections > .words"), /has no picture.*40 largest of 60/);
  }));

test("scene: colours of verdicts are seen", () =>
  withPage(browser, report, "tab=scene", async (page) => {
    await page.waitForSelector(".scene-tab[data-ready=yes]");
    const canvas = page.locator(".scene-tab canvas");
    assert.ok(countColours(await canvas.screenshot()) >= 50);
    assert.match(await page.textContent(".legend .unjudged"), /60 unjudged/);
    await page.evaluate(() => delete document.querySelector(".scene-tab").dataset.ready);
    await page.click("text=Reject all 60");
    await page.click("dialog >> text=Yes");
    await page.waitForSelector(".scene-tab[data-ready=yes]");
    assert.match(await page.textContent(".legend .reject"), /60 rejected/);
    const red = countNear(await canvas.screenshot(), "#d55e00", 40);
    assert.ok(red > 500, `${red} pixels`);
  }));

test("scene: a click opens an object, shift and a click reject it", () => {
  const single = makeReport({ rows: 1, pictures: 1, extent: [60, 200, 200], middle: true });
  return withPage(browser, single, "tab=scene", async (page) => {
    await page.waitForSelector(".scene-tab[data-ready=yes]");
    const { x, y, width, height } = await page.locator(".scene-tab canvas").boundingBox();
    await page.keyboard.down("Shift");
    await page.mouse.click(x + width / 2, y + height / 2);
    await page.keyboard.up("Shift");
    assert.deepEqual(await counts(page), { accept: 0, reject: 1, unsure: 0 });
    assert.match(await page.textContent(".legend .reject"), /1 rejected/);
    await page.mouse.click(x + 3, y + 3); // beside it
    assert.match(await page.evaluate(() => location.hash), /tab=scene/);
    await page.mouse.click(x + width / 2, y + height / 2);
    await shownObject(page, 1);
    assert.equal(await selectedId(page), 1);
  }).finally(single.remove);
});

test("names that are HTML are text in every view and dialog, and in what is said", () =>
  withPage(browser, report, "tab=one", async (page) => {
    await shownObject(page, largest[0]);
    for (const tab of ["Scene", "Grid", "Table", "One"]) {
      await page.click(`[role=tab]:text-is("${tab}")`);
      assert.ok((await page.textContent(".top .class")).includes(evil));
    }
    await page.fill(".find", evil);
    await press(page, "Enter");
    assert.ok((await page.textContent(".note")).includes(evil));
    await page.waitForFunction(() => location.hash.includes("onerror"));
    await page.reload(); // the same from the address
    await page.waitForSelector("html[data-ready]");
    assert.ok((await page.textContent(".note")).includes(evil));
  }));

test("the security policy holds: nothing of the page's text is run, no other host is asked", () =>
  withPage(
    browser,
    report,
    "",
    async (page) => {
      const policy = await page.getAttribute("meta[http-equiv='Content-Security-Policy']", "content");
      assert.match(policy, /^default-src 'none';/);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      const tried = await page.evaluate(async () => {
        const broken = new Set();
        const told = (event) => broken.add(event.effectiveDirective.replace(/-(elem|attr)$/, ""));
        document.addEventListener("securitypolicyviolation", told);
        const add = (tag, given) => {
          const element = Object.assign(document.createElement(tag), given);
          const done = new Promise((resolve) => (element.onload = element.onerror = resolve));
          document.body.append(element);
          return done;
        };
        add("script", { textContent: "document.title = 'broken in'" });
        add("style", { textContent: "body { opacity: 0.5 }" });
        add("div", { innerHTML: "<p onclick=\"document.title = 'broken in'\">x</p>" });
        document.querySelector("p[onclick]").click();
        const host = "https://example.invalid";
        const form = Object.assign(document.createElement("form"), { action: `${host}/form`, method: "post" });
        document.body.append(form);
        form.submit();
        await Promise.allSettled([
          fetch(`${host}/data`),
          add("img", { src: `${host}/x.png` }),
          add("script", { src: `${host}/x.js` }),
          add("link", { rel: "stylesheet", href: `${host}/x.css` }),
          add("iframe", { src: `${host}/frame` }),
        ]);
        return { broken: [...broken].sort(), opacity: getComputedStyle(document.body).opacity };
      });
      const expected = ["connect-src", "form-action", "frame-src", "img-src", "script-src", "style-src"];
      assert.deepEqual(tried, { broken: expected, opacity: "1" });
      await assert.rejects(
        page.addScriptTag({ content: "document.title = eval('\"broken in\"')" }),
        "text is not run as a script",
      );
    },
    { allowed: [/Content Security Policy/, /example\.invalid/] },
  ));
