import type { CodeAction, Diagnostic, Range, TextEdit } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import { hex } from "../../architecture/index.ts";
import { type DiagnosticData, readDiagnosticData } from "../../language/index.ts";
import { findMapping } from "../navigation/find-mapping.ts";
import { unitFor } from "../navigation/its-of-line.ts";
import { toDiagnostic } from "../scripts/diagnostics.ts";
import { endingOf, rangeOf, type Script } from "../scripts/script.ts";
import type { Fix } from "./fix.ts";
import { freeIntid, freeIttAddress, mappedCollection } from "./free-resources.ts";
import { isTaken } from "./is-taken.ts";
import { missingArgumentFix } from "./missing-arguments.ts";
import { outcomeFix } from "./outcome-fix.ts";
import { refactorings } from "./refactorings.ts";
import { ruleFixes } from "./rule-fixes.ts";
import { textFixes } from "./text-fixes.ts";

/** What is asked for beside the problems at a place. */
export interface CodeActionRequest {
  readonly range?: Range | undefined;
  /** Kinds that are wanted, with what lies below them; absent: all but those that mend a whole script. */
  readonly only?: readonly string[] | undefined;
}

/** Mends every problem of a script that has one sure fix. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.gic`;

/** Kinds of actions that there are. */
export const codeActionKinds = [
  CodeActionKind.QuickFix,
  CodeActionKind.RefactorExtract,
  CodeActionKind.RefactorInline,
  CodeActionKind.RefactorRewrite,
  FIX_ALL,
] as const;

/** Quick fixes for the problems at a place, best first, and what else can be done there. Problems of other sources are left alone. */
export function codeActions(
  script: Script,
  diagnostics: readonly Diagnostic[],
  { range, only }: CodeActionRequest = {},
): CodeAction[] {
  const isWanted = (kind: string) => only?.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`)) === true;
  const actions: CodeAction[] = [];
  if (only === undefined || isWanted(CodeActionKind.QuickFix)) actions.push(...quickFixes(script, diagnostics));
  if (range !== undefined) {
    const found = refactorings(script, range);
    const changes = ({ edit }: CodeAction) => JSON.stringify(edit?.changes);
    // What a fix does already is not offered a second time by another name.
    const offered = new Set(actions.map(changes));
    actions.push(
      ...found.filter((one) => (only === undefined || isWanted(one.kind ?? "")) && !offered.has(changes(one))),
    );
  }
  if (isWanted(FIX_ALL)) actions.push(...fixAll(script));
  return actions;
}

function quickFixes(script: Script, diagnostics: readonly Diagnostic[]): CodeAction[] {
  const ours = diagnostics.filter(
    ({ source, range: { start } }) => source === "gic" && start.line >= 0 && start.line < script.document.lines.length,
  );
  // First, because the other ones may ask the machine at the line, which takes back what the lines below have come to.
  const outcomes = new Map(ours.map((diagnostic) => [diagnostic, outcomeFix(script, diagnostic)]));
  return ours.flatMap((diagnostic) => {
    const fixes = fixesOf(script, diagnostic, outcomes.get(diagnostic));
    return fixes.map((fix) => action(script, diagnostic, fix));
  });
}

/** @param outcome the fix that says what came of the line */
function fixesOf(script: Script, diagnostic: Diagnostic, outcome?: Fix): Fix[] {
  const data = readDiagnosticData(diagnostic.data);
  const found = [
    data && dataFix(script, diagnostic, data),
    ...ruleFixes(script, diagnostic, data),
    missingArgumentFix(script, diagnostic),
    ...textFixes(script, diagnostic),
    outcome,
  ];
  return found.filter((fix) => fix !== undefined);
}

/** Problems that are mended at once at most. */
const MOST_FIXED = 10_000;

/**
 * The sure fixes of all problems that reading the script finds, one a line, in one action. What running finds has a cause in another line
 * and is left to its reader.
 */
function fixAll(script: Script): CodeAction[] {
  const edits: TextEdit[] = [];
  const fixed: number[] = [];
  // A text that cannot be read at all has no lines to mend.
  if (script.document.refusal !== undefined) return [];
  for (const problem of script.document.diagnostics(MOST_FIXED).list) {
    const [fix] = fixesOf(script, toDiagnostic(problem, undefined, { maxProblems: MOST_FIXED })).filter(
      ({ preferred }) => preferred === true,
    );
    if (fix === undefined || fixed.includes(problem.line)) continue;
    fixed.push(problem.line);
    edits.push(...fix.edits);
  }
  if (edits.length === 0) return [];
  const title = edits.length === 1 ? "Fix 1 problem" : `Fix ${fixed.length} problems`;
  return [{ title, kind: FIX_ALL, edit: { changes: { [script.uri]: edits } } }];
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
      return data.icid === undefined ? undefined : mapCollection(script, line, { its: data.its, icid: data.icid });
    case "collection-not-mapped":
      return mapCollection(script, line, data);
    default:
      return undefined;
  }
}

/** Ids of an ITS; absent: of ITS 0. */
interface OfIts {
  readonly its?: number | undefined;
}

/** A device that no MAPD above has mapped. */
function mapDevice(
  script: Script,
  line: number,
  data: OfIts & { device: number; event?: number | undefined },
): Fix | undefined {
  const bits = eventBits(data.event ?? 0);
  const address = freeIttAddress(script, line, bits);
  if (address === undefined) return undefined;
  const device = hex(data.device);
  const text = `MAPD${unitOf(script, line, data)} DeviceID=${device}, ITT_addr=${hex(address)}, Size=${bits - 1}`;
  return insertAbove(script, line, `Map DeviceID ${device} above`, text);
}

/** EventID bits of a new device: room for 32 events at least. */
function eventBits(event: number): number {
  return Math.min(Math.max(event.toString(2).length, 5), 32);
}

/** An EventID beyond the ITT: the MAPD gets more EventID bits. */
function widenDevice(script: Script, line: number, data: OfIts & { device: number; event: number }): Fix | undefined {
  const mapping = findMapping(script, { kind: "device", its: data.its ?? 0, device: data.device }, line);
  const syntax = mapping && script.document.lines[mapping.line].syntax;
  if (mapping === undefined || syntax?.kind !== "command") return undefined;
  const size = syntax.arguments.find(({ name }) => name.text.toLowerCase() === "size");
  if (size === undefined) return undefined;
  const bits = data.event.toString(2).length;
  // MAPD looks at the Size alone; where its ITT is does not matter.
  const wider = `MAPD${unitOf(script, line, data)} DeviceID=${hex(data.device)}, ITT_addr=0, Size=${bits - 1}`;
  if (!isTaken(script, line, wider)) return undefined;
  return {
    title: `Give DeviceID ${hex(data.device)} ${bits} EventID bits (Size=${bits - 1}, line ${mapping.line + 1})`,
    edits: [{ range: rangeOf(mapping.line, size.value), newText: String(bits - 1) }],
  };
}

/** An event that no MAPTI above has mapped. */
function mapEvent(script: Script, line: number, data: OfIts & { device: number; event: number }): Fix | undefined {
  const [device, event] = [hex(data.device), hex(data.event)];
  const intid = freeIntid(script, line);
  if (intid === undefined) return undefined;
  const icid = mappedCollection(script, line, data.its ?? 0);
  const unit = unitOf(script, line, data);
  const text = `MAPTI${unit} DeviceID=${device}, EventID=${event}, pINTID=${intid}, ICID=${icid}`;
  return insertAbove(script, line, `Map EventID ${event} of DeviceID ${device} above`, text);
}

/** A collection that no MAPC above has mapped. */
function mapCollection(script: Script, line: number, data: OfIts & { icid: number }): Fix | undefined {
  const { icid } = data;
  const text = `MAPC${unitOf(script, line, data)} ICID=${icid}, RDbase=0`;
  return insertAbove(script, line, `Map ICID ${hex(icid)} above`, text);
}

/** The `@` that a command above a line needs to be for an ITS. */
function unitOf({ document }: Script, line: number, { its }: OfIts): string {
  return unitFor(document, line, its ?? 0);
}

/** A statement on a line of its own above, indented like the line below it. */
function insertAbove(script: Script, line: number, title: string, statement: string): Fix | undefined {
  if (!isTaken(script, line, statement)) return undefined;
  const indent = /^\s*/.exec(script.document.lines[line].text)?.[0] ?? "";
  const place = { line, character: 0 };
  const newText = `${indent}${statement}${endingOf(script)}`;
  return { title, edits: [{ range: { start: place, end: place }, newText }], preferred: true };
}
