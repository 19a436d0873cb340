// Makes the page's script of its sources: checks the types, bundles, and collects the licences of what is bundled.
//
//   node build.mjs FOLDER          FOLDER/report.js and FOLDER/LICENCES.txt
//   node build.mjs FOLDER tests    what tests/{web,browser,bench} hold: FOLDER/{tests,browser,bench}/*.mjs
//
// FOLDER is where `npm ci` was run (src/web/web.cmake does): packages are looked for there, so that none lies
// beside the sources.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const sources = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(process.argv[2] ?? ".");
const packages = path.join(folder, "node_modules");
const require = createRequire(path.join(folder, "package.json"));
const esbuild = require("esbuild");

function checkTypes() {
  const settings = {
    extends: path.join(sources, "tsconfig.json"),
    compilerOptions: {
      paths: {
        three: [path.join(packages, "@types/three/index.d.ts")],
        "three/*": [path.join(packages, "@types/three/*")],
      },
    },
    include: ["*.ts", "source", "review", "view"].map((name) => path.join(sources, name)),
  };
  const file = path.join(folder, "tsconfig.json");
  writeFileSync(file, JSON.stringify(settings, null, 2) + "\n");
  const compiler = path.join(path.dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const done = spawnSync(process.execPath, [compiler, "--project", file], { stdio: "inherit" });
  if (done.status !== 0) process.exit(1);
}

// Packages that have at least one file in the bundle, by the paths that esbuild noted.
function bundledPackages(inputs) {
  const names = new Set();
  for (const input of Object.keys(inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) names.add(match[1]);
  }
  return [...names].sort();
}

function licences(names) {
  const parts = ["report.js holds these packages, each under its own licence.\n"];
  for (const name of names) {
    const home = path.join(packages, name);
    const about = JSON.parse(readFileSync(path.join(home, "package.json"), "utf8"));
    const file = readdirSync(home).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no file with its licence`);
    parts.push(
      `${name} ${about.version} (${about.license})\n\n${readFileSync(path.join(home, file), "utf8").trim()}\n`,
    );
  }
  return parts.join("\n" + "-".repeat(80) + "\n\n");
}

async function bundlePage() {
  const result = await esbuild.build({
    entryPoints: [path.join(sources, "report.ts")],
    outfile: path.join(folder, "report.js"),
    nodePaths: [packages],
    tsconfig: path.join(sources, "tsconfig.json"),
    bundle: true,
    format: "iife", // a page from disk may load classic scripts only
    target: ["chrome100", "firefox100"],
    charset: "ascii",
    minify: true,
    legalComments: "none",
    banner: { js: "/* The page of a cleft report. Licences of what is in it: LICENCES.txt */" },
    metafile: true,
    logLevel: "warning",
  });
  writeFileSync(path.join(folder, "LICENCES.txt"), licences(bundledPackages(result.metafile.inputs)));
}

async function bundleTests(from, to) {
  const tests = path.resolve(sources, "../../tests", from);
  const out = path.join(folder, to);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await esbuild.build({
    entryPoints: readdirSync(tests)
      .filter((name) => name.endsWith(".mjs"))
      .map((name) => path.join(tests, name)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node18",
    external: ["playwright-core"],
    logLevel: "warning",
  });
}

if (process.argv[3] === "tests") {
  await bundleTests("web", "tests");
  await bundleTests("browser", "browser");
  await bundleTests("bench", "bench");
} else {
  checkTypes();
  await bundlePage();
}
