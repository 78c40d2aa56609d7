/** Attributes and properties of a new element; `text` is its text content, everything else an attribute. */
export interface Attributes {
  readonly text?: string;
  readonly [name: string]: string | undefined;
}

/** Makes an element. Text goes in as text, so nothing that a dump holds can become markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Node[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (key === "text") made.textContent = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Gives a list its choices. */
export function fill(
  list: HTMLSelectElement,
  choices: readonly { readonly value: string; readonly label: string }[],
  chosen: string,
): void {
  list.replaceChildren(...choices.map(({ value, label }) => element("option", { value, text: label })));
  list.value = chosen;
}

/** Calls a function when Enter is pressed in a field. */
export function onEnter(field: HTMLElement, act: () => unknown): void {
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") act();
  });
}
