import { MemoryBudget } from "../../emulator/index.ts";
import { type Diagnostic, defaultRuleSettings, type ScriptDocument } from "../../language/index.ts";
import { includedText, lineReport, type MachineBounds, type ScriptRun, toldLine } from "../../runner/index.ts";
import { type PortableLine, portableRun } from "../answers/portable-lines.ts";
import { type GivenMachine, runScript } from "../answers/run-script.ts";
import { limits } from "./limits.ts";
import type { ToolAnswer } from "./tool.ts";

/** Lines that a run may have. */
export const mostLines = 1_000_000;
/** Rows of each kind that are kept of it. */
const MOST_ROWS = 20_000;
/** Changes that the journal keeps: nothing goes back here but a script's own snapshots. */
const JOURNAL_CHANGES = 4 * 2 ** 20;

/** What the machines of one script may take of their host. */
export function machineBounds(): MachineBounds {
  return { budget: new MemoryBudget(limits.machineMebibytes * 2 ** 20), journalLimit: JOURNAL_CHANGES };
}

/** What a run may have, and what is told of it. */
export interface RunRequest {
  readonly max_commands: number;
  readonly max_seconds: number;
  readonly verbose: boolean;
  readonly hints: boolean;
}

/** What a run has come to. */
export interface ToldRun {
  readonly sentence: string;
  readonly data: ToolAnswer["data"];
  readonly rows: readonly object[];
  /** A row as a line of text. */
  readonly shown: (at: number) => string;
}

interface RunRow {
  readonly line: number;
  readonly included?: string;
  readonly severity: string;
  readonly code?: string;
  readonly text: string;
}

/** Ends a run that has had what it may have. */
function stopAfter(request: RunRequest, now: () => number) {
  const end = now() + request.max_seconds * 1000;
  return (commands: number, lines: number, line: number) => {
    if (commands >= request.max_commands) return { by: "commands", limit: request.max_commands, line };
    if (lines >= mostLines) return { by: "lines", limit: mostLines, line };
    return now() >= end ? { by: "seconds", limit: request.max_seconds, line } : undefined;
  };
}

type Stopped = ReturnType<ReturnType<typeof stopAfter>>;

/** Runs a script on one machine. @param now a clock in ms */
export function runOn(
  name: string,
  document: ScriptDocument,
  given: GivenMachine,
  request: RunRequest,
  now: () => number,
): ToldRun {
  const mustStop = stopAfter(request, now);
  const rows: RunRow[] = [];
  const counts = { lines: 0, commands: 0, errors: 0, warnings: 0 };
  let dropped = 0;
  let run: ScriptRun | undefined;
  let stopped: Stopped;
  const room = { said: MOST_ROWS, problems: MOST_ROWS };
  // Each kind has room of its own: no script hides its errors behind what it prints.
  const add = (row: RunRow, kind: keyof typeof room): void => {
    if (room[kind]-- > 0) rows.push(row);
    else dropped++;
  };
  for (const event of runScript(name, document, given, defaultRuleSettings, machineBounds())) {
    if (event.kind === "problem") {
      const { line, problem } = event;
      if (problem.severity === "error") counts.errors++;
      else if (problem.severity === "warning") counts.warnings++;
      if (problem.severity !== "hint" || request.hints) add(problemRow(line, problem), "problems");
      continue;
    }
    run = event.run;
    if (event.kind === "line") {
      const { done } = event;
      counts.lines++;
      counts.commands += done.result.commandCount;
      const text = request.verbose
        ? lineReport(document, done, run.target, { plain: true })
        : toldLine(done.result, { plain: true });
      const included = done.at && includedText(done.at);
      if (text !== undefined)
        add({ line: done.line + 1, ...(included === undefined ? {} : { included }), severity: "said", text }, "said");
    }
    // Between two lines, where the problems of the one before are told already.
    if (event.kind !== "line")
      stopped = mustStop(counts.commands + run.commandsUnderway, counts.lines, run.nextLine + 1);
    if (stopped !== undefined) break;
  }
  const model = run?.target.title;
  const { lines, commands, errors, warnings } = counts;
  const where =
    model === undefined
      ? "The machine could not be built"
      : `${model}: ${counted(lines, "line")}, ${counted(commands, "command")}`;
  const cut =
    stopped === undefined ? "" : ` Stopped at line ${stopped.line}: ${stopped.limit} ${stopped.by} are the limit.`;
  return {
    sentence: `${where}, ${counted(errors, "error")}, ${counted(warnings, "warning")}.${cut}`,
    data: {
      ...(model === undefined ? {} : { model }),
      ...counts,
      ...(stopped === undefined ? {} : { stopped }),
      ...(dropped === 0 ? {} : { rowsDropped: dropped }),
    },
    rows,
    shown: (at) => {
      const { line, included, severity, code, text } = rows[at];
      return `line ${line}: ${included === undefined ? "" : `${included}: `}${severity === "said" ? "" : `${severity} ${code}: `}${text}`;
    },
  };
}

function problemRow(line: number, { severity, code, message, inside }: Diagnostic): RunRow {
  const included = inside && `${inside.path}:${inside.line + 1}`;
  return { line: line + 1, ...(included === undefined ? {} : { included }), severity, code, text: message };
}

/** Runs a script on every model. @param now a clock in ms */
export function comparedOn(name: string, document: ScriptDocument, request: RunRequest, now: () => number): ToldRun {
  const run = portableRun(name, document, defaultRuleSettings);
  const mustStop = stopAfter(request, now);
  const rows: PortableLine[] = [];
  let lines = 0;
  let dropped = 0;
  let stopped: Stopped;
  for (const difference of run.lines()) {
    lines++;
    if (difference !== undefined && rows.length < MOST_ROWS) rows.push(difference.told);
    else if (difference !== undefined) dropped++;
    stopped = mustStop(0, lines, lines);
    if (stopped !== undefined) break;
  }
  const { models, absent } = run;
  const differ = rows.length === 0 ? "no line differs" : `${counted(rows.length, "line")} differ`;
  const cut =
    stopped === undefined ? "" : ` Stopped after ${lines} lines: ${stopped.limit} ${stopped.by} are the limit.`;
  const left = absent.map(({ model, reason }) => ` ${model} is left out: ${reason}.`).join("");
  return {
    sentence: `${models.length} models: ${differ}.${cut}${left}`,
    data: {
      models,
      absent,
      lines,
      commands: 0,
      errors: 0,
      warnings: 0,
      ...(stopped === undefined ? {} : { stopped }),
      ...(dropped === 0 ? {} : { rowsDropped: dropped }),
    },
    rows,
    shown: (at) => {
      const { line, included, text, answers } = rows[at];
      const each = Object.entries(answers).map(([model, answer]) => `  ${model}: ${answer}`);
      return [`line ${line}: ${included === undefined ? "" : `${included}: `}${text}`, ...each].join("\n");
    },
  };
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}
