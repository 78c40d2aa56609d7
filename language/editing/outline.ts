import type { ScriptDocument } from "../document.ts";
import { findArgument, findCommand } from "../operation/assemble.ts";
import type { ScriptLine } from "../parse/line.ts";
import { formatValue } from "../parse/number.ts";
import type { Argument, Span } from "../parse/syntax.ts";
import { formatLike } from "../values.ts";

export type OutlineKind = "machine" | "let" | "device" | "collection" | "event";

/** One entry of the outline. */
export interface OutlineEntry {
  readonly kind: OutlineKind;
  readonly name: string;
  readonly detail: string;
  /** First and last line, from 0. */
  readonly line: number;
  readonly endLine: number;
  /** What to select in the first line. */
  readonly selection: Span;
  /** Events of a device. */
  readonly children: readonly OutlineEntry[];
}

type Draft = Omit<OutlineEntry, "children"> & { readonly children: OutlineEntry[] };

/**
 * The outline of a script: its machines with their models, the `let` names, the collections that MAPC maps, and the devices that MAPD maps with the
 * events that MAPTI and MAPI map in them. Lines that unmap (V=0) are left out, and so are lines that cannot be read.
 */
export function outline(document: ScriptDocument): OutlineEntry[] {
  const entries: Draft[] = [];
  const devices = new Map<string, Draft>();
  document.lines.forEach((line, index) => {
    if (line.syntax.kind === "machine" && line.syntax.word !== undefined) {
      const endLine = machineEnd(document.lines, index);
      devices.clear();
      entries.push({
        kind: "machine",
        name: "machine",
        detail: document.machineLines(index).machine.model,
        line: index,
        endLine,
        selection: line.syntax.word,
        children: [],
      });
    } else if (line.syntax.kind === "let") {
      const { name, value } = line.syntax;
      const detail = line.text.slice(value.start, value.start + value.length);
      entries.push({
        kind: "let",
        name: name.text,
        detail,
        line: index,
        endLine: index,
        selection: name,
        children: [],
      });
    } else if (line.syntax.kind === "command") {
      const entry = commandEntry(line, index);
      if (entry === undefined) return;
      if (entry.kind !== "event") {
        entries.push(entry);
        if (entry.kind === "device") devices.set(entry.name, entry);
        return;
      }
      const device = devices.get(`DeviceID ${argumentText(line, "DeviceID")}`);
      (device?.children ?? entries).push(entry);
    }
  });
  return entries;
}

function machineEnd(lines: readonly ScriptLine[], from: number): number {
  let line = from;
  for (; line < lines.length; line++) {
    const { syntax } = lines[line];
    if (syntax.kind === "machine" && syntax.closes) return line;
    if (syntax.kind !== "machine" && syntax.kind !== "blank") return line - 1;
  }
  return line - 1;
}

function commandEntry(line: ScriptLine, index: number): Draft | undefined {
  if (line.syntax.kind !== "command" || line.problem !== undefined || argumentText(line, "V") === "0") return undefined;
  const statement = line.binding.statement;
  if (statement?.kind !== "command") return undefined;
  const entry = (kind: OutlineKind, name: string, detail: string): Draft => ({
    kind,
    name,
    detail,
    line: index,
    endLine: index,
    selection: line.syntax.kind === "command" ? line.syntax.word : { start: 0, length: 0 },
    children: [],
  });
  switch (statement.command.name) {
    case "MAPD":
      return entry("device", `DeviceID ${argumentText(line, "DeviceID")}`, `ITT ${argumentText(line, "ITT_addr")}`);
    case "MAPC":
      return entry("collection", `ICID ${argumentText(line, "ICID")}`, `RDbase ${argumentText(line, "RDbase")}`);
    case "MAPTI":
      return entry("event", `EventID ${argumentText(line, "EventID")}`, `pINTID ${argumentText(line, "pINTID")}`);
    case "MAPI":
      return entry("event", `EventID ${argumentText(line, "EventID")}`, `pINTID ${argumentText(line, "EventID")}`);
    default:
      return undefined;
  }
}

/** An argument's value: the number in one spelling when it is a number, the expression as written otherwise. */
function argumentText(line: ScriptLine, name: string): string {
  if (line.syntax.kind !== "command") return "";
  const wanted = name.toLowerCase();
  const argument: Argument | undefined = line.syntax.arguments.find(
    (entry) => entry.name.text.toLowerCase() === wanted,
  );
  if (argument === undefined) return "";
  const { value } = argument;
  if (value.kind !== "number") return line.text.slice(value.start, value.start + value.length);
  const command = findCommand(line.syntax.word.text);
  const field = command && findArgument(command, name);
  return field === undefined ? formatValue(value.value) : formatLike(field, value.value);
}
