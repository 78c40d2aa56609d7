import type { InterruptPiece, InterruptRow, TargetBody } from "../../../debug-adapter/views-protocol.ts";
import type { InterruptLabels } from "../../views/view-texts.ts";
import type { LiveCell, LiveColumn, LiveRow } from "./live-cell.ts";

/** The columns of the list of interrupts. Where there is little room, those with the highest ranks are left out. */
export function interruptColumns(labels: InterruptLabels): LiveColumn[] {
  const column = (
    key: keyof InterruptLabels,
    width: number,
    rank: number,
    more: Partial<LiveColumn> = {},
  ): LiveColumn => ({
    key,
    heading: labels[key],
    align: "left",
    // The arrow of the column that rows are sorted by has room, too.
    width: Math.max(width, labels[key].length + 1),
    rank,
    sortable: true,
    ...more,
  });
  return [
    column("intid", 7, 0, { align: "right", narrow: { heading: labels.intid, width: 6 } }),
    column("kind", 4, 1),
    column("pending", 4, 0, { align: "center", narrow: { heading: labels.pendingShort, width: 3 } }),
    column("active", 4, 4, { align: "center", narrow: { heading: labels.activeShort, width: 3 } }),
    column("enabled", 4, 0, { align: "center", narrow: { heading: labels.enabledShort, width: 3 } }),
    column("priority", 4, 3, { align: "right", narrow: { heading: labels.priorityShort, width: 5 } }),
    column("target", 8, 0, { narrow: { heading: labels.target, width: 6 } }),
    column("device", 8, 2, { align: "right" }),
    column("event", 7, 2, { align: "right" }),
    column("icid", 6, 5, { align: "right" }),
    column("trigger", 5, 7),
    column("group", 3, 8),
    column("listRegister", 20, 6, { sortable: false, fill: true }),
  ];
}

/** A line of the list. @param watched expressions that the session stops at */
export function interruptCells(row: InterruptRow, labels: InterruptLabels, watched: ReadonlySet<string>): LiveRow {
  const { key, kind, intid, pe, device, event, icid, its, changed, expressions, settable } = row;
  const isNew = changed.includes("new");
  const of = (piece: InterruptPiece, text: string | undefined, more: Partial<LiveCell> = {}): LiveCell => {
    const expression = expressions[piece];
    return {
      text: text ?? "",
      ...more,
      ...(changed.includes(piece) ? { kind: `${more.kind ?? ""} changed`.trim() } : {}),
      ...(expression === undefined ? {} : { watched: watched.has(expression), context: { watch: expression } }),
    };
  };
  const flag = (piece: "pending" | "active" | "enabled"): LiveCell => {
    const on = row[piece];
    if (on === undefined)
      return { text: "–", kind: "muted", ...(piece === "active" ? { title: labels.noActive } : {}) };
    const shown = { kind: on ? "on" : "off" };
    return of(
      piece,
      on ? labels.yes : labels.no,
      settable.includes(piece) ? { ...shown, control: { kind: "toggle", on } } : shown,
    );
  };
  const { priority, group, trigger, listRegister } = row;
  const entries = entryExpressions(row);
  const entry = (expression: string | undefined): Partial<LiveCell> =>
    expression === undefined ? {} : { watched: watched.has(expression), context: { watch: expression } };
  const priorityText = priority === undefined ? undefined : hex(priority);
  return {
    key,
    context: { key, intid, ...(device === undefined ? {} : { mapped: true, its, device, event }) },
    ...(isNew ? { kind: "new" } : {}),
    cells: {
      intid: { text: String(intid), ...(isNew ? { kind: "changed", title: labels.added } : {}) },
      kind: { text: pe === undefined ? kind : `${kind}` },
      pending: flag("pending"),
      active: flag("active"),
      enabled: flag("enabled"),
      priority: of("priority", priorityText, {
        ...(settable.includes("priority") && priorityText !== undefined
          ? { control: { kind: "text", value: priorityText } }
          : {}),
      }),
      trigger: of("trigger", trigger === undefined ? undefined : labels[trigger], {
        ...(settable.includes("trigger") && trigger !== undefined
          ? {
              control: {
                kind: "choice",
                value: trigger === "edge" ? "1" : "0",
                choices: [
                  { value: "0", label: labels.level },
                  { value: "1", label: labels.edge },
                ],
              },
            }
          : {}),
      }),
      group: of("group", group?.toString(), {
        ...(settable.includes("group") && group !== undefined
          ? {
              control: {
                kind: "choice",
                value: String(group),
                choices: ["0", "1"].map((value) => ({ value, label: value })),
              },
            }
          : {}),
      }),
      target: {
        text: targetText(row.target, labels),
        kind: [
          row.target.kind === "unmapped" || row.target.kind === "nowhere" ? "bad" : "",
          changed.includes("target") || changed.includes("mapping") ? "changed" : "",
        ]
          .filter(Boolean)
          .join(" "),
        ...entry(entries.cte),
      },
      listRegister: {
        text: listRegister === undefined ? "" : `PE ${listRegister.pe} LR${listRegister.index}: ${listRegister.state}`,
      },
      device: { text: device === undefined ? "" : hex(device), ...entry(entries.dte) },
      event: { text: event === undefined ? "" : hex(event), ...entry(entries.ite) },
      icid: {
        text: icid === undefined ? "" : hex(icid),
        ...(changed.includes("mapping") ? { kind: "changed" } : {}),
        ...entry(entries.ite === undefined ? undefined : `${entries.ite}.ICID`),
      },
    },
  };
}

/** The table entries by which an LPI comes, as scripts call them; scripts have names for those of the first ITS. */
function entryExpressions({ its, device, event, icid }: InterruptRow): { dte?: string; ite?: string; cte?: string } {
  if (its !== 0) return {};
  return {
    ...(device === undefined ? {} : { dte: `dte[${hex(device)}]` }),
    ...(device === undefined || event === undefined ? {} : { ite: `ite[${hex(device)}, ${hex(event)}]` }),
    ...(icid === undefined ? {} : { cte: `cte[${hex(icid)}]` }),
  };
}

/** What is set when a cell has been changed; undefined for a text that is no number. */
export function settableValue(column: string, text: string): { piece: InterruptPiece; value: number } | undefined {
  const pieces: readonly string[] = ["pending", "active", "enabled", "priority", "trigger", "group"];
  if (!pieces.includes(column) || !/^(0x[0-9a-f]+|\d+)$/i.test(text.trim())) return undefined;
  return { piece: column as InterruptPiece, value: Number(text.trim()) };
}

function targetText(target: TargetBody, labels: InterruptLabels): string {
  switch (target.kind) {
    case "pes":
      return target.pes.length === 0 ? labels.noPe : labels.pe.replace("{0}", target.pes.join(", "));
    case "any":
      return labels.anyPe;
    case "nowhere":
      return labels.nowhere.replace("{0}", hex(target.affinity));
    case "vpe":
      return labels.vpe.replace("{0}", hex(target.vpe));
    case "unmapped":
      return labels.noPe;
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
