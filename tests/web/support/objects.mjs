// Ellipsoids spread over a volume, and the columns that synapses.csv has of them. Always the same for the same options.

/** Numbers in [0, 1) that look random: the same sequence for the same seed (Marsaglia's xorshift, 32 bits). */
export function numbers(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/**
 * `middle` puts all of them into the middle of the volume. Semi-axes in nm along z, y, x; the shortest is the
 * flattest axis.
 */
export function ellipsoids({ rows, extent, voxel, seed = 7, middle = false }) {
  const next = numbers(seed);
  return Array.from({ length: rows }, (_, i) => {
    const size = 120 + 330 * next() ** 2;
    const thin = 0.3 + 0.3 * next();
    const flat = Math.floor(3 * next());
    const semi = [0, 1, 2].map((axis) => (axis === flat ? size * thin : size * (0.75 + 0.25 * next())));
    const centre = extent.map((count, axis) => {
      const reach = Math.ceil(semi[axis] / voxel[axis]) + 1;
      return Math.round(reach + (count - 1 - 2 * reach) * (middle ? 0.5 : next()));
    });
    const volume = (4 / 3) * Math.PI * semi[0] * semi[1] * semi[2];
    return {
      id: i + 1,
      centre,
      semi,
      normal: [0, 1, 2].map((axis) => (axis === flat ? 1 : 0)),
      volume,
      size: Math.round(volume / (voxel[0] * voxel[1] * voxel[2])),
      ratio: 2 + 38 * next() ** 2,
      probability: 0.5 + 0.45 * next(),
      voxel,
    };
  });
}

const list = [
  ["id", "id", "", "integer", "number of the object", (o) => o.id],
  ["size_voxels", "size", "voxels", "integer", "voxels of the object", (o) => o.size],
  ["volume_nm3", "volume", "nm³", "real", "its volume", (o) => o.volume, 0],
  ...["z", "y", "x"].map((axis, i) => [
    `centroid_${axis}_voxels`,
    `centroid ${axis}`,
    "voxels",
    "real",
    "mean place of its voxels",
    (o) => o.centre[i],
    1,
  ]),
  ...["z", "y", "x"].map((axis, i) => [
    `centroid_${axis}_nm`,
    `centroid ${axis}`,
    "nm",
    "real",
    "mean place in the world",
    (o) => o.centre[i] * o.voxel[i],
    1,
  ]),
  ...["z", "y", "x"].map((axis, i) => [
    `begin_${axis}`,
    `begin ${axis}`,
    "voxels",
    "integer",
    "first voxel of its box",
    (o) => o.centre[i] - reach(o, i),
  ]),
  ...["z", "y", "x"].map((axis, i) => [
    `end_${axis}`,
    `end ${axis}`,
    "voxels",
    "integer",
    "one past the last voxel of its box",
    (o) => o.centre[i] + reach(o, i) + 1,
  ]),
  ["core_count", "cores", "", "integer", "cores in it", () => 1],
  ["mean_probability", "mean probability", "", "real", "of its voxels", (o) => o.probability, 3],
  [
    "decisive_ratio",
    "decisive ratio",
    "",
    "real",
    "the largest core_ratio at which it would still be one",
    (o) => o.ratio,
    2,
  ],
  ["accepted", "accepted", "", "flag", "whether it is a synapse, not a candidate", (o) => (o.ratio >= 7 ? 1 : 0)],
  ["long_axis_nm", "long axis", "nm", "real", "longest principal axis", (o) => 2 * Math.max(...o.semi), 0],
  ["middle_axis_nm", "middle axis", "nm", "real", "the one between", (o) => 2 * middle(o.semi), 0],
  ["short_axis_nm", "short axis", "nm", "real", "shortest principal axis", (o) => 2 * Math.min(...o.semi), 0],
  [
    "flatness",
    "flatness",
    "",
    "real",
    "missing where the object is one voxel",
    (o) => (o.id % 10 === 0 ? null : Math.min(...o.semi) / Math.max(...o.semi)),
    3,
  ],
  ["touches_edge", "touches edge", "", "flag", "whether the volume may have cut it", (o) => (o.id % 9 === 0 ? 1 : 0)],
  ["remark", "remark", "", "text", "nothing but text", (o) => (o.id % 7 === 0 ? "<b>bold & bad</b>" : "plain")],
];

function middle(lengths) {
  return [...lengths].sort((a, b) => a - b)[1];
}

function reach(object, axis) {
  return Math.floor(object.semi[axis] / object.voxel[axis]);
}

export function columns(objects) {
  return list.map(([name, title, unit, kind, help, value, digits = 0]) => {
    return { name, title, unit, help, kind, digits, values: objects.map(value) };
  });
}
