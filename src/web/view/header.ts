// The top of the page: of which run it is, the views, what was decided so far and whether it is kept.
import type { Verdict } from "../review/decisions.ts";
import { verdicts } from "../review/decisions.ts";
import type { Keeper } from "../review/keeper.ts";
import type { Session, Tab } from "../review/session.ts";
import { tabs } from "../review/session.ts";
import { button, el, setText } from "./dom.ts";
import { formatCount, names, signs } from "./look.ts";

const titles: Record<Tab, string> = { overview: "Overview", table: "Table", grid: "Grid", one: "One", scene: "Scene" };

export interface Actions {
  save: () => void;
  load: (file: File) => void;
  keys: () => void;
}

export class Header {
  readonly root: HTMLElement;
  private readonly buttons = new Map<Tab, HTMLButtonElement>();
  private readonly counts = new Map<Verdict, HTMLElement>();
  private readonly coverage = el("span", { class: "coverage" });
  private readonly missed = el("span", { class: "missed", title: "places marked as missed" });
  private readonly kept = el("span", { class: "kept", role: "status" });

  constructor(
    private readonly session: Session,
    private readonly keeper: Keeper,
    actions: Actions,
  ) {
    const { run, foreground } = session.rows.table;
    const name = el(
      "h1",
      { title: `Run ${run.name}; class ${foreground}; cleft ${run.cleft}; table ${run.table}` },
      run.name,
      el("span", { class: "class" }, foreground),
    );
    const chooser = el("input", {
      type: "file",
      accept: ".json,application/json",
      hidden: "",
      "aria-label": "A review to load",
    });
    chooser.addEventListener("change", () => {
      if (chooser.files?.[0]) actions.load(chooser.files[0]);
      chooser.value = ""; // so that the same file can be chosen again
    });
    const files = el(
      "span",
      { class: "buttons" },
      button("Save", "Save what was decided as review.json", actions.save),
      button("Load", "Load a review.json of this run", () => chooser.click()),
      button("Keys", "Which keys do what (?)", actions.keys),
      chooser,
    );
    this.root = el("header", { class: "top" }, name, this.tablist(), this.tally(), this.kept, files);
  }

  refresh(): void {
    const counts = this.session.counts();
    for (const [verdict, element] of this.counts) setText(element, formatCount(counts[verdict]));
    const { judgedPictured: judged, pictured } = counts;
    const share = pictured > 0 ? ` (${((100 * judged) / pictured).toFixed(judged === pictured ? 0 : 1)} %)` : "";
    setText(this.coverage, `${formatCount(judged)} of ${formatCount(pictured)} judged${share}`);
    const marks = this.session.decisions.missed.length;
    setText(this.missed, marks > 0 ? `+ ${formatCount(marks)} missed` : "");
    for (const [tab, element] of this.buttons) {
      const open = tab === this.session.tab;
      element.setAttribute("aria-selected", String(open));
      element.tabIndex = open ? 0 : -1;
    }
    this.drawKept();
  }

  private drawKept(): void {
    const words = {
      saved: "kept in this browser",
      "nothing yet": "nothing to keep yet",
      refused: "NOT kept: this browser refuses; use Save",
    };
    setText(this.kept, words[this.keeper.state]);
    this.kept.dataset["state"] = this.keeper.state;
  }

  private tablist(): HTMLElement {
    const list = el("nav", { role: "tablist", "aria-label": "Views" });
    for (const tab of tabs) {
      const element = button(titles[tab], titles[tab], () => this.session.openTab(tab), {
        role: "tab",
        id: `tab-${tab}`,
        "aria-controls": `panel-${tab}`,
      });
      this.buttons.set(tab, element);
      list.append(element);
    }
    list.addEventListener("keydown", (event) => {
      const way = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (way === 0) return;
      event.stopPropagation();
      const next = tabs[(tabs.indexOf(this.session.tab) + way + tabs.length) % tabs.length]!;
      this.session.openTab(next);
      this.buttons.get(next)!.focus();
    });
    return list;
  }

  private tally(): HTMLElement {
    const parts = verdicts.map((verdict) => {
      const number = el("b", {}, "0");
      this.counts.set(verdict, number);
      return el(
        "span",
        { class: `tally ${verdict}`, title: names[verdict], "data-verdict": verdict },
        el("span", { class: "sign", "aria-hidden": "true" }, signs[verdict]),
        number,
        el("span", { class: "unseen" }, ` ${names[verdict]}`),
      );
    });
    return el("div", { class: "tallies" }, ...parts, this.coverage, this.missed);
  }
}
