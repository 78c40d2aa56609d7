import { element, fill } from "../parts/dom.ts";

/** How a cell is changed. */
export type CellControl =
  | { readonly kind: "toggle"; readonly on: boolean }
  | { readonly kind: "text"; readonly value: string }
  | {
      readonly kind: "choice";
      readonly value: string;
      readonly choices: readonly { readonly value: string; readonly label: string }[];
    };

/**
 * Puts an input, or a list, into a cell.
 * @param done is called once: with the value, or undefined when it is left as it is; `refocus`: the keyboard goes back to the grid
 */
export function editCell(
  cell: HTMLElement,
  control: Exclude<CellControl, { kind: "toggle" }>,
  label: string,
  done: (value: string | undefined, refocus: boolean) => void,
): void {
  let isOver = false;
  const end = (value: string | undefined, refocus: boolean): void => {
    if (isOver) return;
    isOver = true;
    done(value, refocus);
  };
  const field =
    control.kind === "text"
      ? element("input", { type: "text", spellcheck: "false", "aria-label": label, title: label })
      : element("select", { "aria-label": label, title: label });
  if (field instanceof HTMLSelectElement && control.kind === "choice") {
    fill(field, control.choices, control.value);
    field.addEventListener("change", () => end(field.value, true));
  } else field.value = control.value;
  field.addEventListener("blur", () => end(undefined, false));
  field.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent)) return;
    event.stopPropagation();
    if (event.key === "Enter") end(field.value, true);
    else if (event.key === "Escape") end(undefined, true);
    else return;
    event.preventDefault();
  });
  cell.replaceChildren(field);
  field.focus();
  if (field instanceof HTMLInputElement) field.select();
}
