import { LineState, ScriptDocument } from "../language/index.ts";
import type { ScriptRun } from "../runner/index.ts";
import type { Launched } from "./launching/launch.ts";

/** What became of a script's text since it was launched. */
export type ScriptEdit =
  /** Below the lines that have run: the session goes on with the new text. Lines from 0. */
  | { readonly kind: "taken"; readonly firstLine: number }
  /** A line that has run is another one now. */
  | { readonly kind: "ran"; readonly line: number; readonly before: string; readonly after: string }
  /** The new text cannot be run. */
  | { readonly kind: "wrong"; readonly problem: string };

/**
 * Compares the text of a script with the one that runs, and takes it where that is exact: the lines that have run are as they were.
 * @returns undefined when nothing differs
 */
export function takeText({ document, run, name }: Launched, text: string): ScriptEdit | undefined {
  const old = document.text;
  if (old === text) return undefined;
  const wrong = problemOf(text, name, document);
  if (wrong !== undefined) return { kind: "wrong", problem: wrong };
  const fresh = text.split("\n");
  const ran = old.split("\n");
  let line = 0;
  while (line < fresh.length && line < ran.length && fresh[line] === ran[line]) line++;
  const began = blockBegin(document, line);
  const firstFree = firstFreeLine(document, run);
  const isFirstMachine = describesFirst(document, began);
  if (began < firstFree || isFirstMachine || blocksDiffer(document, text, firstFree)) {
    return { kind: "ran", line, before: ran[line] ?? "", after: fresh[line] ?? "" };
  }
  replaceFrom(document, line, fresh);
  return { kind: "taken", firstLine: line };
}

/** What became of the files that a script includes. `line` from 0 is the first that includes another file now; `path` as it has it. */
export type IncludeEdit =
  | { readonly kind: "taken"; readonly line: number; readonly path: string }
  | { readonly kind: "ran"; readonly line: number; readonly path: string }
  | { readonly kind: "wrong"; readonly problem: string };

/** Takes the files that a script includes as they are now, where none of them has run. @returns undefined when none is another */
export function takeIncludes({ document, run, name }: Launched): IncludeEdit | undefined {
  const changed = document.changedInclude();
  if (changed === undefined) return undefined;
  const wrong = problemOf(document.text, name, document);
  if (wrong !== undefined) return { kind: "wrong", problem: wrong };
  // What a file names is bound in the lines below that include it, and the first machine may be described there.
  if (changed.line < firstFreeLine(document, run) || describesFirst(document, changed.line))
    return { kind: "ran", ...changed };
  document.refreshIncludes();
  return { kind: "taken", ...changed };
}

/** The first line that has not run and is in no block that the run is in. Of a line under way the text counts, too. */
function firstFreeLine(document: ScriptDocument, run: ScriptRun): number {
  return Math.max(run.reach, run.inLine ? run.nextLine + 1 : 0, openBlocksEnd(document, run));
}

/** The line behind all blocks that the run is in: where their loops and their lines end is a part of what has run. */
function openBlocksEnd({ blocks }: ScriptDocument, run: ScriptRun): number {
  let end = 0;
  for (const { open, part } of run.frames()) {
    if (part.file !== undefined) continue;
    const block = blocks.openedAt(open);
    if (block !== undefined) end = Math.max(end, blocks.behind(block));
  }
  return end;
}

/** Whether with another text a block that begins above a line is another one. A brace further down may close it. */
function blocksDiffer(document: ScriptDocument, text: string, line: number): boolean {
  const fresh = new ScriptDocument(text, document.constants, document.place).blocks;
  const shapes = ({ list }: ScriptDocument["blocks"]): string =>
    list.flatMap(({ kind, open, close, closed }) => (open < line ? [`${kind} ${open} ${close} ${closed}`] : [])).join();
  return document.blocks.list.length + fresh.list.length > 0 && shapes(document.blocks) !== shapes(fresh);
}

/** Takes a run back to before the first line that another text has changed. @returns false where that needs a new session */
export function takeBack({ document, run }: Launched, line: number): boolean {
  const began = blockBegin(document, line);
  if (describesFirst(document, began)) return false;
  return run.rewindTo(began);
}

/** The line that opens the machine block that a line stands in; else the line itself. */
function blockBegin(document: ScriptDocument, line: number): number {
  let at = line;
  while (at > 0 && isMachine(document, at) && isMachine(document, at - 1)) at--;
  return at;
}

/** Whether a line says what the first machine is: its block, or a file that is included above all statements. */
function describesFirst({ lines }: ScriptDocument, line: number): boolean {
  const { kind, stateBefore } = lines[line] ?? {};
  return stateBefore === LineState.start && (kind === "machine" || kind === "include");
}

function isMachine({ lines }: ScriptDocument, line: number): boolean {
  return lines[line]?.kind === "machine";
}

/** @param fresh the lines of the new text, split at line feeds; those above `line` are as they were */
function replaceFrom(document: ScriptDocument, line: number, fresh: readonly string[]): void {
  const { lines } = document;
  const last = lines.length - 1;
  const end = { line: last, column: lines[last].text.length };
  const rest = fresh.slice(line).join("\n");
  if (line <= last && line < fresh.length) {
    document.update([{ start: { line, column: 0 }, end, text: rest }]);
    return;
  }
  // One text ends where the other goes on: the line feed between is a part of what differs.
  const above = line - 1;
  const feed = line >= fresh.length ? "" : `${fresh[above].endsWith("\r") ? "\r" : ""}\n`;
  document.update([{ start: { line: above, column: lines[above].text.length }, end, text: `${feed}${rest}` }]);
}

/** The place of a line in another text: the same, or moved with the lines below it when those are as they were. Lines from 0. */
export function lineIn(text: string, document: ScriptDocument, line: number): number {
  const old = document.text.split("\n");
  const fresh = text.split("\n");
  const moved = line + fresh.length - old.length;
  return moved >= 0 && old.slice(line).join("\n") === fresh.slice(moved).join("\n")
    ? moved
    : Math.min(line, fresh.length);
}

function problemOf(text: string, name: string, { constants, place }: ScriptDocument): string | undefined {
  const document = new ScriptDocument(text, constants, place);
  if (document.refusal !== undefined) return document.refusal.message;
  const found = document.diagnostics().list.find(({ severity }) => severity === "error");
  return found && `${name}:${found.line + 1}:${found.start + 1}: ${found.message} [${found.code}]`;
}
