// The bar over table, grid, object and scene: what is shown, in which order, and what is done with all of it.
import type { Verdict } from "../review/decisions.ts";
import type { Judged, Order } from "../review/query.ts";
import { isPlain, judgedChoices, largestFirst, parseColumnRange, parseFind, plainQuery } from "../review/query.ts";
import type { Session } from "../review/session.ts";
import { button, el, setText, show } from "./dom.ts";
import { formatCount } from "./look.ts";

const judgedWords: Record<Judged, string> = {
  "": "any verdict",
  unjudged: "unjudged",
  judged: "judged",
  accept: "accepted",
  reject: "rejected",
  unsure: "unsure",
};

export class Bar {
  readonly root = el("div", { class: "bar", role: "search" });
  private readonly find = el("input", {
    type: "search",
    class: "find",
    spellcheck: "false",
    "aria-label": "Find an id, a place, or a range of a column",
  });
  private readonly judged = el("select", { "aria-label": "Verdict" });
  private readonly order = el("span", { class: "order" });
  private readonly largest: HTMLButtonElement;
  private readonly doubtful: HTMLButtonElement;
  private readonly count = el("output", { class: "count" });
  private readonly chips = el("span", { class: "chips" });
  private readonly note = el("span", { class: "note", role: "status" });
  private readonly whole = el("span", { class: "buttons all" });
  private readonly all: Record<"accept" | "reject", HTMLButtonElement>;

  constructor(private readonly session: Session) {
    this.find.placeholder = "id · z y x · size_voxels > 500";
    this.find.title = "An id; a place as voxels z, y, x; or a range of a column, such as size_voxels > 500 (f)";
    this.find.addEventListener("change", () => this.search());
    for (const choice of judgedChoices) this.judged.append(el("option", { value: choice }, judgedWords[choice]));
    this.judged.addEventListener("change", () => session.setQuery({ judged: this.judged.value as Judged }));
    const by = (words: string, title: string, order: Order): HTMLButtonElement =>
      button(words, title, () => session.setQuery({ order }), { "aria-pressed": "false" });
    this.largest = by("Largest first", "By size, the largest first", largestFirst);
    this.doubtful = by(
      "Most doubtful first",
      "Those whose decisive ratio is nearest to the core ratio first",
      "doubtful",
    );
    const allShown = (verdict: Verdict & ("accept" | "reject"), words: string): HTMLButtonElement =>
      button(words, `${words} objects shown here, as one step that z undoes`, () => void session.judgeShown(verdict));
    this.all = { accept: allShown("accept", "Accept all"), reject: allShown("reject", "Reject all") };
    const orders = el("span", { class: "buttons" }, this.largest, this.doubtful);
    this.whole.append(this.all.accept, this.all.reject);
    this.root.append(this.find, this.judged, orders, this.order, this.count, this.chips, this.note, this.whole);
  }

  focus(): void {
    this.find.focus();
    this.find.select();
  }

  refresh(): void {
    const { query, shown, rows, note } = this.session;
    if (document.activeElement !== this.find) this.find.value = query.find;
    this.judged.value = query.judged;
    const { order } = query;
    const isLargest = order !== "doubtful" && order.column === largestFirst.column && order.descending;
    this.largest.setAttribute("aria-pressed", String(isLargest));
    this.doubtful.setAttribute("aria-pressed", String(order === "doubtful"));
    const column = order === "doubtful" || isLargest ? undefined : rows.column(order.column);
    setText(this.order, column && order !== "doubtful" ? `by ${column.title} ${order.descending ? "↓" : "↑"}` : "");
    setText(this.count, this.countWords(shown.length, rows.count));
    setText(this.note, note);
    this.drawChips();
    this.drawAll();
  }

  private countWords(shown: number, all: number): string {
    const pictured = this.session.withPictures;
    const rows = shown === all ? `${formatCount(all)} objects` : `${formatCount(shown)} of ${formatCount(all)} objects`;
    return pictured === shown ? rows : `${rows}, ${formatCount(pictured)} with pictures`;
  }

  private drawAll(): void {
    show(this.whole, this.session.tab !== "one"); // beside the buttons for one object they would be pressed by mistake
    const count = this.session.walk.length;
    setText(this.all.accept, `Accept all ${formatCount(count)}`);
    setText(this.all.reject, `Reject all ${formatCount(count)}`);
    this.all.accept.disabled = this.all.reject.disabled = count === 0;
  }

  private drawChips(): void {
    const { query, rows } = this.session;
    const chips = [...query.ranges].map(([name, range]) => {
      const chip = button(
        `${rows.column(name)?.title ?? name}: ${range} ×`,
        "Remove this filter",
        () => this.session.narrow(name, ""),
        {
          class: "chip",
        },
      );
      return chip;
    });
    if (!isPlain(query)) {
      const { find, judged, ranges } = plainQuery();
      chips.push(
        button("Show all", "Remove all filters", () => this.session.setQuery({ find, judged, ranges }), {
          class: "link",
        }),
      );
    }
    this.chips.replaceChildren(...chips);
    show(this.chips, chips.length > 0);
  }

  /** A range of a column becomes a filter of its own, so that the field is free for the next. */
  private search(): void {
    const text = this.find.value.trim();
    const range = parseFind(text) ? null : parseColumnRange(text, this.session.rows);
    if (range) {
      this.find.value = "";
      const ranges = new Map(this.session.query.ranges).set(range.column, range.range);
      this.session.setQuery({ find: "", ranges });
    } else {
      this.session.setQuery({ find: text });
    }
    const { rows, shown } = this.session;
    if (text !== "" && !range && shown.length > 0) this.session.select(this.session.walk[0] ?? rows.ids[shown[0]!]!);
  }
}
