import { decodeState, loadState, type Machine, STATE_FORMAT, type StateProblem } from "../../emulator/index.ts";
import { type Diagnostic, ScriptDocument } from "../../language/index.ts";
import { EmulatorTarget } from "../emulator-target.ts";
import { machineProblem, prepareTarget, ScriptRun } from "../script-run.ts";

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

/** The machine of a state file. @param raw the memory beside it, for a file that names one */
export function machineOfState(text: string, raw?: Uint8Array): MachineSource {
  const decoded = decodeState(text, raw);
  if ("problem" in decoded) return { problems: [], failure: problemSentence(decoded.problem) };
  const loaded = loadState(decoded.state);
  if ("failure" in loaded)
    return { problems: [], failure: `The machine cannot be restored: ${loaded.failure.message}.` };
  return { machine: loaded.machine, problems: [] };
}

function problemSentence({ field, message }: StateProblem): string {
  return field === "format" ? `${message} A saved machine has "format": "${STATE_FORMAT}".` : message;
}

/** The machine after all lines of a script. There is none when a line has an error; warnings are kept beside it. */
export function machineOfScript(text: string): MachineSource {
  const document = new ScriptDocument(text);
  if (document.refusal !== undefined) return { problems: [], failure: document.refusal.message };
  const problems: LineProblem[] = document
    .diagnostics()
    .list.slice(0, MAX_PROBLEMS)
    .map((problem) => ({ line: problem.line, problem }));
  const prepared = prepareTarget(document.machine);
  if ("failure" in prepared) {
    const line = Math.max(
      document.lines.findIndex(({ syntax }) => syntax.kind === "machine"),
      0,
    );
    return { problems: [...problems, { line, problem: machineProblem(prepared.failure, document.lines[line]) }] };
  }
  const run = new ScriptRun(document, prepared.target);
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
