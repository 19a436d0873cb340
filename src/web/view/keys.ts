// What keys do, and the list of them. Keys are left alone where a person types, and where an element has its own
// use of them.
import { button, el } from "./dom.ts";

export interface Deeds {
  judge: (verdict: "accept" | "reject" | "unsure" | null) => void;
  step: (way: 1 | -1, unjudged: boolean) => void;
  undo: () => void;
  redo: () => void;
  /** Arrow keys: sections in One, tiles in Grid, the cursor while marking. \returns whether it did anything. */
  arrow: (dx: number, dy: number) => boolean;
  outline: () => void;
  grid: () => void;
  find: () => void;
  open: () => boolean;
  mark: () => void;
  escape: () => void;
  help: () => void;
}

const list: [string, string][] = [
  ["a", "accept"],
  ["x", "reject"],
  ["u", "unsure"],
  ["c", "clear the verdict"],
  ["j  k", "next, previous"],
  ["J  K", "next, previous without a verdict (shift)"],
  ["z  Z", "undo, do again"],
  ["← →", "section; in the grid: tile; on a surface: turn it"],
  ["+  -  0", "on a surface: nearer, farther, from the front"],
  ["o", "outlines on or off"],
  ["Enter", "look at the selected object"],
  ["m", "mark a missed synapse: a click, or arrows and Enter"],
  ["Esc", "end marking; leave a field"],
  ["g", "grid"],
  ["f", "find, filter"],
  ["?", "this list"],
];

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function watchKeys(deeds: Deeds): void {
  const plain: Record<string, () => void> = {
    a: () => deeds.judge("accept"),
    x: () => deeds.judge("reject"),
    u: () => deeds.judge("unsure"),
    c: () => deeds.judge(null),
    j: () => deeds.step(1, false),
    k: () => deeds.step(-1, false),
    J: () => deeds.step(1, true),
    K: () => deeds.step(-1, true),
    z: deeds.undo,
    Z: deeds.redo,
    o: deeds.outline,
    g: deeds.grid,
    f: deeds.find,
    m: deeds.mark,
    "?": deeds.help,
    Escape: deeds.escape,
  };
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const target = event.target as Element | null;
    if (target && isTyped(target)) {
      if (event.key === "Escape") (target as HTMLElement).blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = arrows[event.key];
    const act = plain[event.key];
    if (act) act();
    else if (arrow && !deeds.arrow(...arrow)) return;
    else if (event.key === "Enter" && (ownsEnter(target) || !deeds.open())) return;
    else if (!arrow && event.key !== "Enter") return;
    event.preventDefault();
  });
}

function isTyped(target: Element): boolean {
  return target.matches("input:not([type=range]):not([type=checkbox]), select, textarea");
}

function ownsEnter(target: Element | null): boolean {
  return target?.closest("button:not(.face), a, summary") !== null && target !== null;
}

export function showKeys(): void {
  const dialog = el("dialog", { class: "keys", "aria-label": "Keys" }, el("h2", {}, "Keys"));
  const table = el("table");
  for (const [keys, words] of list) {
    const caps = keys.split(/\s+/).map((key) => el("kbd", {}, key));
    table.append(el("tr", {}, el("th", { scope: "row" }, ...caps), el("td", {}, words)));
  }
  dialog.append(
    table,
    el(
      "div",
      { class: "buttons" },
      button("Close", "Close (Escape)", () => dialog.close(), { class: "primary" }),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
