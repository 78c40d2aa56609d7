import type { CommonLabels } from "../../views/view-texts.ts";
import { element } from "../parts/dom.ts";
import type { CellControl } from "./cell-editor.ts";
import type { LaidColumn } from "./column-layout.ts";
import { fitting } from "./number-text.ts";

/** A column of a live grid. */
export interface LiveColumn extends LaidColumn {
  readonly key: string;
  readonly align: "left" | "right" | "center";
  readonly sortable: boolean;
  /** What a screen reader says of a column whose heading is empty. */
  readonly said?: string;
}

/** What a cell shows. */
export interface LiveCell {
  readonly text: string;
  /** Forms that it may take, the longest first: the first one that fits shows. */
  readonly forms?: readonly string[];
  /** Characters that each form asks for, where the cells of several rows change their form together. */
  readonly needs?: readonly number[];
  /** What a screen reader says in place of the text, which is a sign. */
  readonly said?: string;
  /** Shown when the pointer rests on it. */
  readonly title?: string;
  /** Classes: `changed`, `on`, `off`, `bad`, `muted`, `differs`. */
  readonly kind?: string;
  /** How it is changed; absent: it is not. */
  readonly control?: CellControl;
  /** The session stops when it changes. */
  readonly watched?: boolean;
  /** What the menu of the editor gets of the cell. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** A row, ready to show. */
export interface LiveRow {
  /** The same for the same thing at every moment. */
  readonly key: string;
  readonly cells: Readonly<Record<string, LiveCell>>;
  readonly kind?: string;
  /** What the menu of the editor gets of the row. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Of a tree: depth from 1, whether it is open (absent: there is nothing below it), and its place among how many. */
  readonly level?: number;
  readonly open?: boolean;
  readonly place?: number;
  readonly of?: number;
}

/** Where a cell is, and how it shows there. */
export interface CellPlace {
  /** Undefined while it is on its way. */
  readonly row: LiveRow | undefined;
  /** Place of the row. */
  readonly at: number;
  readonly column: LiveColumn;
  /** Place of the column among those that show. */
  readonly index: number;
  /** Characters of text that the column has room for. */
  readonly room: number;
  /** Whether rows of a tree are indented by less. */
  readonly isDense: boolean;
  readonly isSelected: boolean;
  readonly isTree: boolean;
  readonly labels: CommonLabels | undefined;
}

/** A cell as an element: what it shows, says and lets be done. */
export function cellElement({
  row,
  at,
  column,
  index,
  room,
  isDense,
  isSelected,
  isTree,
  labels,
}: CellPlace): HTMLElement {
  const cell = row?.cells[column.key] ?? { text: row === undefined ? "…" : "" };
  const left = room - signRoom(cell) - (index === 0 ? indentation(row, isDense) : 0);
  const shown = cell.forms === undefined ? cell.text : fitting(cell.forms, left, cell.needs);
  const { changed = "", watched = "" } = labels ?? {};
  const marks = [cell.kind?.includes("changed") === true ? changed : "", cell.watched === true ? watched : ""];
  // What a screen reader says has what shows in it; the rest of what was shortened is in the title.
  const spoken = cell.said ?? (cell.text.includes(shown) ? cell.text : shown);
  const said = [spoken, ...marks].filter((text) => text !== "").join(", ");
  const title = [cell.title ?? (column.fill || shown !== cell.text ? cell.text : ""), ...marks]
    .filter((text) => text !== "")
    .join("\n");
  const context = { ...row?.context, ...cell.context };
  const made = element("div", {
    class: [
      column.align,
      cell.kind ?? "",
      isSelected ? "active" : "",
      cell.watched === true ? "watched" : "",
      cell.control === undefined ? "" : "settable",
    ]
      .filter((kind) => kind !== "")
      .join(" "),
    role: index === 0 && isTree ? "rowheader" : "gridcell",
    id: cellId(at, column.key),
    "data-column": column.key,
    // A name without the prefix that its group says is still that name.
    "data-seen": `${cell.needs === undefined ? shown : cell.text}${cell.kind?.includes("changed") === true ? "*" : ""}`,
    "aria-colindex": String(index + 1),
    "aria-label": said,
    "aria-readonly": cell.control === undefined ? "true" : undefined,
    title: title || undefined,
    "data-vscode-context":
      Object.keys(context).length === 0
        ? undefined
        : JSON.stringify({
            webviewSection: "row",
            cellText: cell.text,
            ...context,
            preventDefaultContextMenuItems: true,
          }),
  });
  if (index === 0 && row?.level !== undefined) {
    made.style.setProperty("--level", String(row.level - 1));
    made.append(
      element("span", {
        class: "twist",
        "aria-hidden": "true",
        text: row.open === undefined ? "" : row.open ? "▾" : "▸",
      }),
    );
  }
  if (cell.control?.kind === "toggle") {
    made.append(
      element("span", {
        class: `check${cell.control.on ? " checked" : ""}`,
        "aria-hidden": "true",
        text: cell.control.on ? "✓" : "",
      }),
    );
  } else made.append(element("span", { class: "text", text: shown }));
  return made;
}

/** Characters before the text of a row of a tree; the style sheet says the same. */
function indentation(row: LiveRow | undefined, isDense: boolean): number {
  if (row?.level === undefined) return 0;
  return isDense ? (row.level - 1) * 0.5 + 1.2 : row.level - 1 + 1.6;
}

/** Characters of the signs that the style sheets put before a cell's text. */
function signRoom({ kind, watched }: LiveCell): number {
  return (kind?.includes("unlike") === true ? 2 : 0) + (watched === true ? 2 : 0);
}

/** Id of the element of a cell. */
export function cellId(row: number, column: string): string {
  return `cell-${row}-${column}`;
}
