// Closed surfaces of ellipsoids, counter-clockwise seen from outside, packed as the page reads them.

function base64(array) {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}

/** Unit sphere: `rings` of vertices between two poles, `around` in each. Places are x, y, z. */
function unitSphere(rings, around) {
  const vertices = [[0, 0, 1]];
  for (let ring = 1; ring <= rings; ++ring) {
    const polar = (Math.PI * ring) / (rings + 1);
    for (let i = 0; i < around; ++i) {
      const turn = (2 * Math.PI * i) / around;
      vertices.push([Math.sin(polar) * Math.cos(turn), Math.sin(polar) * Math.sin(turn), Math.cos(polar)]);
    }
  }
  vertices.push([0, 0, -1]);
  const at = (ring, i) => 1 + (ring - 1) * around + (i % around);
  const triangles = [];
  for (let i = 0; i < around; ++i) {
    triangles.push([0, at(1, i), at(1, i + 1)]);
    for (let ring = 1; ring < rings; ++ring) {
      triangles.push(
        [at(ring, i), at(ring + 1, i), at(ring + 1, i + 1)],
        [at(ring, i), at(ring + 1, i + 1), at(ring, i + 1)],
      );
    }
    triangles.push([vertices.length - 1, at(rings, i + 1), at(rings, i)]);
  }
  return { vertices, triangles };
}

function placed(object, voxel, { vertices }, origin, step) {
  const nm = (vertex, axis) => (object.centre[axis] + 0.5) * voxel[axis] + object.semi[axis] * vertex[2 - axis];
  return vertices.flatMap((vertex) =>
    [2, 1, 0].map((axis) => Math.max(0, Math.round((nm(vertex, axis) - origin[axis]) / step))),
  );
}

export function sphere(object, voxel, rings, around, step_nm) {
  const unit = unitSphere(rings, around);
  const origin_nm = object.centre.map((place, axis) => (place + 0.5) * voxel[axis] - object.semi[axis]);
  return {
    origin_nm,
    step_nm,
    positions: base64(Uint16Array.from(placed(object, voxel, unit, origin_nm, step_nm))),
    indices: base64(Uint32Array.from(unit.triangles.flat())),
  };
}

/** All objects in one geometry, 60 triangles each. */
export function coarse(objects, { extent, voxel }) {
  const unit = unitSphere(5, 6);
  const step_nm = Math.max(...extent.map((count, axis) => count * voxel[axis])) / 65535;
  const positions = [];
  const indices = [];
  const first_index = [0];
  objects.forEach((object, k) => {
    positions.push(...placed(object, voxel, unit, [0, 0, 0], step_nm));
    for (const triangle of unit.triangles) indices.push(...triangle.map((vertex) => vertex + k * unit.vertices.length));
    first_index.push(indices.length);
  });
  return {
    origin_nm: [0, 0, 0],
    step_nm,
    positions: base64(Uint16Array.from(positions)),
    indices: base64(Uint32Array.from(indices)),
    ids: objects.map(({ id }) => id),
    first_index,
    box_nm: [[0, 0, 0], extent.map((count, axis) => count * voxel[axis])],
  };
}
