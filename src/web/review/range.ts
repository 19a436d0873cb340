// What a person types to narrow a column: "> 7", ">= 7", "< 3", "<= 3", "2..5", "2..", "..5", "4"; of text, a part
// of it.
import type { Column, Value } from "../source/contract.ts";

export type Test = (value: Value) => boolean;

const number = "[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?";
const comparison = new RegExp(`^(>=|<=|>|<|=)?\\s*(${number})$`);
const interval = new RegExp(`^(${number})?\\s*\\.\\.\\s*(${number})?$`);

const comparisons: Record<string, (value: number, limit: number) => boolean> = {
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  "=": (value, limit) => value === limit,
};

/** What to test a column's values with, or null where the text is no range. Missing values are in no range. */
export function parseRange(text: string, kind: Column["kind"]): Test | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (kind === "text") {
    const part = trimmed.toLowerCase();
    return (value) => value !== null && String(value).toLowerCase().includes(part);
  }
  if (kind === "flag" && /^(yes|no)$/i.test(trimmed)) {
    const wanted = trimmed.toLowerCase() === "yes" ? 1 : 0;
    return (value) => value === wanted;
  }
  return parseInterval(trimmed) ?? parseComparison(trimmed);
}

// Before comparisons: "2..5" would be read as the number "2." otherwise.
function parseInterval(text: string): Test | null {
  const match = interval.exec(text.replace("...", ".."));
  if (!match || (match[1] === undefined && match[2] === undefined)) return null;
  const least = match[1] === undefined ? -Infinity : Number(match[1]);
  const most = match[2] === undefined ? Infinity : Number(match[2]);
  return (value) => typeof value === "number" && least <= value && value <= most;
}

function parseComparison(text: string): Test | null {
  const match = comparison.exec(text);
  if (!match) return null;
  const compare = comparisons[match[1] ?? "="]!;
  const limit = Number(match[2]);
  return (value) => typeof value === "number" && compare(value, limit);
}
