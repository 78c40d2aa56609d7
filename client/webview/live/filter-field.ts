import { element } from "../parts/dom.ts";
import { filterKeys } from "../parts/keyboard.ts";

/** Milliseconds without a key after which what is typed counts. */
const SETTLE_MS = 80;

/** The field above the rows of a live page that says which of them are shown. */
export interface FilterField {
  readonly root: HTMLInputElement;
  /** Its texts, in the language of the user. */
  label(texts: { readonly filter: string; readonly filterHint: string }): void;
  /** What is in force; nothing is changed where it stands there already, so that the cursor stays. */
  show(text: string): void;
}

/**
 * Makes the field, with its keys: Ctrl+F goes to it, the arrow down and Escape from there to the rows.
 * @param rows what it filters @param change is told of what was typed, once it rests
 */
export function filterField(rows: HTMLElement, change: (text: string) => void): FilterField {
  const root = element("input", { type: "search", class: "filter", spellcheck: "false" });
  let settle = 0;
  root.addEventListener("input", () => {
    clearTimeout(settle);
    settle = window.setTimeout(() => change(root.value), SETTLE_MS);
  });
  filterKeys(root, rows);
  return {
    root,
    label({ filter, filterHint }) {
      root.placeholder = filterHint;
      root.setAttribute("aria-label", filter);
    },
    show(text) {
      if (root.value !== text) root.value = text;
    },
  };
}

/** A button that is pressed or not. */
export function toggleButton(act: () => void): HTMLElement {
  const made = element("button", { class: "toggle", type: "button", "aria-pressed": "false" });
  made.addEventListener("click", act);
  return made;
}
