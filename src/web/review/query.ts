// Which rows are shown and in what order; and the same as text, so that it stands in the page's address.
import type { Zyx } from "../source/contract.ts";
import type { Rows } from "../source/rows.ts";
import type { Decisions, Verdict } from "./decisions.ts";
import { verdicts } from "./decisions.ts";
import { parseRange } from "./range.ts";

export type Judged = "" | "judged" | "unjudged" | Verdict;
export const judgedChoices: readonly Judged[] = ["", "unjudged", "judged", ...verdicts];

/** By a column, or the most doubtful first: those whose decisive_ratio is nearest to the core_ratio, up or down. */
export type Order = { column: string; descending: boolean } | "doubtful";

export interface Query {
  find: string;
  judged: Judged;
  ranges: Map<string, string>;
  order: Order;
}

export const largestFirst: Exclude<Order, "doubtful"> = { column: "size_voxels", descending: true };

export function plainQuery(): Query {
  return { find: "", judged: "", ranges: new Map(), order: largestFirst };
}

export function isPlain(query: Query): boolean {
  return query.find === "" && query.judged === "" && query.ranges.size === 0;
}

/** What "find" holds: an id, a place (voxel z, y, x), or neither. */
export function parseFind(text: string): { id: number } | { place: Zyx } | null {
  const numbers = text.trim().split(/[\s,;]+/);
  if (!numbers.every((part) => /^\d+$/.test(part))) return null;
  const [first, second, third] = numbers.map(Number);
  if (numbers.length === 1) return { id: first! };
  return numbers.length === 3 ? { place: [first!, second!, third!] } : null;
}

/** "size_voxels > 500" as it may be typed where one finds: a column of the table, and a range of it. */
export function parseColumnRange(text: string, rows: Rows): { column: string; range: string } | null {
  const match = /^\s*([A-Za-z_]\w*)\s*(.+)$/.exec(text);
  const column = match && rows.column(match[1]!);
  if (!match || !column) return null;
  const range = match[2]!.trim();
  return parseRange(range, column.kind) ? { column: column.name, range } : null;
}

/** Rows that fit the query, in its order; `note` says what of it could not be taken at its word. */
export function applyQuery(rows: Rows, decisions: Decisions, query: Query): { shown: number[]; note: string } {
  const { candidates, note } = found(rows, query.find);
  const tests = [...query.ranges].flatMap(([name, text]) => {
    const column = rows.column(name);
    const test = column && parseRange(text, column.kind);
    return column && test ? [{ values: column.values, test }] : [];
  });
  const shown = candidates.filter(
    (row) =>
      fitsVerdict(decisions.get(rows.ids[row]!), query.judged) && tests.every(({ values, test }) => test(values[row]!)),
  );
  return { shown: sorted(rows, shown, query.order), note };
}

function found(rows: Rows, text: string): { candidates: number[]; note: string } {
  const all = (): number[] => Array.from({ length: rows.count }, (_, row) => row);
  if (text.trim() === "") return { candidates: all(), note: "" };
  const wanted = parseFind(text);
  if (!wanted) {
    return {
      candidates: all(),
      note: `"${text}" is neither an id, nor a place z, y, x, nor a range such as size_voxels > 500`,
    };
  }
  if ("id" in wanted) {
    const row = rows.row(wanted.id);
    return row === undefined
      ? { candidates: [], note: `no object has the id ${wanted.id}` }
      : { candidates: [row], note: "" };
  }
  const at = rows.at(wanted.place);
  return { candidates: at.rows, note: at.inside ? "" : "no object's box holds this place; the nearest one is shown" };
}

function fitsVerdict(verdict: Verdict | null, judged: Judged): boolean {
  if (judged === "") return true;
  if (judged === "judged") return verdict !== null;
  return judged === "unjudged" ? verdict === null : verdict === judged;
}

/** Rows without a value come last in either direction; equal ones by id. */
function sorted(rows: Rows, shown: number[], order: Order): number[] {
  const key = keyOf(rows, order);
  const sign = order !== "doubtful" && order.descending ? -1 : 1;
  const compare = (a: number, b: number): number => {
    const [left, right] = [key?.[a] ?? null, key?.[b] ?? null];
    if (left !== right) {
      if (left === null) return 1;
      if (right === null) return -1;
      if (left !== right) return (left < right ? -1 : 1) * sign;
    }
    return rows.ids[a]! - rows.ids[b]!;
  };
  return shown.sort(compare);
}

function keyOf(rows: Rows, order: Order): (number | string | null)[] | undefined {
  if (order === "doubtful") return doubt(rows);
  return rows.column(order.column)?.values;
}

/** How far a decisive_ratio is from the core_ratio as a factor, up or down: |log(ratio / core_ratio)|. */
function doubt(rows: Rows): (number | null)[] {
  const core = rows.table.core_ratio;
  return Array.from({ length: rows.count }, (_, row) => {
    const ratio = rows.number("decisive_ratio", row);
    return ratio > 0 && core > 0 ? Math.abs(Math.log(ratio / core)) : null;
  });
}

export function writeQuery(query: Query, into: URLSearchParams): void {
  if (query.find) into.set("find", query.find);
  if (query.judged) into.set("verdict", query.judged);
  if (query.order === "doubtful") into.set("order", query.order);
  else if (query.order.column !== largestFirst.column || !query.order.descending) {
    into.set("order", (query.order.descending ? "-" : "") + query.order.column);
  }
  for (const [column, range] of query.ranges) into.set(`in.${column}`, range);
}

/** What of an address is no query of this table is left out: an address may be anybody's. */
export function readQuery(from: URLSearchParams, rows: Rows): Query {
  const query = plainQuery();
  query.find = from.get("find") ?? "";
  query.judged = judgedChoices.find((choice) => choice === from.get("verdict")) ?? "";
  const order = from.get("order");
  const column = order?.replace(/^-/, "");
  if (order === "doubtful") query.order = "doubtful";
  else if (column && rows.column(column)) query.order = { column, descending: order!.startsWith("-") };
  for (const [name, range] of from) {
    const narrowed = name.startsWith("in.") ? rows.column(name.slice(3)) : undefined;
    if (narrowed && parseRange(range, narrowed.kind)) query.ranges.set(narrowed.name, range);
  }
  return query;
}
