// What of an object's row speaks for or against it, in the words of a person who decides.
import type { Rows } from "../source/rows.ts";
import { formatCount, formatValue } from "./look.ts";

export interface Measure {
  title: string;
  unit: string;
  value: string;
  help: string;
}

const axes = ["z", "y", "x"] as const;
const axisColumns = ["long_axis_nm", "middle_axis_nm", "short_axis_nm"];
const placeColumns = (unit: string): string[] => axes.map((axis) => `centroid_${axis}_${unit}`);

/** Columns that the measures tell of: a list of all others repeats none of them. */
export const toldColumns: ReadonlySet<string> = new Set([
  ...["id", "accepted", "decisive_ratio", "mean_probability", "max_probability"],
  ...["size_voxels", "volume_nm3", "touches_edge"],
  ...axisColumns,
  ...placeColumns("voxels"),
  ...placeColumns("nm"),
]);

/** In the order one asks: found as what, how surely, how large, where; nothing of columns that the table lacks. */
export function measuresOf(rows: Rows, row: number): Measure[] {
  const measure = (title: string, unit: string, names: string[], value: (present: string[]) => string): Measure[] => {
    const present = names.filter((name) => rows.column(name));
    const help = present.map((name) => `${name}: ${rows.column(name)!.help}`).join("\n");
    return present.length === 0 ? [] : [{ title, unit, value: value(present), help }];
  };
  const text = (name: string) => (): string => formatValue(rows.column(name)!, rows.value(name, row));
  const round = (by: string) => (names: string[]): string => names.map((name) => rounded(rows, row, name)).join(by);
  const count = (name: string) => (): string => formatCount(rows.number(name, row));
  const found = (): string => (rows.number("accepted", row) === 1 ? "synapse" : "candidate");
  return [
    ...measure("detected as", "", ["accepted"], found),
    ...measure("decisive ratio", "", ["decisive_ratio"], () => ratioWords(rows, row, text("decisive_ratio")())),
    ...measure("mean probability", "", ["mean_probability"], text("mean_probability")),
    ...measure("max probability", "", ["max_probability"], text("max_probability")),
    ...measure("touches edge", "", ["touches_edge"], text("touches_edge")),
    chosenWords(rows, row),
    ...measure("size", "voxels", ["size_voxels"], count("size_voxels")),
    ...measure("volume", "", ["volume_nm3"], () => formatVolume(rows.number("volume_nm3", row))),
    ...measure("axes", "nm", axisColumns, round(" × ")),
    ...measure("z, y, x", "voxels", placeColumns("voxels"), round(", ")),
    ...measure("z, y, x", "nm", placeColumns("nm"), round(", ")),
  ];
}

/** "14.00 / 7 = 2.0": the ratio, the core_ratio it is measured against, and how many times as high it is. */
function ratioWords(rows: Rows, row: number, ratio: string): string {
  const core = rows.table.core_ratio;
  const factor = rows.number("decisive_ratio", row) / core;
  return Number.isFinite(factor) ? `${ratio} / ${core} = ${factor.toPrecision(2)}` : ratio;
}

/** Why it has a picture, or that it has none: a precision may be told of a random sample only. */
function chosenWords(rows: Rows, row: number): Measure {
  const { how, why, chosen } = rows.table.pictures;
  const words = { sample: "random sample", largest: "of the largest", all: "all are" };
  const value = rows.hasPicture(rows.ids[row]!) ? words[chosen.length === rows.count ? "all" : how] : "no";
  return { title: "chosen", unit: "", value, help: `With pictures: ${why}` };
}

function rounded(rows: Rows, row: number, name: string): string {
  const value = rows.number(name, row);
  return Number.isFinite(value) ? value.toFixed(0) : "–";
}

/** Three digits in µm³; what is smaller than a cube of 100 nm in nm³. */
export function formatVolume(nm3: number): string {
  if (!Number.isFinite(nm3)) return "–";
  return nm3 < 1e6 ? `${formatCount(Math.round(nm3))} nm³` : `${Number((nm3 / 1e9).toPrecision(3))} µm³`;
}
