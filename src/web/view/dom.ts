// Elements made in one expression. Text is always text: nothing here, nor in any view, reads a string as HTML.

type Child = Node | string;
type Attributes = Record<string, string>;

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function button(text: string, title: string, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = el("button", { type: "button", title, ...attributes }, text);
  element.addEventListener("click", act);
  return element;
}

/** Changes a text only where it differs, since each change has the browser lay out once more. */
export function setText(element: Node, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element: HTMLElement, shown: boolean): void {
  if (element.hidden === shown) element.hidden = !shown;
}

/** Asks in a dialog of the page; Escape and "Cancel" say no. */
export function ask(question: string): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "ask", "aria-label": question }, el("p", {}, question));
    const answer = (): void => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    };
    const yes = button("Yes", "Do it", () => dialog.close("yes"), { class: "primary" });
    const no = button("Cancel", "Leave all as it is", () => dialog.close("no"));
    dialog.append(el("div", { class: "buttons" }, yes, no));
    dialog.addEventListener("close", answer);
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
