import type { TimelineOutcome, TimelineRow } from "../../../debug-adapter/views-protocol.ts";
import type { TimelineLabels } from "../../views/view-texts.ts";
import type { LiveCell, LiveColumn, LiveRow } from "./live-cell.ts";

export function timelineColumns(labels: TimelineLabels): LiveColumn[] {
  const column = (
    key: "mark" | "line" | "what" | "outcome" | "its",
    width: number,
    rank: number,
    more: Partial<LiveColumn> = {},
  ): LiveColumn => ({ key, heading: labels[key], align: "left", width, rank, sortable: false, ...more });
  return [
    column("mark", 2, 0, { heading: "", said: labels.mark }),
    column("line", 5, 0, { align: "right" }),
    column("what", 26, 0, { fill: true }),
    column("outcome", 16, 1, { spare: 4 }),
    column("its", 3, 2, { align: "right", spare: 24 }),
  ];
}

/** A row of the timeline. */
export function timelineRow(row: TimelineRow, labels: TimelineLabels): LiveRow {
  const { key, line, kind, moment, its, outcome, command } = row;
  const text = textOf(row, labels);
  const came = outcome === undefined ? "" : outcomeText(outcome, labels);
  return {
    key,
    kind: moment === "past" ? "" : moment,
    context: {
      moment: kind !== "gap" && moment !== "next",
      line,
      ...(kind === "end" ? {} : { mapped: true }),
      ...(kind === "command" ? { command } : {}),
    },
    cells: {
      mark: markOf(row, labels),
      line: { text: kind === "statement" ? String(line) : "", kind: "muted" },
      what: {
        text: `${kind === "statement" || kind === "end" ? "" : "  "}${outcome?.good === false ? "✗ " : ""}${text}`,
        said: outcome?.good === false ? `${text}: ${came}` : text,
        title: [text, came].filter(Boolean).join("\n"),
        kind: outcome?.good === false ? "bad" : kind === "gap" || kind === "end" ? "muted" : "",
      },
      outcome: { text: came, title: came, kind: outcome?.good === false ? "bad" : "muted" },
      its: { text: its === undefined ? "" : String(its), kind: "muted" },
    },
  };
}

function textOf({ kind, text, count }: TimelineRow, labels: TimelineLabels): string {
  if (kind === "gap") return labels.gap.replace("{0}", String(count ?? 0));
  return kind === "end" ? labels.end : text;
}

function markOf({ moment, stop }: TimelineRow, labels: TimelineLabels): LiveCell {
  const reasons: Readonly<Record<string, string>> = {
    breakpoint: labels.breakpoint,
    "function breakpoint": labels.functionBreakpoint,
    "data breakpoint": labels.dataBreakpoint,
    "instruction breakpoint": labels.instructionBreakpoint,
    exception: labels.exception,
    pause: labels.pause,
    end: labels.endStop,
  };
  const stopped = stop === undefined ? "" : labels.stopped.replace("{0}", reasons[stop] ?? stop);
  const stands = moment === "next" ? labels.next : moment === "future" ? labels.future : "";
  const said = [stands, stopped].filter(Boolean).join(", ");
  return {
    text: moment === "next" ? "▶" : stop === undefined ? "" : "●",
    kind: `mark${moment === "next" || stop === undefined ? "" : " stop"}`,
    said,
    title: said,
  };
}

function outcomeText({ kind, text }: TimelineOutcome, labels: TimelineLabels): string {
  switch (kind) {
    case "sent":
      return labels.sent;
    case "kept":
      return labels.kept;
    case "commands":
      return text === "1" ? labels.oneCommand : labels.commands.replace("{0}", text);
    case "machine":
      return labels.machine.replace("{0}", text);
    case "value":
      return `= ${text}`;
    default:
      return text;
  }
}
