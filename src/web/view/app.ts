// The page: header, one panel for each view, and what happens when something changes.
import type { Source } from "../source/source.ts";
import type { Keeper } from "../review/keeper.ts";
import { readReview, writeReview } from "../review/review_file.ts";
import type { Event, Session, Tab } from "../review/session.ts";
import { tabs } from "../review/session.ts";
import { Bar } from "./bar.ts";
import { el, setText } from "./dom.ts";
import { GridView } from "./grid.ts";
import { Header } from "./header.ts";
import type { Deeds } from "./keys.ts";
import { showKeys, watchKeys } from "./keys.ts";
import { OneView } from "./one.ts";
import { SceneView } from "./scene_tab.ts";
import type { Shared } from "./shared.ts";
import { TableView } from "./table.ts";

export class App {
  readonly root = el("div", { class: "app" });
  private readonly shared: Shared = { outline: true, lastKey: -Infinity };
  private readonly header: Header;
  private readonly bar: Bar;
  private readonly table: TableView;
  private readonly grid: GridView;
  private readonly one: OneView;
  private readonly scene: SceneView;
  private readonly said = el("p", { class: "said", role: "status", "aria-live": "polite" });
  private readonly panels = new Map<Tab, HTMLElement>();
  private addressWritten = "";

  constructor(
    private readonly session: Session,
    source: Source,
    private readonly keeper: Keeper,
    overview: HTMLElement,
  ) {
    const open = (id: number): void => {
      session.select(id);
      session.openTab("one");
    };
    this.header = new Header(session, keeper, {
      save: () => this.save(),
      load: (file) => void this.load(file),
      keys: showKeys,
    });
    this.bar = new Bar(session);
    this.table = new TableView(session, open);
    this.grid = new GridView(session, source, this.shared, open);
    this.one = new OneView(session, source, this.shared);
    this.scene = new SceneView(session, source, this.shared, open);
    this.build(overview);
    session.on((event) => this.follow(event));
    document.addEventListener("keydown", () => (this.shared.lastKey = performance.now()), true);
    watchKeys(this.deeds(open));
    window.addEventListener("hashchange", () => this.addressChanged());
  }

  /** Shows what the address asks for; the first time and whenever it is changed by hand. */
  start(address: string): void {
    this.session.readAddress(address);
    this.refreshAll();
  }

  refreshAll(): void {
    this.header.refresh();
    this.bar.refresh();
    this.enter();
  }

  private build(overview: HTMLElement): void {
    const views: Record<Tab, HTMLElement> = {
      overview,
      table: this.table.root,
      grid: this.grid.root,
      one: this.one.root,
      scene: this.scene.root,
    };
    const main = el("main");
    for (const tab of tabs) {
      const panel = el(
        "div",
        { class: "panel-of-view", role: "tabpanel", id: `panel-${tab}`, "aria-labelledby": `tab-${tab}` },
        views[tab],
      );
      panel.hidden = true;
      this.panels.set(tab, panel);
      main.append(panel);
    }
    this.root.append(this.header.root, this.bar.root, main, this.said);
  }

  private follow(event: Event): void {
    const { session } = this;
    if (event === "said") setText(this.said, session.said);
    if (event === "verdicts") this.followVerdicts();
    if (event === "selected") this.followSelection();
    if (event === "shown") {
      this.bar.refresh();
      if (session.tab === "table") this.table.refresh();
      if (session.tab === "grid") this.grid.redraw();
      if (session.tab === "one") this.one.select();
      if (session.tab === "scene") this.scene.refresh();
    }
    if (event === "tab") this.refreshAll();
    if (event === "tab" || event === "shown" || event === "selected") this.writeAddress();
  }

  private followVerdicts(): void {
    this.header.refresh();
    const { tab, changed } = this.session;
    if (tab === "table") this.table.redraw();
    if (tab === "grid") this.grid.redraw();
    if (tab === "one") this.one.verdicts();
    this.scene.verdicts(changed);
  }

  private followSelection(): void {
    const { tab } = this.session;
    if (tab === "table") this.table.reveal();
    if (tab === "grid") this.grid.reveal();
    if (tab === "one") this.one.select();
    if (tab === "scene") this.scene.select();
  }

  private enter(): void {
    const { tab } = this.session;
    for (const [name, panel] of this.panels) panel.hidden = name !== tab;
    this.bar.root.hidden = tab === "overview";
    this.root.dataset["tab"] = tab;
    if (tab === "table") {
      this.table.refresh();
      this.table.reveal();
    }
    if (tab === "grid") this.grid.reveal();
    if (tab === "one") this.one.enter();
    if (tab === "scene") void this.scene.enter();
  }

  private deeds(open: (id: number) => void): Deeds {
    const { session } = this;
    return {
      judge: (verdict) => session.tab !== "overview" && session.judge(verdict),
      step: (way, unjudged) => session.tab !== "overview" && session.step(way, unjudged),
      undo: () => session.undo(),
      redo: () => session.redo(),
      arrow: (dx, dy) => this.arrow(dx, dy),
      outline: () => {
        this.one.toggleOutline();
        this.grid.redraw();
      },
      grid: () => session.openTab("grid"),
      find: () => {
        if (session.tab === "overview") session.openTab("table");
        this.bar.focus();
      },
      open: () => this.enterKey(open),
      mark: () => session.tab === "one" && this.one.toggleMarking(),
      escape: () => this.one.marking && this.one.toggleMarking(),
      help: showKeys,
    };
  }

  private arrow(dx: number, dy: number): boolean {
    const { session, one } = this;
    if (session.tab === "one" && one.marking) one.ortho.moveCursor(4 * dx, 4 * dy);
    else if (session.tab === "one" && dx !== 0) one.ortho.section(dx);
    else if (session.tab === "grid") this.moveInGrid(dx + dy * this.grid.inRow);
    else return false;
    return true;
  }

  private moveInGrid(by: number): void {
    const { walk, position } = this.session;
    const next = walk[position + by];
    if (next !== undefined) this.session.select(next);
  }

  private enterKey(open: (id: number) => void): boolean {
    const { session } = this;
    if (session.tab === "one" && this.one.marking) this.one.ortho.markCursor();
    else if (session.tab !== "overview" && session.tab !== "one" && session.selected !== null) open(session.selected);
    else return false;
    return true;
  }

  /** Into the address without an entry in the browser's history: "back" leaves the page, as a person expects. */
  private writeAddress(): void {
    const address = `#${this.session.address()}`;
    if (address === this.addressWritten) return;
    this.addressWritten = address;
    try {
      history.replaceState(null, "", address);
    } catch {
      // Some browsers refuse more than some hundred changes in half a minute; the next one is written again.
    }
  }

  private addressChanged(): void {
    if (location.hash === this.addressWritten) return;
    this.start(location.hash.slice(1));
  }

  private save(): void {
    const { rows, decisions } = this.session;
    const text = writeReview(rows, { decisions: decisions.all, missed: decisions.missed });
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = el("a", { href: address, download: "review.json" });
    link.click();
    URL.revokeObjectURL(address);
    this.session.say(`review.json: ${decisions.all.size} verdicts, ${decisions.missed.length} missed`);
  }

  private async load(file: File): Promise<void> {
    const { session } = this;
    try {
      const decided = readReview(await file.text(), session.rows);
      const words = `loaded ${file.name}: ${decided.decisions.size} verdicts, ${decided.missed.length} missed`;
      session.decisions.replace(decided, words);
      session.say(`${words}; it replaces what was decided before (z undoes it)`);
    } catch (error) {
      session.say(`${file.name} was not loaded: ${(error as Error).message}`);
    }
    this.keeperSays("");
  }

  /** What keeping has to tell; the header says whether it works. */
  keeperSays(problem: string): void {
    this.header.refresh();
    if (problem) this.session.say(problem);
  }

  /** Another page of the same run wrote: what it wrote is what was decided. */
  watchOtherPages(): void {
    window.addEventListener("storage", (event) => {
      if (!this.keeper.concerns(event)) return;
      this.keeperSays(this.keeper.takeUp() || "Taken up from another page of this run");
    });
  }
}
