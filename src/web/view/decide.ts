// What one decides by: the measures of an object that speak for or against it, and the verdict with its keys.
import type { Verdict } from "../review/decisions.ts";
import type { Session } from "../review/session.ts";
import { button, el, setText } from "./dom.ts";
import { names, signs, standing } from "./look.ts";
import { measuresOf } from "./measures.ts";

export class DecideView {
  readonly root = el("section", { class: "decide", "aria-label": "What to decide by" });
  private readonly measures = el("dl", { class: "measures" });
  private readonly standing = el("output", { class: "standing" });
  private readonly verdicts: Record<Verdict, HTMLButtonElement>;

  constructor(private readonly session: Session) {
    this.verdicts = {
      accept: this.choice("accept", "Accept", "a"),
      reject: this.choice("reject", "Reject", "x"),
      unsure: this.choice("unsure", "Unsure", "u"),
    };
    const clear = keyButton("Clear", "c", "No verdict", () => session.judge(null));
    const choices = el("div", { class: "choices" }, ...Object.values(this.verdicts), clear);
    const verdict = el("div", { class: "verdicts", role: "group", "aria-label": "Verdict" }, this.standing, choices);
    this.root.append(this.measures, verdict);
  }

  /** After another object was selected. */
  select(): void {
    const { rows, selected } = this.session;
    const row = selected === null ? undefined : rows.row(selected);
    const lines = row === undefined ? [] : measuresOf(rows, row);
    this.measures.replaceChildren(
      ...lines.map(({ title, unit, value, help }) =>
        el("div", { title: help }, el("dt", {}, `${title} `, el("span", { class: "unit" }, unit)), el("dd", {}, value)),
      ),
    );
    this.verdict();
  }

  verdict(): void {
    const { selected, decisions } = this.session;
    const verdict = selected === null ? null : decisions.get(selected);
    for (const [name, element] of Object.entries(this.verdicts)) {
      element.setAttribute("aria-pressed", String(name === verdict));
    }
    const now = standing(verdict);
    this.standing.className = `standing ${now}`;
    setText(this.standing, `${signs[now]} ${names[now]}`);
  }

  private choice(name: Verdict, words: string, key: string): HTMLButtonElement {
    const element = keyButton(`${signs[name]} ${words}`, key, words, () => this.session.judge(name));
    element.classList.add(name);
    element.setAttribute("aria-pressed", "false");
    return element;
  }
}

function keyButton(text: string, key: string, words: string, act: () => void): HTMLButtonElement {
  const element = button(text, `${words} (${key})`, act, { class: "verdict", "aria-keyshortcuts": key });
  element.append(el("kbd", { "aria-hidden": "true" }, key));
  return element;
}
