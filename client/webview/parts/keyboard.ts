/**
 * Where the keyboard begins: an element gets the focus when the page gets it and nothing of the page has it, as after a command that opened
 * the page.
 * @returns does the same at once, for a page that shows what it did not before
 */
export function beginAt(first: () => HTMLElement | undefined | null): () => void {
  const take = (): void => {
    const { activeElement, body } = document;
    if (document.hasFocus() && (activeElement === null || activeElement === body)) first()?.focus();
  };
  window.addEventListener("focus", take);
  return take;
}

/** Ctrl+F goes to a filter, and the arrow down and Escape from there to what it filters. */
export function filterKeys(filter: HTMLInputElement, rows: HTMLElement): void {
  leaveTo(filter, rows);
  document.addEventListener("keydown", (event) => {
    if (!isChord(event, "f")) return;
    filter.focus();
    filter.select();
    event.preventDefault();
    // The editor would hear of it, and open its own search in the text.
    event.stopPropagation();
  });
}

/** A key, and what is pressed with it: what is looked at of an event. */
export type Chord = Readonly<Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">>;

/** Whether a key is pressed with Ctrl or Cmd alone; with caps lock it is another letter, and the same key. */
export function isChord({ key, ctrlKey, metaKey, shiftKey, altKey }: Chord, letter: string): boolean {
  return key.toLowerCase() === letter && (ctrlKey || metaKey) && !shiftKey && !altKey;
}

/** The arrow down and Escape go from a field to an element. */
export function leaveTo(field: HTMLInputElement, to: HTMLElement): void {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Escape") return;
    to.focus();
    event.preventDefault();
  });
}
