// The table of all objects: a list of which only the rows in sight are elements, so that any number of rows scrolls alike.
import type { Column } from "../source/contract.ts";
import { parseRange } from "../review/range.ts";
import type { Session } from "../review/session.ts";
import { button, el, setText } from "./dom.ts";
import { formatValue, names, signs, standing } from "./look.ts";

const rowHeight = 24; // as .table tr in report.css
const spare = 4; // rows kept ready above and below those in sight

interface RowElements {
  row: HTMLTableRowElement;
  sign: HTMLTableCellElement;
  id: HTMLButtonElement;
  cells: HTMLTableCellElement[];
  id_: number;
}

export class TableView {
  readonly root = el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table of objects" });
  private readonly table = el("table", { class: "table", role: "grid" });
  private readonly above = el("tbody", { "aria-hidden": "true" }, el("tr", { class: "space" }));
  private readonly body = el("tbody");
  private readonly below = el("tbody", { "aria-hidden": "true" }, el("tr", { class: "space" }));
  private readonly empty = el("p", { class: "empty", hidden: "" }, "No object fits these filters.");
  private readonly columns: Column[];
  private readonly pool: RowElements[] = [];
  private readonly heads = new Map<string, { cell: HTMLTableCellElement; arrow: HTMLElement; range: HTMLInputElement }>();
  private waiting = false;

  constructor(
    private readonly session: Session,
    private readonly open: (id: number) => void,
  ) {
    this.columns = session.rows.columns.filter((column) => column.name !== "id");
    this.table.append(this.widths(), this.head(), this.above, this.body, this.below);
    this.root.append(this.table, this.empty);
    this.root.addEventListener("scroll", () => this.later());
    new ResizeObserver(() => this.later()).observe(this.root);
  }

  /** After the rows shown, or their order, changed. */
  refresh(): void {
    this.table.setAttribute("aria-rowcount", String(this.session.shown.length + 1));
    this.empty.hidden = this.session.shown.length > 0;
    this.drawHeads();
    this.redraw();
  }

  /** Brings the selected row into sight. */
  reveal(): void {
    const row = this.session.selected === null ? undefined : this.session.rows.row(this.session.selected);
    const at = row === undefined ? -1 : this.session.shown.indexOf(row);
    if (at >= 0) {
      const space = this.root.clientHeight - this.table.tHead!.offsetHeight;
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
    this.grow(last - first);
    this.space(this.above, first);
    this.space(this.below, shown.length - last);
    for (let i = 0; i < this.pool.length; ++i) {
      const used = first + i < last;
      if (this.pool[i]!.row.hidden === used) this.pool[i]!.row.hidden = !used;
      if (used) this.fill(this.pool[i]!, first + i);
    }
  }

  private later(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.redraw();
    });
  }

  private space(body: HTMLElement, rows: number): void {
    (body.firstChild as HTMLElement).style.height = `${rows * rowHeight}px`;
  }

  private fill(elements: RowElements, place: number): void {
    const { session } = this;
    const row = session.shown[place]!;
    const id = session.rows.ids[row]!;
    const verdict = standing(session.decisions.get(id));
    elements.id_ = id;
    elements.row.className = `${verdict}${id === session.selected ? " selected" : ""}${place % 2 ? " odd" : ""}`;
    elements.row.setAttribute("aria-rowindex", String(place + 2));
    elements.row.setAttribute("aria-selected", String(id === session.selected));
    setText(elements.sign, signs[verdict]);
    elements.sign.setAttribute("aria-label", names[verdict]);
    setText(elements.id, String(id));
    this.columns.forEach((column, i) => setText(elements.cells[i]!, formatValue(column, column.values[row] ?? null)));
  }

  private grow(rows: number): void {
    while (this.pool.length < rows) {
      const sign = el("td", { class: "sign" });
      const id = button("", "Look at it", () => this.open(elements.id_), { class: "link", tabindex: "-1" });
      const cells = this.columns.map((column) => el("td", { class: column.kind }));
      const row = el("tr", { role: "row" }, sign, el("th", { scope: "row" }, id), ...cells);
      const elements: RowElements = { row, sign, id, cells, id_: 0 };
      row.addEventListener("click", () => this.session.select(elements.id_));
      row.addEventListener("dblclick", () => this.open(elements.id_));
      this.pool.push(elements);
      this.body.append(row);
    }
  }

  /** Widths that hold title and values: fixed ones, since a browser measures only what it has, and rows come and go. */
  private widths(): HTMLElement {
    const group = el("colgroup");
    const sum = { px: 0, ch: 0 };
    const add = (px: number, ch: number): void => {
      const column = el("col");
      column.style.width = `calc(${px}px + ${ch}ch)`;
      sum.px += px;
      sum.ch += ch;
      group.append(column);
    };
    add(30, 0);
    add(66, 0);
    // A title is bold and may have an arrow behind it.
    for (const column of this.columns) add(22, Math.ceil(Math.max(longest(column), 1.1 * column.title.length + 2, 7)));
    this.table.style.width = `calc(${sum.px}px + ${sum.ch}ch)`;
    return group;
  }

  private head(): HTMLElement {
    const id = this.session.rows.column("id")!;
    const cells = [el("th", { class: "sign", scope: "col", title: "verdict" }, ""), this.headCell(id)];
    for (const column of this.columns) cells.push(this.headCell(column));
    return el("thead", {}, el("tr", { role: "row" }, ...cells));
  }

  private headCell(column: Column): HTMLTableCellElement {
    const arrow = el("span", { class: "arrow", "aria-hidden": "true" });
    const sort = button(column.title, `${column.name}: ${column.help}\nSort by it`, () => this.sortBy(column), { class: "sort" });
    sort.append(arrow);
    const range = el("input", { type: "text", "aria-label": `Range of ${column.title}`, spellcheck: "false" });
    range.placeholder = column.kind === "text" ? "part" : column.kind === "flag" ? "yes" : "2..5";
    const forms = column.kind === "text" ? "a part of it" : column.kind === "flag" ? "yes or no" : "2..5, > 7, <= 3, 4";
    range.title = `Show only rows with this ${column.title}: ${forms}`;
    range.addEventListener("change", () => this.narrow(column, range));
    const cell = el("th", { scope: "col", class: column.kind }, sort, el("span", { class: "unit" }, column.unit || "\u00a0"), range);
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
    this.session.setQuery({ order: { column: column.name, descending: same ? !order.descending : column.name !== "id" } });
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
