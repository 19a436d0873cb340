// The reports that the other tests use are what they say: otherwise those tests would show nothing.
import assert from "node:assert/strict";
import test from "node:test";
import { evil, script, settings } from "./support/fixture.mjs";
import { ellipsoids } from "./support/objects.mjs";
import { sprite } from "./support/pictures.mjs";
import { coarse, sphere } from "./support/surfaces.mjs";
import { decodeUint16, decodeUint32 } from "../../src/web/source/decode.ts";

const options = settings({ rows: 5 });
const objects = ellipsoids(options);

function measure(positions, indices) {
  let volume = 0;
  const edges = new Map();
  const corner = (i) => [0, 1, 2].map((axis) => positions[3 * indices[i] + axis]);
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [corner(i), corner(i + 1), corner(i + 2)];
    const cross = [b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0]];
    volume += (a[0] * cross[0] + a[1] * cross[1] + a[2] * cross[2]) / 6;
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ]) {
      const edge = `${indices[i + from]} ${indices[i + to]}`;
      edges.set(edge, (edges.get(edge) ?? 0) + 1);
    }
  }
  const closed = [...edges].every(
    ([edge, count]) => count === 1 && edges.get(edge.split(" ").reverse().join(" ")) === 1,
  );
  return { volume, closed };
}

test("surfaces are closed, seen from outside, and as large as the ellipsoids", () => {
  for (const object of objects) {
    const surface = sphere(object, options.voxel, 18, 24, 2);
    const { volume, closed } = measure(decodeUint16(surface.positions), decodeUint32(surface.indices));
    assert.ok(closed);
    assert.ok(Math.abs((volume * 8) / object.volume - 1) < 0.05, `${volume * 8} for ${object.volume}`);
  }
});

test("the scene has 60 triangles of its own for each object", () => {
  const scene = coarse(objects, options);
  const indices = decodeUint32(scene.indices);
  assert.deepEqual(scene.first_index, [0, 180, 360, 540, 720, 900]);
  assert.equal(indices.length, 900);
  assert.ok(indices.every((vertex, i) => Math.floor(vertex / 32) === Math.floor(i / 180)));
});

test("views lie within the sprite, and the middle outline is as wide as the object", () => {
  const { picture } = sprite(objects[0], options);
  for (const view of picture.views) {
    assert.ok(view.x + view.width <= picture.width && view.y + view.height <= picture.height);
  }
  const middle = picture.views.filter(({ kind }) => kind === "xy")[2];
  const xs = [...middle.outline.matchAll(/(\d+) \d+/g)].map((match) => Number(match[1]));
  const width = (Math.max(...xs) - Math.min(...xs)) * picture.nm_per_pixel;
  assert.ok(Math.abs(width - 2 * objects[0].semi[2]) <= 10);
});

test("scripts are ASCII, and no name in them can end a script", () => {
  const text = script("table", { name: `${evil}</script>\u2028µ` });
  assert.match(text, /^[\x20-\x7e]+\n$/);
  assert.ok(!text.includes("<"));
});
