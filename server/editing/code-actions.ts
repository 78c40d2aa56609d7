import type { CodeAction, Diagnostic } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import { hex } from "../../architecture/index.ts";
import { type DiagnosticData, readDiagnosticData } from "../../language/index.ts";
import { findMapping } from "../navigation/find-mapping.ts";
import { endingOf, rangeOf, type Script } from "../scripts/script.ts";
import type { Fix } from "./fix.ts";
import { freeIntid, freeIttAddress, mappedCollection } from "./free-resources.ts";
import { isTaken } from "./is-taken.ts";
import { outcomeFix } from "./outcome-fix.ts";
import { ruleFixes } from "./rule-fixes.ts";

/** Quick fixes for the problems at a place, best first. Problems of other sources are left alone. */
export function codeActions(script: Script, diagnostics: readonly Diagnostic[]): CodeAction[] {
  const ours = diagnostics.filter(
    ({ source, range }) => source === "gic" && range.start.line < script.document.lines.length,
  );
  // First, because the other ones may ask the machine at the line, which takes back what the lines below have come to.
  const outcomes = new Map(ours.map((diagnostic) => [diagnostic, outcomeFix(script, diagnostic)]));
  return ours.flatMap((diagnostic) => {
    const data = readDiagnosticData(diagnostic.data);
    const found = [
      data && dataFix(script, diagnostic, data),
      ...ruleFixes(script, diagnostic, data),
      outcomes.get(diagnostic),
    ];
    return found.flatMap((fix) => (fix === undefined ? [] : [action(script, diagnostic, fix)]));
  });
}

function action(script: Script, diagnostic: Diagnostic, { title, edits, preferred }: Fix): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    isPreferred: preferred ?? false,
    edit: { changes: { [script.uri]: [...edits] } },
  };
}

/** What mends a problem, by what it is about. */
function dataFix(script: Script, { range }: Diagnostic, data: DiagnosticData): Fix | undefined {
  const { line } = range.start;
  switch (data.kind) {
    case "misspelt":
    case "low-bits": {
      const edits = [{ range, newText: data.text }];
      return { title: `Change to ${data.text}`, edits, preferred: data.kind === "misspelt" };
    }
    case "device-not-mapped":
      return mapDevice(script, line, data);
    case "event-beyond-itt":
      return widenDevice(script, line, data);
    case "event-not-mapped":
      return mapEvent(script, line, data);
    case "event-without-target":
      return data.icid === undefined ? undefined : mapCollection(script, line, data.icid);
    case "collection-not-mapped":
      return mapCollection(script, line, data.icid);
    default:
      return undefined;
  }
}

/** A device that no MAPD above has mapped. */
function mapDevice(
  script: Script,
  line: number,
  data: { device: number; event?: number | undefined },
): Fix | undefined {
  const bits = eventBits(data.event ?? 0);
  const address = freeIttAddress(script, line, bits);
  if (address === undefined) return undefined;
  const device = hex(data.device);
  const text = `MAPD DeviceID=${device}, ITT_addr=${hex(address)}, Size=${bits - 1}`;
  return insertAbove(script, line, `Map DeviceID ${device} above`, text);
}

/** EventID bits of a new device: room for 32 events at least. */
function eventBits(event: number): number {
  return Math.min(Math.max(event.toString(2).length, 5), 32);
}

/** An EventID beyond the ITT: the MAPD gets more EventID bits. */
function widenDevice(script: Script, line: number, data: { device: number; event: number }): Fix | undefined {
  const mapping = findMapping(script, { kind: "device", device: data.device }, line);
  const syntax = mapping && script.document.lines[mapping.line].syntax;
  if (mapping === undefined || syntax?.kind !== "command") return undefined;
  const size = syntax.arguments.find(({ name }) => name.text.toLowerCase() === "size");
  if (size === undefined) return undefined;
  const bits = data.event.toString(2).length;
  // MAPD looks at the Size alone; where its ITT is does not matter.
  const wider = `MAPD DeviceID=${hex(data.device)}, ITT_addr=0, Size=${bits - 1}`;
  if (!isTaken(script, line, wider)) return undefined;
  return {
    title: `Give DeviceID ${hex(data.device)} ${bits} EventID bits (Size=${bits - 1}, line ${mapping.line + 1})`,
    edits: [{ range: rangeOf(mapping.line, size.value), newText: String(bits - 1) }],
  };
}

/** An event that no MAPTI above has mapped. */
function mapEvent(script: Script, line: number, data: { device: number; event: number }): Fix | undefined {
  const [device, event] = [hex(data.device), hex(data.event)];
  const intid = freeIntid(script, line);
  if (intid === undefined) return undefined;
  const text = `MAPTI DeviceID=${device}, EventID=${event}, pINTID=${intid}, ICID=${mappedCollection(script, line)}`;
  return insertAbove(script, line, `Map EventID ${event} of DeviceID ${device} above`, text);
}

/** A collection that no MAPC above has mapped. */
function mapCollection(script: Script, line: number, icid: number): Fix | undefined {
  return insertAbove(script, line, `Map ICID ${hex(icid)} above`, `MAPC ICID=${icid}, RDbase=0`);
}

/** A statement on a line of its own above, indented like the line below it. */
function insertAbove(script: Script, line: number, title: string, statement: string): Fix | undefined {
  if (!isTaken(script, line, statement)) return undefined;
  const indent = /^\s*/.exec(script.document.lines[line].text)?.[0] ?? "";
  const place = { line, character: 0 };
  const newText = `${indent}${statement}${endingOf(script)}`;
  return { title, edits: [{ range: { start: place, end: place }, newText }], preferred: true };
}
