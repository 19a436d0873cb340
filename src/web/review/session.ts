// The one state that all views share: which rows are shown, which object is selected, which view is open, what was
// decided.
import type { Rows } from "../source/rows.ts";
import type { Step, Verdict } from "./decisions.ts";
import { Decisions } from "./decisions.ts";
import type { Query } from "./query.ts";
import { applyQuery, plainQuery, readQuery, writeQuery } from "./query.ts";

export const tabs = ["overview", "table", "grid", "one", "scene"] as const;
export type Tab = (typeof tabs)[number];

/** What changed: the rows shown, the object selected, the view open, verdicts, or what there is to say. */
export type Event = "shown" | "selected" | "tab" | "verdicts" | "said";

export interface Counts {
  accept: number;
  reject: number;
  unsure: number;
  /** Of the objects with pictures: how many have a verdict, and how many there are. */
  judgedPictured: number;
  pictured: number;
}

const asks = 50; // more objects than this at once are asked about

export class Session {
  readonly decisions = new Decisions();
  query: Query = plainQuery();
  /**
   * Rows that fit the query, in its order. While one judges it stays, so that nothing leaves from under one's
   * hands.
   */
  shown: number[] = [];
  note = "";
  selected: number | null = null;
  tab: Tab = "overview";
  said = "";
  /** The verdicts that changed last. */
  changed: number[] = [];
  private all: number[] = [];
  private pictured: number[] = [];
  private readonly listeners: ((event: Event) => void)[] = [];

  constructor(
    readonly rows: Rows,
    private readonly confirm: (question: string) => Promise<boolean>,
  ) {
    this.decisions.onChange((ids) => {
      this.changed = ids;
      this.tell("verdicts");
    });
    this.apply();
  }

  on(listener: (event: Event) => void): void {
    this.listeners.push(listener);
  }

  say(words: string): void {
    this.said = words;
    this.tell("said");
  }

  setQuery(part: Partial<Query>): void {
    this.query = { ...this.query, ...part };
    this.apply();
  }

  narrow(column: string, range: string): void {
    const ranges = new Map(this.query.ranges);
    if (range.trim() === "") ranges.delete(column);
    else ranges.set(column, range.trim());
    this.setQuery({ ranges });
  }

  openTab(tab: Tab): void {
    this.tab = tab;
    this.apply(); // verdicts given since may decide what is shown
    this.say("");
    this.tell("tab");
  }

  select(id: number | null): void {
    if (id === this.selected) return;
    this.selected = id;
    this.tell("selected");
  }

  /**
   * Ids that the open view shows, in order: Grid and One only those with a picture (where there are any), the
   * others all.
   */
  get walk(): readonly number[] {
    return this.tab === "grid" || this.tab === "one" ? this.pictured : this.all;
  }

  /** How many of the rows shown have a picture. */
  get withPictures(): number {
    return this.pictured.length;
  }

  /** Where the selected object stands in the walk, or -1. */
  get position(): number {
    return this.selected === null ? -1 : this.walk.indexOf(this.selected);
  }

  /** Selects the next (+1) or previous (-1) object, or the next without verdict; at the end it stays, and says so. */
  step(way: 1 | -1, unjudged: boolean): void {
    const ids = this.walk;
    const at = this.position;
    for (let i = at < 0 && way < 0 ? ids.length - 1 : at + way; 0 <= i && i < ids.length; i += way) {
      if (!unjudged || this.decisions.get(ids[i]!) === null) {
        this.select(ids[i]!);
        this.say("");
        return;
      }
    }
    const left = ids.filter((id) => this.decisions.get(id) === null).length;
    const end = way > 0 ? "last" : "first";
    const rest = left === 0 ? "all shown are judged" : `${left} of ${ids.length} shown are unjudged`;
    this.say(
      unjudged ? `No unjudged one ${way > 0 ? "after" : "before"} this; ${rest}` : `This is the ${end} one; ${rest}`,
    );
  }

  /** Of the object selected, if it is shown: nothing is judged that one does not see. */
  judge(verdict: Verdict | null): void {
    if (this.selected === null || !this.all.includes(this.selected)) return this.say("No object is shown");
    this.say("");
    this.decisions.judge([this.selected], verdict);
  }

  async judgeShown(verdict: Verdict): Promise<void> {
    const ids = this.walk;
    const count = ids.length.toLocaleString("en");
    const question = `${verdict === "accept" ? "Accept" : "Reject"} all ${count} objects shown?`;
    if (ids.length > asks && !(await this.confirm(question))) return;
    this.decisions.judge(ids, verdict);
    this.say(
      `${verdict === "accept" ? "Accepted" : "Rejected"} ${ids.length.toLocaleString("en")} objects; z undoes it`,
    );
  }

  undo(): void {
    this.afterStep(this.decisions.undo(), "Undone", "Nothing to undo");
  }

  redo(): void {
    this.afterStep(this.decisions.redo(), "Done again", "Nothing to do again");
  }

  counts(): Counts {
    const counts: Counts = {
      accept: 0,
      reject: 0,
      unsure: 0,
      judgedPictured: 0,
      pictured: this.rows.table.pictures.chosen.length,
    };
    for (const [id, verdict] of this.decisions.all) {
      counts[verdict] += 1;
      if (this.rows.hasPicture(id)) counts.judgedPictured += 1;
    }
    return counts;
  }

  /** What stands in the page's address behind "#". */
  address(): string {
    const parts = new URLSearchParams({ tab: this.tab });
    if (this.selected !== null) parts.set("id", String(this.selected));
    writeQuery(this.query, parts);
    return parts.toString();
  }

  readAddress(text: string): void {
    const parts = new URLSearchParams(text);
    this.query = readQuery(parts, this.rows);
    const id = Number(parts.get("id") ?? NaN);
    this.selected = this.rows.row(id) === undefined ? null : id;
    this.tab = tabs.find((tab) => tab === parts.get("tab")) ?? "overview";
    this.apply();
    this.tell("tab");
    this.tell("selected");
  }

  /** In a view to judge in, an object that is shown is selected: the first, unless one is already. */
  private selectShown(): void {
    if (this.tab === "overview" || (this.selected !== null && this.all.includes(this.selected))) return;
    this.select(this.walk[0] ?? this.all[0] ?? this.selected);
  }

  private apply(): void {
    const { shown, note } = applyQuery(this.rows, this.decisions, this.query);
    this.shown = shown;
    this.note = note;
    this.all = shown.map((row) => this.rows.ids[row]!);
    const pictures = this.rows.table.pictures.chosen.length > 0;
    this.pictured = pictures ? this.all.filter((id) => this.rows.hasPicture(id)) : this.all;
    this.tell("shown");
    this.selectShown();
  }

  private afterStep(step: Step | null, done: string, nothing: string): void {
    if (!step) return this.say(nothing);
    if (step.changes.length === 1) this.select(step.changes[0]!.id);
    this.say(`${done}: ${step.words}`);
  }

  private tell(event: Event): void {
    for (const listener of this.listeners) listener(event);
  }
}
