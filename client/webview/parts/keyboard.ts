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
    if (event.key !== "f" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    filter.focus();
    filter.select();
    event.preventDefault();
    // The editor would hear of it, and open its own search in the text.
    event.stopPropagation();
  });
}

/** The arrow down and Escape go from a field to an element. */
export function leaveTo(field: HTMLInputElement, to: HTMLElement): void {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Escape") return;
    to.focus();
    event.preventDefault();
  });
}
