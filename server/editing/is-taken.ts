import { isBoundStatement, ScriptDocument } from "../../language/index.ts";
import type { Script } from "../scripts/script.ts";

/** Milliseconds that may be spent on running up to a line. */
const BUDGET = 200;

/**
 * Whether the machine takes a command above a line: it is asked itself, and taken back. A fix that adds a command which is refused would be
 * offered again and again.
 * @returns true where the machine cannot be asked now
 */
export function isTaken({ simulation }: Script, line: number, command: string): boolean {
  const run = simulation?.stateBefore(line, BUDGET);
  const mark = run?.target.time?.mark();
  const [source] = new ScriptDocument(command).lines;
  const { statement } = source;
  if (run === undefined || mark === undefined || run.inLine) return true;
  if (!isBoundStatement(statement)) return false;
  const { problems } = run.perform(statement, { start: 0, length: command.length });
  run.target.time?.rewind(mark);
  // What the line itself came to is asked for again.
  simulation?.stateBefore(line + 1, BUDGET);
  return !problems.some(({ severity }) => severity === "error");
}
