// What the program writes for the page, and the page reads. The C++ side is src/report.
//
// Order of axes is z, y, x wherever three numbers stand for a place, except inside `positions` of a surface (x, y,
// z, as drawing wants them). Voxels are counted from the volume's first; nm are those of the world (voxel size and
// offset).

export type Zyx = [number, number, number];
export type Value = number | string | null;

/** One column of synapses.csv. Flags are 0 and 1; what is missing is null. */
export interface Column {
  name: string;
  title: string;
  unit: string;
  help: string;
  kind: "integer" | "real" | "text" | "flag";
  /** Digits behind the point to show; reals only. */
  digits: number;
  values: Value[];
}

/** data/table.js: every row of the table, column by column, and what the page must know of the run. */
export interface TableData {
  format: "cleft report";
  version: 1;
  run: { name: string; table: string; model: string; cleft: string };
  volume: { extent: Zyx; voxel_size_nm: Zyx; offset_nm: Zyx };
  classes: string[];
  foreground: string;
  core_ratio: number;
  reference_ratio: number;
  count: number;
  columns: Column[];
  /** Which objects have pictures, how they were chosen, and that in words. */
  pictures: { chosen: number[]; how: "largest" | "sample" | "all"; why: string; sections: number };
  surfaces: boolean;
  surfaces_why: string;
  /**
   * Whether the chosen ones are a random sample of all accepted, or all of them: only then judging gives a
   * precision.
   */
  review: { sample: boolean };
}

/** data/scene.js: all surfaces, coarse, in one geometry. The vertices of one object are its own and stand together. */
export interface SceneData {
  origin_nm: Zyx;
  step_nm: number;
  /** Base64 of little-endian uint16 triples x, y, z in steps from the origin. */
  positions: string;
  /** Base64 of little-endian uint32 triples, counter-clockwise seen from outside. */
  indices: string;
  ids: number[];
  /** Object ids[k] has the indices first_index[k] up to first_index[k + 1]; one more entry than ids. */
  first_index: number[];
  box_nm: [Zyx, Zyx];
}

export interface SurfaceData {
  origin_nm: Zyx;
  step_nm: number;
  positions: string;
  indices: string;
  /** The object's flattest axis. */
  normal: Zyx;
}

/**
 * One section through an object, a rectangle of its sprite. Vertical and horizontal axis: xy: y, x; xz: z, x;
 * yz: y, z (so that xz stands below xy and yz beside it).
 */
export interface ViewData {
  kind: "xy" | "xz" | "yz";
  /** The voxel of the axis that the section is perpendicular to; its name goes by the kind. */
  section?: number;
  row?: number;
  column?: number;
  z_nm?: number;
  x: number;
  y: number;
  width: number;
  height: number;
  /** The voxel under the middle of the first pixel, and voxels per pixel along vertical and horizontal axis. */
  first_voxel: Zyx;
  voxel_per_pixel: [number, number];
  /** SVG path in the view's pixels: closed polygons, filled by even-odd. */
  outline: string;
}

export interface PictureData {
  file: string;
  width: number;
  height: number;
  nm_per_pixel: number;
  views: ViewData[];
}

/** data/meshes/ID.js. */
export interface ObjectData {
  id: number;
  surface: SurfaceData | null;
  picture: PictureData | null;
}
