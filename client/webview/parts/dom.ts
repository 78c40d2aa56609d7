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
