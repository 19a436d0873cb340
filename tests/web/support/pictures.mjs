// Sprites of ellipsoids: grey sections with a dark object, their outlines as paths along pixels, and PNG files of them.
import { deflateSync } from "node:zlib";
import { numbers } from "./objects.mjs";

const nm_per_pixel = 5;
const margin_nm = 250;
const next = numbers(11);
const noise = Uint8Array.from({ length: 65536 }, () => 4 * Math.floor(9 * next()));

const axesOf = { xy: [0, 1, 2], xz: [1, 0, 2], yz: [2, 1, 0] };

/**
 * One section: its greys, and its outline as a polygon along pixel borders (each row's run, down one side, up
 * the other).
 */
function section(object, kind, place, { voxel, extent }) {
  const [across, vertical, horizontal] = axesOf[kind];
  const size = (axis) => Math.round((2 * (object.semi[axis] + margin_nm)) / nm_per_pixel);
  const [height, width] = [size(vertical), size(horizontal)];
  const off = ((place - object.centre[across]) * voxel[across]) / object.semi[across];
  const grey = new Uint8Array(width * height);
  const left = [];
  const right = [];
  for (let y = 0; y < height; ++y) {
    const v = ((y + 0.5 - height / 2) * nm_per_pixel) / object.semi[vertical];
    let [first, last] = [width, -1];
    for (let x = 0; x < width; ++x) {
      const h = ((x + 0.5 - width / 2) * nm_per_pixel) / object.semi[horizontal];
      const inside = off * off + v * v + h * h <= 1;
      const base = 120 + 40 * Math.sin((x + 13 * object.id) / 17) * Math.cos((y + 5 * object.id) / 23);
      grey[y * width + x] = (inside ? 45 : base) + noise[(y * 257 + x + 131 * object.id + 977 * place) & 65535];
      if (inside) [first, last] = [Math.min(first, x), x];
    }
    if (last >= 0) {
      left.unshift(`${first} ${y + 1}`, `${first} ${y}`);
      right.push(`${last + 1} ${y}`, `${last + 1} ${y + 1}`);
    }
  }
  const outline = right.length ? `M${[...right, ...left].join("L")}Z` : "";
  const first_voxel = object.centre.slice();
  first_voxel[across] = Math.min(extent[across] - 1, Math.max(0, place));
  for (const [axis, count] of [
    [vertical, height],
    [horizontal, width],
  ]) {
    first_voxel[axis] = object.centre[axis] - ((count / 2 - 0.5) * nm_per_pixel) / voxel[axis];
  }
  const voxel_per_pixel = [nm_per_pixel / voxel[vertical], nm_per_pixel / voxel[horizontal]];
  const named = { xy: { section: place, z_nm: place * voxel[0] }, xz: { row: place }, yz: { column: place } }[kind];
  return { grey, view: { kind, ...named, x: 0, y: 0, width, height, first_voxel, voxel_per_pixel, outline } };
}

/** All views of an object below each other in one picture. */
export function sprite(object, options) {
  const reach = Math.floor((0.95 * object.semi[0]) / options.voxel[0]);
  const count = Math.min(options.sections, 2 * reach + 1);
  const sections = Array.from(
    { length: count },
    (_, i) => object.centre[0] + (count === 1 ? 0 : Math.round(-reach + (2 * reach * i) / (count - 1))),
  );
  const parts = [
    ...sections.map((z) => section(object, "xy", z, options)),
    section(object, "xz", object.centre[1], options),
    section(object, "yz", object.centre[2], options),
  ];
  const width = Math.max(...parts.map(({ view }) => view.width));
  const height = parts.reduce((sum, { view }) => sum + view.height, 0);
  const pixels = new Uint8Array(width * height);
  let top = 0;
  for (const { grey, view } of parts) {
    view.y = top;
    for (let y = 0; y < view.height; ++y)
      pixels.set(grey.subarray(y * view.width, (y + 1) * view.width), (top + y) * width);
    top += view.height;
  }
  const picture = {
    file: `pictures/${object.id}.png`,
    width,
    height,
    nm_per_pixel,
    views: parts.map(({ view }) => view),
  };
  return { picture, pixels };
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; ++bit) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** An 8-bit greyscale PNG. */
export function greyPng(width, height, pixels) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits; the rest, 0, is greyscale, deflate, no filter, no interlace
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; ++y) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
