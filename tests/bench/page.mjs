// How fast a report's page is, in headless Chromium with software rendering. From the repository's root, after
// `tools/build dev`:
//
//   node build/dev/web/bench/page.mjs        prints a table; what was aimed at stands beside it
//
// Bundled by src/web/build.mjs. Reports are made in a temporary folder: 1,000 and 5,000 objects, 1,000 of them with
// pictures.
import { launch, makeReport, shownObject } from "../browser/support/open.mjs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const presses = 40;
const scrolls = 40;
const runs = 5;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const ms = (value) => `${value.toFixed(1)} ms`;

function print(what, values, aim) {
  const worst = Math.max(...values);
  process.stdout.write(
    `${what.padEnd(44)} median ${ms(median(values)).padStart(10)}  worst ${ms(worst).padStart(10)}  ${aim}\n`,
  );
}

async function opened(browser, report, tab) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(120_000);
  await page.goto(`${pathToFileURL(path.join(report.folder, "index.html"))}#tab=${tab}`);
  await page.waitForSelector("html[data-ready]");
  return page;
}

/** From the start of loading until the page can be used; of the scene until its first frame. */
async function ready(browser, report, tab) {
  const times = [];
  for (let i = 0; i < runs; ++i) {
    const page = await opened(browser, report, tab);
    if (tab === "scene") {
      await page.waitForSelector(".scene-tab[data-ready]");
      times.push(await page.evaluate(() => performance.now()));
    } else {
      times.push(await page.evaluate(() => performance.getEntriesByName("ready")[0].startTime));
    }
    await page.close();
  }
  return times;
}

/**
 * From a key press until the frame in which the next object's picture is on the page; half a second between
 * presses.
 */
async function nextPicture(page) {
  const times = [];
  for (let i = 0; i < presses; ++i) {
    times.push(
      await page.evaluate(
        () =>
          new Promise((resolve) => {
            const root = document.querySelector(".one");
            const before = root.dataset.shown;
            const begin = performance.now();
            const done = () =>
              root.dataset.shown !== before && requestAnimationFrame(() => resolve(performance.now() - begin));
            new MutationObserver(done).observe(root, { attributes: true });
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
          }),
      ),
    );
    await page.waitForTimeout(500);
  }
  return times;
}

/**
 * Filling the table's rows after a jump to other ones; and until the frame after, when the browser has laid out
 * and drawn.
 */
async function redraw(page) {
  const times = [];
  for (let i = 0; i < scrolls; ++i) {
    times.push(
      await page.evaluate(
        (part) =>
          new Promise((resolve) => {
            const list = document.querySelector(".table-scroll");
            const real = window.requestAnimationFrame;
            window.requestAnimationFrame = (draw) =>
              real((now) => {
                const begin = performance.now();
                draw(now);
                const filled = performance.now() - begin;
                real(() => resolve([filled, performance.now() - begin]));
              });
            list.scrollTop = part * list.scrollHeight;
            list.dispatchEvent(new Event("scroll"));
            window.requestAnimationFrame = real;
          }),
        (i + 0.5) / scrolls,
      ),
    );
  }
  return times;
}

for (const [rows, aim] of [
  [1000, "< 2000 ms"],
  [5000, "< 4000 ms"],
]) {
  const report = makeReport({ rows, pictures: 1000, sections: 5, extent: [600, 8000, 8000] });
  const browser = await launch();
  try {
    for (const tab of ["overview", "table", "grid", "one", "scene"]) {
      print(`${rows} objects, page ready with ${tab}`, await ready(browser, report, tab), aim);
    }
    const one = await opened(browser, report, "one");
    await shownObject(one, report.data.pictures.chosen[0]);
    await one.waitForTimeout(1000);
    print(`${rows} objects, key to next picture`, await nextPicture(one), "< 50 ms");
    const times = await redraw(await opened(browser, report, "table"));
    print(
      `${rows} objects, list redraw`,
      times.map(([filled]) => filled),
      "< 5 ms",
    );
    print(
      `${rows} objects, list redraw to next frame`,
      times.map(([, framed]) => framed),
      "(a frame is 16.7 ms)",
    );
  } finally {
    await browser.close();
    report.remove();
  }
}
