// review.json: what a person decided, for `cleft review`, `tune` and `evaluate`, and for this page to read again.
import type { Zyx } from "../source/contract.ts";
import type { Rows } from "../source/rows.ts";
import type { Decided, Verdict } from "./decisions.ts";
import { verdicts } from "./decisions.ts";

export const largestFile = 64 * 1024 * 1024;

/** The file's text: the same for the same decisions, whatever the order they were taken in. */
export function writeReview(
  rows: Rows,
  decided: { decisions: ReadonlyMap<number, Verdict>; missed: readonly Zyx[] },
): string {
  const { run, pictures } = rows.table;
  const sorted = [...decided.decisions].sort(([a], [b]) => a - b);
  const file = {
    format: "cleft review",
    version: 1,
    run: { table: run.table, model: run.model },
    chosen: { how: pictures.how, ids: [...pictures.chosen].sort((a, b) => a - b) },
    decisions: Object.fromEntries(sorted.map(([id, verdict]) => [String(id), verdict])),
    missed: decided.missed,
  };
  return JSON.stringify(file, null, 1) + "\n";
}

/** \throws Error with one line that says what was found and what was expected. */
export function readReview(text: string, rows: Rows): Decided {
  if (text.length > largestFile) throw new Error("it is larger than 64 MiB, which no review is");
  const file = asObject(parse(text), "it is no object of JSON");
  if (file["format"] !== "cleft review") throw new Error('it is no review: its format is not "cleft review"');
  if (file["version"] !== 1) throw new Error(`it has version ${shown(file["version"])}, and this page reads version 1`);
  const run = asObject(file["run"], "it does not say of which run it is");
  if (run["table"] !== rows.table.run.table) {
    throw new Error(`it is of another run's table (${shown(run["table"])}); this one is "${rows.table.run.table}"`);
  }
  return { decisions: readDecisions(file["decisions"], rows), missed: readMissed(file["missed"], rows) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("it is no JSON");
  }
}

function asObject(value: unknown, otherwise: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(otherwise);
  return value as Record<string, unknown>;
}

function readDecisions(value: unknown, rows: Rows): Map<number, Verdict> {
  const decisions = new Map<number, Verdict>();
  for (const [key, found] of Object.entries(asObject(value, "its decisions are no object of JSON"))) {
    const id = /^\d+$/.test(key) ? Number(key) : NaN;
    if (rows.row(id) === undefined) throw new Error(`it decides on ${shown(key)}, which is no id of this table`);
    const verdict = verdicts.find((known) => known === found);
    if (!verdict) throw new Error(`its verdict on ${key} is ${shown(found)}; expected ${verdicts.join(", ")}`);
    decisions.set(id, verdict);
  }
  return decisions;
}

function readMissed(value: unknown, rows: Rows): Zyx[] {
  if (!Array.isArray(value)) throw new Error("its missed places are no list");
  const { extent } = rows.table.volume;
  return value.map((place: unknown) => {
    const whole = (part: unknown, axis: number): boolean =>
      Number.isInteger(part) && 0 <= (part as number) && (part as number) < extent[axis]!;
    if (!Array.isArray(place) || place.length !== 3 || !place.every(whole)) {
      throw new Error(`it has the missed place ${shown(place)}; expected three voxels within ${extent.join(", ")}`);
    }
    return place as Zyx;
  });
}

/** A value of somebody's file, short enough for one line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
