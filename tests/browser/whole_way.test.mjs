// The whole way, with the program itself: a run's report is judged in the browser, and what the page saves is taken
// by `cleft review`, whose labels train a second forest. On a phantom and, where it is there, on a real stack.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { counts, launch, press, selectedId, shownObject, withPage } from "./support/open.mjs";
import { countColours } from "./support/png.mjs";

const program = process.env.CLEFT_EXECUTABLE;
const environment = path.join(process.env.CLEFT_SOURCE_DIR, "tools/mpi-environment");
const realData = path.join(process.env.CLEFT_SHARED_DIR, "data/drosophila-vnc");

let browser, folder;
before(async () => {
  browser = await launch();
  folder = mkdtempSync(path.join(os.tmpdir(), "cleft_way_"));
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs cleft in the folder of the test; what it printed. */
function cleft(ranks, ...words) {
  const run = `. "${environment}"; exec timeout -k 5 240 ${ranks ? `mpirun -n ${ranks} ` : ""}"$@"`;
  const done = spawnSync("/bin/sh", ["-c", run, "sh", program, ...words], { cwd: folder, encoding: "utf8" });
  assert.equal(done.status, 0, `cleft ${words.join(" ")}\n${done.stderr}`);
  return done.stdout;
}

const columns = (file) => readFileSync(path.join(folder, file), "utf8").trim().split("\n").map((line) => line.split(","));

/** Pictures, outlines, keys, counts, undo and reload on the report of a run; the review that the page saved. */
async function judge(run) {
  let text;
  await withPage(browser, { folder: path.join(folder, run, "report") }, "tab=one", async (page) => {
    const first = await selectedId(page);
    await shownObject(page, first);
    for (const view of ["xy", "xz", "yz"])
      assert.ok(countColours(await page.locator(`.panel.${view} canvas`).screenshot()) >= 50, `${run}: ${view}`);
    await press(page, "a", "j");
    const second = await selectedId(page);
    await press(page, "x", "j", "u", "z");
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 0 });
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    assert.deepEqual(await counts(page), { accept: 1, reject: 1, unsure: 0 });
    const [download] = await Promise.all([page.waitForEvent("download"), page.click('header button:text-is("Save")')]);
    text = readFileSync(await download.path(), "utf8");
    assert.deepEqual(JSON.parse(text).decisions, { [first]: "accept", [second]: "reject" });
  });
  await withPage(browser, { folder: path.join(folder, run, "report") }, "tab=scene", async (page) => {
    await page.waitForSelector(".scene-tab[data-ready=yes]");
    assert.ok(countColours(await page.locator(".scene-tab canvas").screenshot()) >= 50, `${run}: scene`);
  });
  writeFileSync(path.join(folder, "review.json"), text);
  return JSON.parse(text);
}

test("a phantom: detect, judge, review, train again", async () => {
  writeFileSync(
    path.join(folder, "run.yaml"),
    `volume: {path: phantom.h5, dataset: /raw}
labels: {path: phantom.h5, dataset: /labels}
features: {texture: [1.6], color: [0.7, 1.6], edge: [1.6]}
forest: {trees: 10, seed: 3}
model: first.model.h5
threshold: {sigma: [0.5, 1, 1], core_ratio: 1, reference_ratio: 0.3}
filter: {min_size: 3}
run: {directory: results, memory_per_rank: 512MiB}
report: {make: true}
`,
  );
  cleft(0, "phantom", "phantom.h5", "--extent", "40,110,120", "--voxel-size", "12,16,16", "--seed", "1");
  cleft(0, "train", "run.yaml");
  cleft(2, "detect", "run.yaml");
  const { decisions } = await judge("results");
  const printed = cleft(2, "review", "results", "review.json", "--labels", "decisions.h5");
  const rejected = Object.keys(decisions).find((id) => decisions[id] === "reject");
  const before = columns("results/synapses.csv");
  const reviewed = columns("results/synapses_reviewed.csv");
  assert.equal(reviewed.length, before.length - 1, printed);
  assert.ok(!reviewed.some(([id]) => id === rejected));
  cleft(0, "train", "run.yaml", "--set", "model=second.model.h5", "--set",
    "labels=[{path: phantom.h5, dataset: /labels}, {path: decisions.h5, dataset: /labels}]");
  assert.ok(existsSync(path.join(folder, "second.model.h5")));
});

test("a real stack", { skip: !existsSync(realData) && "skipped: the real stack is not there" }, async () => {
  const settings = Object.entries({
    "volume.path": path.join(realData, "raw.h5/raw"),
    "labels.path": path.join(realData, "sparse_labels.h5/labels"),
    "forest.trees": "20",
    "model": "real.model.h5",
    "run.directory": "real",
    "volume.box": "[0:6, 200:600, 200:600]",
    "threshold.core_ratio": "2",
    "report.make": "true",
  }).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const configuration = path.join(process.env.CLEFT_SOURCE_DIR, "configs/sstem-anisotropic.yaml");
  cleft(0, "train", configuration, ...settings);
  cleft(2, "detect", configuration, ...settings);
  await judge("real");
  assert.match(cleft(2, "review", "real", "review.json"), /synapses_reviewed\.csv/);
});
