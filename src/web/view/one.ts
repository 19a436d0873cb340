// One object: its sections, what one decides by, its surface, the rest of its row of the table.
import type { Column, ObjectData, Zyx } from "../source/contract.ts";
import type { Source } from "../source/source.ts";
import type { Session } from "../review/session.ts";
import { DecideView } from "./decide.ts";
import { button, el, setText, show } from "./dom.ts";
import { colours, formatCount, formatValue, names, standing } from "./look.ts";
import { toldColumns } from "./measures.ts";
import { Ortho } from "./ortho.ts";
import { ObjectSurface, Stage } from "./scene.ts";
import { noWebGl } from "./scene_tab.ts";
import type { Shared } from "./shared.ts";

const ahead = 3; // objects fetched before they are asked for, in either direction

export class OneView {
  readonly root = el("div", { class: "one" });
  readonly ortho: Ortho;
  private readonly canvas = el("canvas", { tabindex: "0", role: "img", "aria-label": "Surface; arrow keys turn it" });
  private readonly host = el("div", { class: "stage" }, this.canvas);
  private readonly surfaceWords = el("p", { class: "words" });
  private readonly words = el("p", { class: "words", role: "status" });
  private readonly title = el("h2");
  private readonly place = el("span", { class: "place" });
  private readonly decide: DecideView;
  private readonly facts = el("dl", { class: "facts" });
  private readonly columns: Column[];
  private readonly values: HTMLElement[];
  private readonly marks = el("div", { class: "marks" });
  private readonly markButton: HTMLButtonElement;
  private readonly outline: HTMLButtonElement;
  private stage: Stage | null = null;
  private begun = false;
  private surface: ObjectSurface | null = null;
  private surfaceOf: number | null = null;

  constructor(
    private readonly session: Session,
    private readonly source: Source,
    private readonly shared: Shared,
  ) {
    this.decide = new DecideView(session);
    this.ortho = new Ortho(session, shared, this.decide.root, (place) => this.mark(place));
    this.outline = button(
      "Outline",
      "Outlines and lines of the other sections on or off (o)",
      () => this.toggleOutline(),
      {
        "aria-pressed": "true",
      },
    );
    this.markButton = button(
      "Mark a missed one",
      "Mark a synapse that was missed, at a place in a picture (m)",
      () => this.toggleMarking(),
      {
        "aria-pressed": "false",
      },
    );
    this.root.append(this.head(), el("div", { class: "sections" }, this.ortho.root, this.words), this.side());
    this.columns = session.rows.columns.filter(({ name }) => !toldColumns.has(name));
    this.values = this.columns.map((column) => this.fact(column));
  }

  enter(): void {
    if (!this.begun) {
      this.begun = true;
      this.stage = Stage.open(
        this.canvas,
        () => this.shared.lastKey,
        () => this.frameDrawn(),
      );
    }
    this.select();
  }

  get marking(): boolean {
    return this.ortho.root.classList.contains("marking");
  }

  /** After another object was selected: its picture at once where it is at hand, its surface when there is time. */
  select(): void {
    const { selected: id, walk, position } = this.session;
    this.decide.select();
    this.drawVerdict();
    if (id === null) return this.tell("No object is selected: none fits the filters.");
    setText(this.title, `Object ${id}`);
    const where =
      position < 0 ? "not among those shown" : `${formatCount(position + 1)} of ${formatCount(walk.length)} shown`;
    setText(this.place, where);
    this.drawFacts(id);
    if (!this.session.rows.hasPicture(id)) {
      this.dropSurface("");
      return this.tell(`Object ${id} has no picture. With pictures: ${this.session.rows.table.pictures.why}.`);
    }
    const ready = this.source.ready(id);
    if (ready) this.showObject(id, ready.object, ready.picture);
    else this.load(id);
    const near = walk.slice(Math.max(0, position - ahead), position + ahead + 1);
    if (position >= 0) this.source.prefetch(near.filter((other) => other !== id));
  }

  verdicts(): void {
    this.drawVerdict();
    this.ortho.draw();
    this.drawMarks();
  }

  toggleMarking(): void {
    const on = !this.marking;
    this.ortho.marking(on);
    this.markButton.setAttribute("aria-pressed", String(on));
    this.session.say(on ? "Click where a synapse was missed, or arrow keys and Enter; Escape ends" : "");
  }

  private head(): HTMLElement {
    const step = (words: string, way: 1 | -1, key: string): HTMLButtonElement =>
      button(words, `${way > 0 ? "Next" : "Previous"} (${key})`, () => this.session.step(way, false));
    const unjudged = button("Next unjudged", "Next without a verdict (shift+j)", () => this.session.step(1, true));
    const steps = el("span", { class: "buttons" }, step("‹ Previous", -1, "k"), step("Next ›", 1, "j"), unjudged);
    return el(
      "div",
      { class: "one-head" },
      this.title,
      this.place,
      steps,
      el("span", { class: "buttons" }, this.outline, this.markButton),
    );
  }

  private side(): HTMLElement {
    const rest = el("h3", {}, "Other columns of its row");
    return el("aside", {}, el("div", { class: "surface" }, this.host, this.surfaceWords), this.marks, rest, this.facts);
  }

  toggleOutline(): void {
    this.shared.outline = !this.shared.outline;
    this.outline.setAttribute("aria-pressed", String(this.shared.outline));
    this.ortho.draw();
  }

  private fact({ name, title, unit, help }: Column): HTMLElement {
    const value = el("dd");
    this.facts.append(el("dt", { title: `${name}: ${help}` }, `${title} `, el("span", { class: "unit" }, unit)), value);
    return value;
  }

  private drawFacts(id: number): void {
    const row = this.session.rows.row(id)!;
    this.columns.forEach((column, i) =>
      setText(this.values[i]!, formatValue(column, column.values[row] ?? null)),
    );
  }

  private drawVerdict(): void {
    const { selected } = this.session;
    const verdict = selected === null ? null : this.session.decisions.get(selected);
    this.decide.verdict();
    this.title.className = standing(verdict);
    this.title.title = names[standing(verdict)];
    if (this.surface && this.surfaceOf === selected) {
      this.surface.colour(colours[standing(verdict)]);
      this.stage?.draw();
    }
  }

  private load(id: number): void {
    this.ortho.clear();
    const current = (): boolean => this.session.selected === id;
    this.tell("Loading…");
    this.source.picture(id).then(
      async (picture) => {
        const object = await this.source.object(id);
        if (current()) this.showObject(id, object, picture);
      },
      (error: Error) => {
        if (!current()) return;
        this.dropSurface("");
        this.tell(error.message);
      },
    );
  }

  private showObject(id: number, object: ObjectData, picture: HTMLImageElement | null): void {
    if (object.picture && picture) {
      this.tell("");
      this.ortho.show(object.picture, picture);
      this.root.dataset["shown"] = String(id);
    }
    this.showSurface(id, object);
    this.drawMarks();
  }

  private showSurface(id: number, object: ObjectData): void {
    if (!this.stage) return this.dropSurface(noWebGl);
    if (!object.surface) return this.dropSurface(this.session.rows.table.surfaces_why || "This object has no surface.");
    this.surface = new ObjectSurface(object.surface, colours[standing(this.session.decisions.get(id))]);
    this.surfaceOf = id;
    this.host.hidden = false;
    setText(this.surfaceWords, "");
    this.stage.show(this.surface.object);
  }

  private dropSurface(words: string): void {
    this.stage?.clear();
    this.surface = null;
    this.surfaceOf = null;
    this.host.hidden = true;
    setText(this.surfaceWords, words);
  }

  private frameDrawn(): void {
    if (this.surfaceOf !== null) this.root.dataset["surface"] = String(this.surfaceOf);
  }

  private mark(place: Zyx): void {
    const { extent } = this.session.rows.table.volume;
    if (!place.every((part, axis) => 0 <= part && part < extent[axis]!)) {
      return this.session.say(`${place.join(", ")} is outside the volume`);
    }
    this.session.decisions.mark([...place]);
    this.session.say(`Marked a missed synapse at ${place.join(", ")}; z undoes it`);
  }

  private drawMarks(): void {
    const { missed } = this.session.decisions;
    const items = missed.map((place, i) => {
      const remove = button("×", "Remove this mark", () => this.session.decisions.unmark(i));
      remove.setAttribute("aria-label", `Remove the mark at ${place.join(", ")}`);
      return el("li", {}, `z ${place[0]}, y ${place[1]}, x ${place[2]}`, remove);
    });
    const heading = el("h3", {}, `Marked as missed: ${formatCount(missed.length)}`);
    this.marks.replaceChildren(...(missed.length === 0 ? [] : [heading, el("ul", {}, ...items)]));
  }

  private tell(words: string): void {
    setText(this.words, words);
    show(this.words, words !== "");
    this.ortho.root.classList.toggle("gone", words !== "");
    if (words !== "" && words !== "Loading…") this.root.dataset["shown"] = `words ${this.session.selected}`;
  }
}
