import type { CodeAction, Diagnostic } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import { FIRST_LPI } from "../../architecture/index.ts";
import { findMapping } from "../navigation/find-mapping.ts";
import { argumentValue } from "../navigation/mappings.ts";
import { endingOf, rangeOf, type Script } from "../scripts/script.ts";
import type { Fix } from "./fix.ts";
import { freeIntid, freeIttAddress } from "./free-resources.ts";
import { outcomeFix } from "./outcome-fix.ts";

/** Quick fixes for the problems at a place, best first. Problems of other sources are left alone. */
export function codeActions(script: Script, diagnostics: readonly Diagnostic[]): CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const { source, message, range } = diagnostic;
    if (source !== "gic" || typeof message !== "string" || range.start.line >= script.document.lines.length) return [];
    return fixes.flatMap((fix) => {
      const found = fix(script, { ...diagnostic, message });
      return found === undefined ? [] : [action(script, diagnostic, found)];
    });
  });
}

/** A problem as the server published it, with a plain message. */
export type Problem = Diagnostic & { readonly message: string };

type FixFinder = (script: Script, diagnostic: Problem) => Fix | undefined;

const fixes: readonly FixFinder[] = [didYouMean, lowBits, mapDevice, widenDevice, mapEvent, mapCollection, outcomeFix];

function action(script: Script, diagnostic: Diagnostic, { title, edits, preferred }: Fix): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    isPreferred: preferred ?? false,
    edit: { changes: { [script.uri]: [...edits] } },
  };
}

/** A misspelt word. The language's messages end a suggestion with a question mark. */
function didYouMean(_script: Script, { message, range }: Problem): Fix | undefined {
  const word = /Did you mean ([\w.-]+)\?/.exec(message)?.[1];
  return word === undefined
    ? undefined
    : { title: `Change to ${word}`, edits: [{ range, newText: word }], preferred: true };
}

/** An address with bits that its field does not hold. */
function lowBits(_script: Script, { code, message, range }: Problem): Fix | undefined {
  const value = code === "ITS0307" ? /such as (\w+)\.$/.exec(message)?.[1] : undefined;
  return value === undefined ? undefined : { title: `Change to ${value}`, edits: [{ range, newText: value }] };
}

/** A device that no MAPD above has mapped. */
function mapDevice(script: Script, { message, range }: Problem): Fix | undefined {
  const id = /DeviceID (0x[0-9a-f]+) is not mapped/.exec(message)?.[1];
  if (id === undefined) return undefined;
  const line = range.start.line;
  const event = argumentValue(script.document.lines[line], "EventID") ?? 0n;
  const bits = eventBits(event);
  const address = freeIttAddress(script, line, bits);
  return insertAbove(
    script,
    line,
    `Map DeviceID ${id} above`,
    `MAPD DeviceID=${id}, ITT_addr=0x${address.toString(16)}, Size=${bits - 1}`,
  );
}

/** EventID bits of a new device: room for 32 events at least. */
function eventBits(event: bigint): number {
  return Math.min(Math.max(event.toString(2).length, 5), 32);
}

/** An EventID beyond the ITT: the MAPD gets more EventID bits. */
function widenDevice(script: Script, { message, range }: Problem): Fix | undefined {
  if (!/EventID 0x[0-9a-f]+ is beyond the ITT of DeviceID/.test(message)) return undefined;
  const line = script.document.lines[range.start.line];
  const device = argumentValue(line, "DeviceID");
  const event = argumentValue(line, "EventID");
  if (device === undefined || event === undefined) return undefined;
  const mapping = findMapping(script.document, { kind: "device", device }, range.start.line);
  const syntax = mapping && script.document.lines[mapping.line].syntax;
  if (mapping === undefined || syntax?.kind !== "command") return undefined;
  const size = syntax.arguments.find(({ name }) => name.text.toLowerCase() === "size");
  if (size === undefined) return undefined;
  const bits = event.toString(2).length;
  return {
    title: `Give DeviceID 0x${device.toString(16)} ${bits} EventID bits (Size=${bits - 1}, line ${mapping.line + 1})`,
    edits: [{ range: rangeOf(mapping.line, size.value), newText: String(bits - 1) }],
  };
}

/** An event that no MAPTI above has mapped. */
function mapEvent(script: Script, { message, range }: Problem): Fix | undefined {
  const found = /EventID (0x[0-9a-f]+) of DeviceID (0x[0-9a-f]+) is not mapped/.exec(message);
  if (found === null) return undefined;
  const [, event, device] = found;
  const intid = freeIntid(script, range.start.line) ?? FIRST_LPI;
  const text = `MAPTI DeviceID=${device}, EventID=${event}, pINTID=${intid}, ICID=0`;
  return insertAbove(script, range.start.line, `Map EventID ${event} of DeviceID ${device} above`, text);
}

/** A collection that no MAPC above has mapped. */
function mapCollection(script: Script, { message, range }: Problem): Fix | undefined {
  const icid = /ICID (0x[0-9a-f]+) is not mapped/.exec(message)?.[1];
  if (icid === undefined) return undefined;
  return insertAbove(script, range.start.line, `Map ICID ${icid} above`, `MAPC ICID=${Number(icid)}, RDbase=0`);
}

/** A statement on a line of its own above, indented like the line below it. */
function insertAbove(script: Script, line: number, title: string, statement: string): Fix {
  const indent = /^\s*/.exec(script.document.lines[line].text)?.[0] ?? "";
  const place = { line, character: 0 };
  const newText = `${indent}${statement}${endingOf(script)}`;
  return { title, edits: [{ range: { start: place, end: place }, newText }], preferred: true };
}
