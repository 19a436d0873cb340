// Reports made of nothing, for the page's tests and benchmarks: ellipsoids in a smooth grey, with outlines,
// surfaces, a table. They hold what the page must bear: a class and a run with HTML in their names, missing values,
// objects without picture or surface.
//
//   node fixture.mjs FOLDER ASSETS [--rows 60] [--pictures 40] [--sections 5] [--surfaces no]
//
// ASSETS holds report.js and LICENCES.txt (what src/web/build.mjs makes); report.html and report.css are taken from
// src/web.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { columns, ellipsoids } from "./objects.mjs";
import { greyPng, sprite } from "./pictures.mjs";
import { coarse, sphere } from "./surfaces.mjs";

export const evil = "<img src=x onerror=\"document.title='broken in'\">";
export const tableChecksum = "0123456789abcdef";
const step_nm = 2;

/** Data of the page, as the program writes them: ASCII, and nothing in it can end a script. */
export function script(kind, data) {
  const text = JSON.stringify(data)
    .replace(/</g, "\\u003c")
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `cleft.load(${JSON.stringify(kind)}, ${text});\n`;
}

export function table(objects, options) {
  const chosen = [...objects]
    .sort((a, b) => b.size - a.size || a.id - b.id)
    .slice(0, options.pictures)
    .map(({ id }) => id);
  const all = options.pictures >= objects.length;
  return {
    format: "cleft report",
    version: 1,
    run: {
      name: options.name ?? `results ${evil}`,
      table: options.checksum ?? tableChecksum,
      model: "fedcba9876543210",
      cleft: "0.2.0",
    },
    volume: { extent: options.extent, voxel_size_nm: options.voxel, offset_nm: [0, 0, 0] },
    classes: ["membrane", evil, "rest"],
    foreground: evil,
    core_ratio: 7,
    reference_ratio: 1,
    count: objects.length,
    columns: columns(objects),
    pictures: {
      chosen,
      how: all ? "all" : "largest",
      why: all ? `all ${objects.length} objects` : `the ${chosen.length} largest of ${objects.length} objects`,
      sections: options.sections,
    },
    surfaces: options.surfaces,
    surfaces_why: options.surfaces ? "" : "report.surfaces is false",
    review: { sample: all },
  };
}

export function settings(given = {}) {
  const options = {
    rows: 60,
    pictures: 40,
    sections: 5,
    surfaces: true,
    script: '<script src="report.js"></script>',
    extent: [120, 1200, 1500],
    voxel: [20, 5, 5],
    ...given,
  };
  return { ...options, pictures: Math.min(options.pictures, options.rows) };
}

function writeObject(folder, object, options, number) {
  const { picture, pixels } = sprite(object, options);
  // Of all pictured ones the last has no surface: the page must say so.
  const bare = !options.surfaces || number === options.pictures - 1;
  const surface = bare ? null : { ...sphere(object, options.voxel, 18, 24, step_nm), normal: object.normal };
  writeFileSync(path.join(folder, picture.file), greyPng(picture.width, picture.height, pixels));
  writeFileSync(
    path.join(folder, `data/meshes/${object.id}.js`),
    script("object", { id: object.id, surface, picture }),
  );
}

function page(data, script) {
  const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const frame = readFileSync(path.join(webSources(), "report.html"), "utf8");
  const facts = `${data.count} objects of class ${escape(data.foreground)}`;
  const overview = `<h1>${escape(data.run.name)}</h1><p>${facts}</p>`;
  const parts = { TITLE: escape(data.run.name), OVERVIEW: overview, FIRST_ROWS: "<p>first rows</p>", SCRIPT: script };
  return frame.replace(/@([A-Z_]+)@/g, (_, name) => parts[name]);
}

// Bundled tests stand elsewhere: CLEFT_SOURCE_DIR says where the sources are.
function webSources() {
  return process.env.CLEFT_SOURCE_DIR ? path.join(process.env.CLEFT_SOURCE_DIR, "src/web") : "src/web";
}

/** Writes the report into `folder`; returns what is in its table. */
export function writeReport(folder, assets, given = {}) {
  const options = settings(given);
  for (const name of ["data/meshes", "pictures"]) mkdirSync(path.join(folder, name), { recursive: true });
  for (const name of ["report.js", "LICENCES.txt"]) copyFileSync(path.join(assets, name), path.join(folder, name));
  copyFileSync(path.join(webSources(), "report.css"), path.join(folder, "report.css"));
  const objects = ellipsoids(options);
  const data = table(objects, options);
  const byId = new Map(objects.map((object) => [object.id, object]));
  data.pictures.chosen.forEach((id, number) => writeObject(folder, byId.get(id), options, number));
  writeFileSync(path.join(folder, "data/table.js"), script("table", data));
  writeFileSync(path.join(folder, "data/scene.js"), script("scene", coarse(objects, options)));
  writeFileSync(path.join(folder, "index.html"), page(data, options.script));
  return { data, objects };
}

if (process.argv[1]?.endsWith("fixture.mjs")) {
  const [folder, assets, ...rest] = process.argv.slice(2);
  const given = {};
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const name = rest[i].replace(/^--/, "");
    given[name] = name === "surfaces" ? rest[i + 1] !== "no" : Number(rest[i + 1]);
  }
  if (!folder || !assets) {
    process.stderr.write(
      "usage: node fixture.mjs FOLDER ASSETS [--rows N] [--pictures N] [--sections N] [--surfaces no]\n",
    );
    process.exit(2);
  }
  writeReport(folder, assets, given);
}
