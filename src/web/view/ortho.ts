// Sections of one object: one across z, large, with the two others beside and below it at the same scale, and a
// strip of all. The quarter that is left belongs to what the view puts there.
import type { PictureData, ViewData, Zyx } from "../source/contract.ts";
import type { Session } from "../review/session.ts";
import { el, setText } from "./dom.ts";
import { colours, roundLength, standing } from "./look.ts";
import type { Look } from "./section.ts";
import { depthOf, drawView, pointOf, voxelAt } from "./section.ts";
import type { Shared } from "./shared.ts";

const gap = 6;
const stripHeight = 76;
const largestScale = 6;
const besideHeight = 240; // what one decides by needs at least

type Panel = { canvas: HTMLCanvasElement; box: HTMLElement; view: ViewData | null };

export class Ortho {
  readonly root = el("div", { class: "ortho" });
  private readonly panels: Record<ViewData["kind"], Panel> = { xy: panel("XY"), xz: panel("XZ"), yz: panel("YZ") };
  private readonly crossed = el("div", { class: "crossed" });
  private readonly strip = el("div", { class: "strip", role: "group", "aria-label": "Sections" });
  private readonly slider = el("input", { type: "range", min: "0", step: "1", "aria-label": "Section" });
  private readonly where = el("output", { class: "where" });
  private sections: ViewData[] = [];
  private image: HTMLImageElement | null = null;
  private picture: PictureData | null = null;
  private at = 0;
  private cursor: Zyx | null = null;
  private cursorOn: ViewData | null = null;

  constructor(
    private readonly session: Session,
    private readonly shared: Shared,
    private readonly beside: HTMLElement,
    private readonly marked: (place: Zyx) => void,
  ) {
    this.crossed.append(this.panels.xy.box, this.panels.yz.box, this.panels.xz.box);
    const slide = el("label", { class: "slide" }, this.where, this.slider);
    this.root.append(this.crossed, beside, slide, this.strip);
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    for (const { canvas, box } of Object.values(this.panels)) {
      canvas.addEventListener("click", (event) => this.click(canvas, event));
      box.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    }
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  /** Shows an object's picture; its middle section first. */
  show(picture: PictureData, image: HTMLImageElement): void {
    this.picture = picture;
    this.image = image;
    this.sections = picture.views.filter((view) => view.kind === "xy");
    this.panels.xz.view = picture.views.find((view) => view.kind === "xz") ?? null;
    this.panels.yz.view = picture.views.find((view) => view.kind === "yz") ?? null;
    this.at = Math.floor(this.sections.length / 2);
    this.slider.max = String(Math.max(0, this.sections.length - 1));
    this.slider.disabled = this.sections.length < 2;
    this.fitStrip();
    this.draw();
  }

  clear(): void {
    this.picture = null;
  }

  section(way: number): void {
    this.go(this.at + way);
  }

  /** Begins or ends marking: a click, or arrow keys and Enter, say where. */
  marking(on: boolean): void {
    this.root.classList.toggle("marking", on);
    const view = this.panels.xy.view;
    this.cursorOn = on ? view : null;
    this.cursor = on && view ? voxelAt(view, view.width / 2, view.height / 2) : null;
    this.draw();
  }

  /** Moves the cursor of marking by some pixels of the picture. */
  moveCursor(dx: number, dy: number): void {
    if (!this.cursor || !this.cursorOn) return;
    const { x, y } = pointOf(this.cursorOn, this.cursor);
    const { width, height } = this.cursorOn;
    const within = (value: number, most: number): number => Math.min(most - 0.5, Math.max(0.5, value));
    this.cursor = voxelAt(this.cursorOn, within(x + dx, width), within(y + dy, height));
    this.draw();
  }

  markCursor(): void {
    if (this.cursor) this.marked(this.cursor);
  }

  draw(): void {
    const { picture, image } = this;
    const section = this.sections[this.at];
    if (!picture || !image || !section || this.root.clientWidth === 0) return;
    this.panels.xy.view = section;
    if (this.cursor) this.cursor[0] = depthOf(section);
    if (this.cursorOn) this.cursorOn = section;
    const look = this.look(section, picture);
    for (const { canvas, box, view } of Object.values(this.panels)) {
      box.hidden = view === null;
      if (view) drawView(canvas, image, picture, view, look);
    }
    // From beside the picture below to the bottom, so that what stands there at its bottom keeps its place.
    const above = this.panels.xz.box.offsetTop - this.crossed.offsetTop;
    this.beside.style.height = `${this.crossed.clientHeight - above}px`;
    [...this.strip.children].forEach((child, i) => {
      const view = this.sections[i]!;
      child.classList.toggle("current", i === this.at);
      const missed = look.missed.filter((place) => place[0] === depthOf(view));
      const small = { ...look, scale: stripHeight / view.height, bar: 0, cuts: null, cursor: null, missed };
      drawView(child.firstChild as HTMLCanvasElement, image, picture, view, small);
    });
    this.slider.value = String(this.at);
    setText(this.where, `z ${depthOf(section)} · ${this.at + 1} of ${this.sections.length}`);
  }

  /**
   * One scale for all three, as large as there is room for: side by side in a half of the width each, one below
   * the other in the height, with enough left of it for what stands beside the lower one.
   */
  private scale(section: ViewData): number {
    const { xz, yz } = this.panels;
    const { clientWidth, clientHeight, offsetTop } = this.crossed;
    const isBeside = this.beside.offsetTop < offsetTop + clientHeight;
    const scale = Math.min(
      (clientWidth - gap) / 2 / Math.max(section.width, xz.view?.width ?? 0, yz.view?.width ?? 0),
      (clientHeight - gap) / (section.height + (xz.view?.height ?? 0)),
      isBeside ? (clientHeight - gap - besideHeight) / section.height : Infinity,
      largestScale,
    );
    return Math.max(scale, 0.1);
  }

  /** How the sections look, cut by each other at the place of the side views. */
  private look(section: ViewData, picture: PictureData): Look {
    const { xz, yz } = this.panels;
    const cuts: Zyx | null = xz.view && yz.view ? [depthOf(section), depthOf(xz.view), depthOf(yz.view)] : null;
    const verdict = this.session.selected === null ? null : this.session.decisions.get(this.session.selected);
    return {
      scale: this.scale(section),
      outline: this.shared.outline,
      colour: colours[standing(verdict)],
      // One length for all three: what is half as wide as the narrowest of them has room for.
      bar: roundLength(0.5 * Math.min(section.width, yz.view?.width ?? Infinity) * picture.nm_per_pixel),
      missed: this.session.decisions.missed,
      cuts,
      cursor: this.cursor,
    };
  }

  private go(at: number): void {
    this.at = Math.min(this.sections.length - 1, Math.max(0, at));
    this.draw();
  }

  private wheel(event: WheelEvent): void {
    if (this.sections.length < 2 || event.ctrlKey) return;
    event.preventDefault();
    this.section(Math.sign(event.deltaY));
  }

  private click(canvas: HTMLCanvasElement, event: MouseEvent): void {
    const found = Object.values(this.panels).find((panel) => panel.canvas === canvas);
    if (!found?.view || !this.root.classList.contains("marking")) return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * found.view.width;
    const y = ((event.clientY - top) / height) * found.view.height;
    this.marked(voxelAt(found.view, x, y));
  }

  private fitStrip(): void {
    while (this.strip.children.length > this.sections.length) this.strip.lastChild!.remove();
    while (this.strip.children.length < this.sections.length) {
      const at = this.strip.children.length;
      const thumb = el("button", { type: "button" }, el("canvas"));
      thumb.addEventListener("click", () => this.go(at));
      this.strip.append(thumb);
    }
    [...this.strip.children].forEach((thumb, i) => {
      thumb.setAttribute("aria-label", `Section z ${depthOf(this.sections[i]!)}`);
      thumb.setAttribute("title", `z ${depthOf(this.sections[i]!)}`);
    });
  }
}

function panel(name: string): Panel {
  const canvas = el("canvas", { role: "img", "aria-label": `Section ${name}` });
  const box = el(
    "div",
    { class: `panel ${name.toLowerCase()}` },
    canvas,
    el("span", { class: "name", "aria-hidden": "true" }, name),
  );
  return { canvas, box, view: null };
}
