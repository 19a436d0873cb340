// A report of a test in its own folder, opened from disk in a headless browser, and watched: nothing may be asked of
// a host, no rule of the page's security policy may be broken, no script may fail.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, firefox } from "playwright-core";
import { writeReport } from "../../web/support/fixture.mjs";

// Bundled tests stand in a folder of the build folder of src/web, which also holds the page's script.
const build = process.env.CLEFT_WEB_BUILD ?? path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const patience = 60_000; // ms: a machine may be busy; nothing waits longer than it must

export function makeReport(given) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cleft_page_"));
  const written = writeReport(folder, build, given);
  return { folder, ...written, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function launch(flags = []) {
  return chromium.launch({
    executablePath: process.env.CLEFT_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", ...flags], // there is no sandbox for root
    timeout: patience,
  });
}

/** Debian's Firefox as it is, by WebDriver BiDi: playwright's channel for a Firefox that is not its own. */
export function launchFirefox() {
  return firefox.launch({
    channel: "moz-firefox",
    executablePath: process.env.CLEFT_FIREFOX ?? "/usr/bin/firefox-esr",
    headless: process.env.CLEFT_WINDOW !== "1",
    timeout: patience,
  });
}

/** Opens `address` (what stands behind "#") of a report, runs `body(page)`, and then looks whether the page behaved. */
export async function withPage(browser, report, address, body, { before, allowed = [], ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    ...options,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const problems = watch(page);
    if (before) await before(page);
    await page.goto(`${pathToFileURL(path.join(report.folder, "index.html"))}#${address}`);
    await page.waitForSelector("html[data-ready]");
    await body(page);
    await nothingBrokeIn(page);
    assert.deepEqual(
      problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem))),
      [],
    );
  } finally {
    await context.close();
  }
}

/**
 * Names of the run, of the class and of rows are HTML that changes the title, if it is ever taken for HTML. The only
 * picture of the page's own is that of the overview.
 */
async function nothingBrokeIn(page) {
  const strangers = "#app img:not([src='pictures/overview.jpg']), #app b:has-text('bold & bad'), dialog img";
  assert.notEqual(await page.title(), "broken in");
  assert.equal(await page.locator(strangers).count(), 0);
}

function watch(page) {
  const problems = [];
  page.on("pageerror", (error) => problems.push(`failed: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && problems.push(`said: ${message.text()}`));
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || problems.push(`asked: ${request.url()}`));
  return problems;
}

/** The counts in the page's header. */
export async function counts(page) {
  const read = async (verdict) => Number(await page.textContent(`.tally[data-verdict=${verdict}] b`));
  return { accept: await read("accept"), reject: await read("reject"), unsure: await read("unsure") };
}

export async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

export const selectedId = (page) => page.evaluate(() => Number(new URLSearchParams(location.hash.slice(1)).get("id")));
export const shownObject = (page, id) => page.waitForSelector(`.one[data-shown="${id}"]`);
