// How verdicts and values look. Colours are those of Okabe and Ito, told apart with any colour vision; each has a
// sign as well.
import type { Column, Value } from "../source/contract.ts";
import type { Verdict } from "../review/decisions.ts";

export const unjudged = "unjudged";
export type Standing = Verdict | typeof unjudged;

export const colours: Record<Standing, string> = {
  accept: "#009e73",
  reject: "#d55e00",
  unsure: "#e69f00",
  unjudged: "#56b4e9",
};

export const missedColour = "#cc79a7";
export const signs: Record<Standing, string> = { accept: "✓", reject: "✗", unsure: "?", unjudged: "·" };
export const names: Record<Standing, string> = {
  accept: "accepted",
  reject: "rejected",
  unsure: "unsure",
  unjudged: "unjudged",
};

export function standing(verdict: Verdict | null): Standing {
  return verdict ?? unjudged;
}

export function formatValue(column: Column, value: Value): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  if (column.kind === "flag") return value ? "yes" : "no";
  return column.kind === "real" ? value.toFixed(column.digits) : String(value);
}

/** 12345 → "12,345". */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}

/** A round length (1, 2 or 5 times a power of ten) that is at most `most`. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((factor) => factor * power <= most) ?? 1;
  return step * power;
}

export function formatLength(nm: number): string {
  return nm >= 1000 ? `${nm / 1000} µm` : `${nm} nm`;
}
