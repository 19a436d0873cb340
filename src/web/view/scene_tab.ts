// All surfaces at once. A click opens the object, shift and a click reject it; colours and counts follow.
import type { Source } from "../source/source.ts";
import type { Session } from "../review/session.ts";
import { button, el, setText, show } from "./dom.ts";
import type { Standing } from "./look.ts";
import { colours, formatCount, names, signs, standing } from "./look.ts";
import { AllSurfaces, Stage } from "./scene.ts";
import type { Shared } from "./shared.ts";

const selectedColour = "#ffffff";
const reach = 4; // pixels that the mouse may move between press and release of a click
export const noWebGl =
  "This browser shows no WebGL, so no surfaces can be drawn. Everything else works: table, pictures, judging.";

export class SceneView {
  readonly root = el("div", { class: "scene-tab" });
  private readonly canvas = el("canvas", {
    tabindex: "0",
    role: "img",
    "aria-label": "All surfaces; arrow keys turn them",
  });
  private readonly host = el("div", { class: "stage" }, this.canvas);
  private readonly words = el("p", { class: "words", role: "status" });
  private readonly legend = el("ul", { class: "legend" });
  private readonly chosen = el("p", { class: "chosen" });
  private stage: Stage | null = null;
  private surfaces: AllSurfaces | null = null;
  private begun = false;
  private highlighted: number | null = null;

  constructor(
    private readonly session: Session,
    private readonly source: Source,
    private readonly shared: Shared,
    private readonly open: (id: number) => void,
  ) {
    const front = button("From the front (0)", "Look at it as at first", () => this.stage?.lookFromTheFront());
    const help = el(
      "p",
      { class: "help" },
      "Drag turns, wheel zooms, right drag moves. Click opens an object, shift-click rejects it.",
    );
    this.root.append(this.host, el("aside", {}, this.legend, this.chosen, front, help), this.words);
    this.canvas.addEventListener("pointerdown", (down) => this.watchForClick(down));
  }

  /** Called whenever the tab is opened: loads and builds everything the first time only. */
  async enter(): Promise<void> {
    this.drawLegend();
    if (this.begun) return this.refresh();
    this.begun = true;
    const { surfaces, surfaces_why: why } = this.session.rows.table;
    if (!surfaces) return this.tell(why || "This report was written without surfaces.");
    this.stage = Stage.open(
      this.canvas,
      () => this.shared.lastKey,
      () => (this.root.dataset["ready"] = "yes"),
    );
    if (!this.stage) return this.tell(noWebGl);
    this.tell("Loading…");
    try {
      this.surfaces = new AllSurfaces(await this.source.scene());
    } catch (error) {
      return this.tell((error as Error).message);
    }
    this.tell("");
    for (const id of this.session.rows.ids) this.paint(id);
    this.stage.show(this.surfaces.object);
    this.refresh();
  }

  /** After the rows shown changed. */
  refresh(): void {
    this.surfaces?.showOnly(this.session.walk);
    this.select();
    this.drawLegend();
  }

  verdicts(ids: readonly number[]): void {
    for (const id of ids) this.paint(id);
    this.drawLegend();
    this.stage?.draw();
  }

  select(): void {
    const before = this.highlighted;
    this.highlighted = this.session.selected;
    if (before !== null) this.paint(before);
    if (this.highlighted !== null) this.paint(this.highlighted);
    const { selected } = this.session;
    setText(
      this.chosen,
      selected === null ? "" : `Selected (white): ${selected}, ${names[this.standingOf(selected)]}. Enter opens it.`,
    );
    this.stage?.draw();
  }

  private tell(words: string): void {
    setText(this.words, words);
    show(this.words, words !== "");
    this.host.hidden = words !== "" && words !== "Loading…";
    if (this.host.hidden) this.root.dataset["ready"] = "words";
  }

  private standingOf(id: number): Standing {
    return standing(this.session.decisions.get(id));
  }

  private paint(id: number): void {
    this.surfaces?.colour(id, id === this.highlighted ? selectedColour : colours[this.standingOf(id)]);
  }

  private drawLegend(): void {
    const counts: Record<Standing, number> = { accept: 0, reject: 0, unsure: 0, unjudged: 0 };
    for (const id of this.session.walk) counts[this.standingOf(id)] += 1;
    const lines = (Object.keys(counts) as Standing[]).map((verdict) =>
      el(
        "li",
        { class: verdict },
        el("span", { class: "sign", "aria-hidden": "true" }, signs[verdict]),
        `${formatCount(counts[verdict])} ${names[verdict]}`,
      ),
    );
    this.legend.replaceChildren(...lines);
  }

  private watchForClick(down: PointerEvent): void {
    if (down.button !== 0) return;
    const released = (up: PointerEvent): void => {
      if (Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) <= reach) this.click(up);
    };
    this.canvas.addEventListener("pointerup", released, { once: true });
  }

  private click(event: PointerEvent): void {
    if (!this.stage || !this.surfaces) return;
    const { left, top } = this.canvas.getBoundingClientRect();
    const face = this.stage.faceAt(event.clientX - left, event.clientY - top, this.surfaces.mesh);
    const id = face === null ? null : this.surfaces.idOfFace(face);
    if (id === null) return;
    this.session.select(id);
    if (event.shiftKey) this.session.judge("reject");
    else this.open(id);
  }
}
