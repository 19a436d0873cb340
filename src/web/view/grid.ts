// Tiles of all objects shown that have a picture. A click goes on to the next verdict. Only tiles in sight are
// elements.
import type { Source } from "../source/source.ts";
import { nextVerdict } from "../review/decisions.ts";
import type { Session } from "../review/session.ts";
import { button, el, setText, show } from "./dom.ts";
import { colours, formatCount, names, signs, standing } from "./look.ts";
import { drawView } from "./section.ts";
import type { Shared } from "./shared.ts";

const side = 168;
const caption = 26;
const gap = 8;

interface Tile {
  root: HTMLElement;
  face: HTMLButtonElement;
  canvas: HTMLCanvasElement;
  words: HTMLElement;
  sign: HTMLElement;
  text: HTMLElement;
  open: HTMLButtonElement;
  id: number;
}

export class GridView {
  readonly root = el("div", { class: "grid-scroll", tabindex: "-1" });
  private readonly area = el("div", { class: "grid", role: "list", "aria-label": "Objects" });
  private readonly empty = el("p", { class: "empty" });
  private readonly pool: Tile[] = [];
  private across = 1;
  private width = side;
  private waiting = false;

  constructor(
    private readonly session: Session,
    private readonly source: Source,
    private readonly shared: Shared,
    private readonly open: (id: number) => void,
  ) {
    this.root.append(this.area, this.empty);
    this.root.addEventListener("scroll", () => this.later());
    new ResizeObserver(() => this.later()).observe(this.root);
  }

  /** How many tiles stand in a row. */
  get inRow(): number {
    return this.across;
  }

  reveal(): void {
    const at = this.session.position;
    if (at >= 0) {
      const top = Math.floor(at / this.across) * (side + caption + gap);
      const bottom = top + side + caption + gap;
      if (top < this.root.scrollTop) this.root.scrollTop = top;
      else if (bottom + gap > this.root.scrollTop + this.root.clientHeight) {
        this.root.scrollTop = bottom + gap - this.root.clientHeight;
      }
    }
    this.redraw();
  }

  redraw(): void {
    if (this.root.clientWidth === 0) return;
    const ids = this.session.walk;
    this.across = Math.max(1, Math.floor((this.root.clientWidth - gap) / (side + gap)));
    this.width = Math.floor((this.root.clientWidth - gap) / this.across) - gap; // all of the window's width is used
    const pitch = side + caption + gap;
    this.area.style.height = `${Math.ceil(ids.length / this.across) * pitch + gap}px`;
    const firstRow = Math.max(0, Math.floor(this.root.scrollTop / pitch));
    const rows = Math.ceil(this.root.clientHeight / pitch) + 1;
    const first = firstRow * this.across;
    const last = Math.min(ids.length, first + rows * this.across);
    this.grow(last - first);
    this.pool.forEach((tile, i) => {
      show(tile.root, first + i < last);
      if (first + i < last) this.place(tile, ids[first + i]!, first + i);
    });
    show(this.empty, ids.length === 0);
    const { why } = this.session.rows.table.pictures;
    setText(this.empty, `No object with a picture fits these filters. With pictures: ${why}.`);
  }

  private later(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.redraw();
    });
  }

  private grow(count: number): void {
    while (this.pool.length < count) {
      const canvas = el("canvas");
      const words = el("span", { class: "words" });
      const face = button("", "Next verdict", () => this.cycle(tile), { class: "face" });
      face.append(canvas, words);
      face.addEventListener("focus", () => this.session.select(tile.id));
      const sign = el("span", { class: "sign", "aria-hidden": "true" });
      const text = el("span", { class: "text" });
      const open = button("open", "Look at it (Enter)", () => this.open(tile.id), { class: "link" });
      const root = el(
        "div",
        { class: "tile", role: "listitem" },
        face,
        el("div", { class: "caption" }, sign, text, open),
      );
      canvas.width = canvas.height = 1;
      const tile: Tile = { root, face, canvas, words, sign, text, open, id: -1 };
      this.pool.push(tile);
      this.area.append(root);
    }
  }

  private cycle(tile: Tile): void {
    this.session.select(tile.id);
    this.session.judge(nextVerdict(this.session.decisions.get(tile.id)));
  }

  private place(tile: Tile, id: number, at: number): void {
    const left = gap + (at % this.across) * (this.width + gap);
    const top = gap + Math.floor(at / this.across) * (side + caption + gap);
    tile.root.style.transform = `translate(${left}px, ${top}px)`;
    tile.root.style.width = `${this.width}px`;
    const verdict = standing(this.session.decisions.get(id));
    const { rows, selected } = this.session;
    const size = formatCount(rows.number("size_voxels", rows.row(id)!));
    tile.root.className = `tile ${verdict}${id === selected ? " selected" : ""}`;
    tile.root.dataset["id"] = String(id);
    setText(tile.sign, signs[verdict]);
    setText(tile.text, `${id} · ${size}`);
    tile.text.title = `object ${id}, ${size} voxels`;
    tile.face.setAttribute("aria-label", `Object ${id}, ${size} voxels, ${names[verdict]}`);
    tile.open.setAttribute("aria-label", `Open object ${id}`);
    const look = `${id} ${verdict} ${this.shared.outline} ${this.width} ${window.devicePixelRatio}`;
    if (tile.root.dataset["drawn"] !== look) this.draw(tile, id, look);
  }

  private draw(tile: Tile, id: number, look: string): void {
    const changed = tile.id !== id;
    tile.id = id;
    tile.root.dataset["drawn"] = look;
    if (this.paint(tile, id)) return;
    if (changed) {
      tile.canvas.hidden = true;
      setText(tile.words, "…");
    }
    this.source.picture(id).then(
      () => tile.id === id && this.paint(tile, id),
      (error: Error) => tile.id === id && setText(tile.words, error.message),
    );
  }

  /** \returns whether the picture was at hand. */
  private paint(tile: Tile, id: number): boolean {
    const ready = this.source.ready(id);
    if (!ready?.picture || !ready.object.picture) return false;
    const views = ready.object.picture.views.filter((view) => view.kind === "xy");
    const view = views[Math.floor(views.length / 2)];
    if (!view) return false;
    const colour = colours[standing(this.session.decisions.get(id))];
    drawView(tile.canvas, ready.picture, ready.object.picture, view, {
      scale: Math.min(this.width / view.width, side / view.height),
      outline: this.shared.outline,
      colour,
      bar: 0,
      missed: [],
      cuts: null,
      cursor: null,
    });
    tile.canvas.hidden = false;
    setText(tile.words, "");
    tile.root.dataset["ready"] = String(id);
    return true;
  }
}
