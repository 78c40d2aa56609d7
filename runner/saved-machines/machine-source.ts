import {
  decodeState,
  loadState,
  type Machine,
  type SavedState,
  STATE_FORMAT,
  type StateProblem,
} from "../../emulator/index.ts";
import { type Diagnostic, ScriptDocument, type ScriptPlace } from "../../language/index.ts";
import { EmulatorTarget, type MachineBounds } from "../emulator-target.ts";
import { ScriptRun } from "../script-run.ts";
import { machineProblem, preparing } from "../setup.ts";

/** A diagnostic of a line, from 0. */
export interface LineProblem {
  readonly line: number;
  readonly problem: Diagnostic;
}

/** The machine that a file leaves behind, or why there is none. */
export type MachineSource =
  | { readonly machine: Machine; readonly problems: readonly LineProblem[] }
  | { readonly problems: readonly LineProblem[]; readonly failure?: string };

/** Problems of a script that are kept; it is an error with one of them or with a thousand. */
const MAX_PROBLEMS = 1000;

/** Whether a text is a state file rather than a script: a JSON object. No statement of a script begins with a brace. */
export function isStateText(text: string): boolean {
  return text.trimStart().startsWith("{");
}

/**
 * Whether the name that a state file has for its memory is that of a file beside it. It stands in a file that may come from anybody: no
 * name leads elsewhere, on any system.
 */
export function isPlainFileName(name: string): boolean {
  return name !== "." && name !== ".." && name.length <= 255 && !/[/\\:\p{Cc}]/u.test(name) && name !== "";
}

/** Why a name for a state file's memory is not taken. */
export function elsewhereSentence(name: string): string {
  const plain = name.replace(/\p{Cc}/gu, "?");
  return `memoryFile is "${plain.length > 80 ? `${plain.slice(0, 80)}…` : plain}", which is not beside it.`;
}

/** The machine of a state file. @param raw the memory beside it, for a file that names one */
export function machineOfState(text: string, raw?: Uint8Array): MachineSource {
  const decoded = decodeState(text, raw);
  if ("problem" in decoded) return { problems: [], failure: problemSentence(decoded.problem) };
  const restored = restoredMachine(decoded.state);
  return "failure" in restored ? { problems: [], failure: restored.failure } : { ...restored, problems: [] };
}

/** A new machine of a state, or a sentence that says why there is none. */
export function restoredMachine(state: SavedState): { readonly machine: Machine } | { readonly failure: string } {
  const loaded = loadState(state);
  if ("machine" in loaded) return loaded;
  return { failure: `The machine cannot be restored: ${loaded.failure.message}.` };
}

/** What is wrong with a state file, in a sentence or two. */
export function problemSentence({ field, message }: StateProblem): string {
  return field === "format" ? `${message} A saved machine has "format": "${STATE_FORMAT}".` : message;
}

/**
 * The machine after all lines of a script. There is none when a line has an error; warnings are kept beside it.
 * @param place the files that the script may read; absent: none
 * @param bounds what its machines may take of their host
 */
export function machineOfScript(text: string, place?: ScriptPlace, bounds?: MachineBounds): MachineSource {
  const document = new ScriptDocument(text, undefined, place);
  if (document.refusal !== undefined) return { problems: [], failure: document.refusal.message };
  const problems: LineProblem[] = document
    .diagnostics()
    .list.slice(0, MAX_PROBLEMS)
    .map((problem) => ({ line: problem.line, problem }));
  const prepare = preparing(bounds);
  const prepared = prepare(document.machine);
  if ("failure" in prepared) {
    const { machineLine: line } = document;
    return { problems: [...problems, { line, problem: machineProblem(prepared.failure, document.lines[line]) }] };
  }
  const run = new ScriptRun(document, prepared.target, prepare);
  for (let done = run.step(); done !== undefined; done = run.step()) {
    for (const problem of done.result.problems) {
      if (problems.length < MAX_PROBLEMS) problems.push({ line: done.line, problem });
    }
  }
  problems.sort((a, b) => a.line - b.line);
  const { target } = run;
  const broken = problems.some(({ problem }) => problem.severity === "error");
  return broken || !(target instanceof EmulatorTarget) ? { problems } : { machine: target.machine, problems };
}
