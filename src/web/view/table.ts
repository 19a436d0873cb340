// The table of all objects: a list of which only the rows in sight are elements, so that any number of rows scrolls
// alike. It is made of plain boxes of fixed size, each laid out by itself: of a real <table> the browser lays out
// all of it after any change.
import type { Column } from "../source/contract.ts";
import { parseRange } from "../review/range.ts";
import type { Session } from "../review/session.ts";
import { button, el, setText, show } from "./dom.ts";
import { formatValue, names, signs, standing } from "./look.ts";

const rowHeight = 24; // as .table .row in report.css
const spare = 4; // rows kept ready above and below those in sight

interface RowElements {
  row: HTMLElement;
  sign: HTMLElement;
  id: HTMLButtonElement;
  cells: HTMLElement[];
  idShown: number;
}

export class TableView {
  readonly root = el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table of objects" });
  private readonly table = el("div", { class: "table", role: "grid" });
  private readonly head: HTMLElement;
  private readonly body = el("div", { class: "body", role: "rowgroup" });
  private readonly empty = el("p", { class: "empty", hidden: "" }, "No object fits these filters.");
  private readonly columns: Column[];
  private readonly pool: RowElements[] = [];
  private readonly heads = new Map<string, { cell: HTMLElement; arrow: HTMLElement; range: HTMLInputElement }>();
  private readonly widths: string[] = [];
  private waiting = false;

  constructor(
    private readonly session: Session,
    private readonly open: (id: number) => void,
  ) {
    this.columns = session.rows.columns.filter((column) => column.name !== "id");
    this.measure();
    this.head = this.headRow();
    this.table.append(this.head, this.body);
    this.root.append(this.table, this.empty);
    this.root.addEventListener("scroll", () => this.later());
    new ResizeObserver(() => this.later()).observe(this.root);
  }

  /** After the rows shown, or their order, changed. */
  refresh(): void {
    this.table.setAttribute("aria-rowcount", String(this.session.shown.length + 1));
    this.empty.hidden = this.session.shown.length > 0;
    this.body.style.height = `${this.session.shown.length * rowHeight}px`;
    this.drawHeads();
    this.redraw();
  }

  /** Brings the selected row into sight. */
  reveal(): void {
    const row = this.session.selected === null ? undefined : this.session.rows.row(this.session.selected);
    const at = row === undefined ? -1 : this.session.shown.indexOf(row);
    if (at >= 0) {
      const space = this.root.clientHeight - this.head.offsetHeight;
      const top = at * rowHeight;
      if (top < this.root.scrollTop) this.root.scrollTop = top;
      else if (top + rowHeight > this.root.scrollTop + space) this.root.scrollTop = top + rowHeight - space;
    }
    this.redraw();
  }

  /** Fills the rows in sight. */
  redraw(): void {
    const { shown } = this.session;
    const inSight = Math.ceil(this.root.clientHeight / rowHeight) + 2 * spare;
    const first = Math.max(0, Math.min(Math.floor(this.root.scrollTop / rowHeight) - spare, shown.length - inSight));
    const last = Math.min(shown.length, first + inSight);
    this.grow(inSight);
    // A place keeps its element as long as it is in sight: scrolling by a row changes one row only.
    const used = new Set<RowElements>();
    for (let place = first; place < last; ++place) {
      const elements = this.pool[place % this.pool.length]!;
      used.add(elements);
      this.fill(elements, place);
    }
    for (const elements of this.pool) show(elements.row, used.has(elements));
  }

  private later(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.redraw();
    });
  }

  private fill(elements: RowElements, place: number): void {
    const { session } = this;
    const row = session.shown[place]!;
    const id = session.rows.ids[row]!;
    const verdict = standing(session.decisions.get(id));
    elements.idShown = id;
    elements.row.className = `row ${verdict}${id === session.selected ? " selected" : ""}${place % 2 ? " odd" : ""}`;
    elements.row.style.transform = `translateY(${place * rowHeight}px)`;
    elements.row.setAttribute("aria-rowindex", String(place + 2));
    elements.row.setAttribute("aria-selected", String(id === session.selected));
    setText(elements.sign, signs[verdict]);
    elements.sign.setAttribute("aria-label", names[verdict]);
    setText(elements.id, String(id));
    this.columns.forEach((column, i) => setText(elements.cells[i]!, formatValue(column, column.values[row] ?? null)));
  }

  private grow(rows: number): void {
    while (this.pool.length < rows) {
      const sign = el("div", { class: "cell sign", role: "gridcell" });
      const id = button("", "Look at it", () => this.open(elements.idShown), { class: "link", tabindex: "-1" });
      const cells = this.columns.map((column) => el("div", { class: `cell ${column.kind}`, role: "gridcell" }));
      const row = el(
        "div",
        { class: "row", role: "row" },
        sign,
        el("div", { class: "cell id", role: "rowheader" }, id),
        ...cells,
      );
      this.setWidths(row);
      const elements: RowElements = { row, sign, id, cells, idShown: 0 };
      row.addEventListener("click", () => this.session.select(elements.idShown));
      row.addEventListener("dblclick", () => this.open(elements.idShown));
      this.pool.push(elements);
      this.body.append(row);
    }
  }

  /** Widths that hold title and values: fixed ones, since a browser measures only what it has, and rows come and go. */
  private measure(): void {
    const sum = { px: 0, ch: 0 };
    const add = (px: number, ch: number): void => {
      this.widths.push(`calc(${px}px + ${ch}ch)`);
      sum.px += px;
      sum.ch += ch;
    };
    add(30, 0);
    add(66, 0);
    // A title is bold and may have an arrow behind it.
    for (const column of this.columns) add(22, Math.ceil(Math.max(longest(column), 1.1 * column.title.length + 2, 10)));
    this.table.style.width = `calc(${sum.px}px + ${sum.ch}ch)`;
  }

  private setWidths(row: HTMLElement): void {
    [...row.children].forEach((cell, i) => ((cell as HTMLElement).style.width = this.widths[i]!));
  }

  private headRow(): HTMLElement {
    const id = this.session.rows.column("id")!;
    const sign = el("div", { class: "cell sign", role: "columnheader", title: "verdict", "aria-label": "verdict" });
    const row = el("div", { class: "head", role: "row" }, sign, this.headCell(id));
    for (const column of this.columns) row.append(this.headCell(column));
    this.setWidths(row);
    return row;
  }

  private headCell(column: Column): HTMLElement {
    const arrow = el("span", { class: "arrow", "aria-hidden": "true" });
    const sort = button(column.title, `${column.name}: ${column.help}\nSort by it`, () => this.sortBy(column), {
      class: "sort",
    });
    sort.append(arrow);
    const range = el("input", { type: "text", "aria-label": `Range of ${column.title}`, spellcheck: "false" });
    range.placeholder = column.kind === "text" ? "part" : column.kind === "flag" ? "yes" : "2..5";
    const forms = column.kind === "text" ? "a part of it" : column.kind === "flag" ? "yes or no" : "2..5, > 7, <= 3, 4";
    range.title = `Show only rows with this ${column.title}: ${forms}`;
    range.addEventListener("change", () => this.narrow(column, range));
    const kind = column.name === "id" ? "id" : column.kind;
    const cell = el(
      "div",
      { class: `cell ${kind}`, role: "columnheader" },
      sort,
      el("span", { class: "unit" }, column.unit || "\u00a0"),
      range,
    );
    this.heads.set(column.name, { cell, arrow, range });
    return cell;
  }

  private narrow(column: Column, range: HTMLInputElement): void {
    const fits = range.value.trim() === "" || parseRange(range.value, column.kind) !== null;
    range.setAttribute("aria-invalid", String(!fits));
    if (fits) this.session.narrow(column.name, range.value);
    else this.session.say(`"${range.value}" is no range of ${column.title}: 2..5, > 7, <= 3 and 4 are`);
  }

  private sortBy(column: Column): void {
    const { order } = this.session.query;
    const same = order !== "doubtful" && order.column === column.name;
    this.session.setQuery({
      order: { column: column.name, descending: same ? !order.descending : column.name !== "id" },
    });
  }

  private drawHeads(): void {
    const { order, ranges } = this.session.query;
    for (const [name, { cell, arrow, range }] of this.heads) {
      const by = order !== "doubtful" && order.column === name;
      cell.setAttribute("aria-sort", by ? (order.descending ? "descending" : "ascending") : "none");
      setText(arrow, by ? (order.descending ? " ↓" : " ↑") : "");
      if (document.activeElement !== range) range.value = ranges.get(name) ?? "";
    }
  }
}

function longest(column: Column): number {
  let most = 0;
  for (const value of column.values) most = Math.max(most, Math.min(40, formatValue(column, value).length));
  return most;
}
