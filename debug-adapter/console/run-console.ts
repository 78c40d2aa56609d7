import type { DebugProtocol } from "@vscode/debugprotocol";
import { DONE } from "../../emulator/index.ts";
import { decimal, type LineDone, lineReport, problemText, type StatementResult } from "../../runner/index.ts";
import type { Launched } from "../launching/launch.ts";

/** Lines of one slice of a run that are sent one by one, each with a link to its line; more are joined. */
const SINGLE_LINES = 64;
/** Lines between two stops that are told of though they only did what they should. */
const TOLD_LINES = 10_000;
/** Problems of one run that are printed. */
const SHOWN_PROBLEMS = 1000;

type Category = "stdout" | "stderr" | "console";

interface Entry {
  readonly category: Category;
  readonly text: string;
  /** Line from 0 and column from 0 in the script. */
  readonly line?: number;
  readonly column?: number;
}

/** Sends the output of a run to the Debug Console, in few messages for long runs. */
export class RunConsole {
  private readonly launched: Launched;
  private readonly send: (body: DebugProtocol.OutputEvent["body"]) => void;
  private readonly place: (
    line: number,
    column: number,
  ) => Pick<DebugProtocol.OutputEvent["body"], "line" | "column" | "source">;
  private entries: Entry[] = [];
  private problems = 0;
  private remarks = 0;
  /** Lines since the last stop that were told of, and that were not. */
  private told = 0;
  private untold = 0;

  constructor(launched: Launched, send: RunConsole["send"], place: RunConsole["place"]) {
    this.launched = launched;
    this.send = send;
    this.place = place;
  }

  /** A line has run. */
  ran(done: LineDone): void {
    const { line, result } = done;
    const { document, name, run } = this.launched;
    if (this.told >= TOLD_LINES && isRoutine(result)) this.untold++;
    else {
      const text = lineReport(document, done, run.target);
      if (text !== undefined) this.entries.push({ category: "stdout", text, line, column: 0 });
      this.told++;
    }
    for (const problem of result.problems) {
      this.problems++;
      if (this.problems <= SHOWN_PROBLEMS) {
        const at = problem.line ?? line;
        const message = problemText(name, at, problem);
        this.entries.push({ category: "stderr", text: message, line: at, column: problem.start });
      } else if (this.problems === SHOWN_PROBLEMS + 1) {
        this.entries.push({ category: "stderr", text: "Further problems are counted, not shown." });
      }
    }
    for (const remark of result.remarks ?? []) {
      // Hints are for the editor, which shows them where they do not disturb.
      if (remark.severity === "hint" || ++this.remarks > SHOWN_PROBLEMS) continue;
      this.entries.push({ category: "console", text: problemText(name, line, remark), line, column: remark.start });
    }
  }

  /** A sentence about a line: a log point, a condition that cannot be computed. */
  note(line: number, text: string): void {
    this.entries.push({ category: "console", text, line, column: 0 });
  }

  /** A sentence about the whole, in the colour that editors give to warnings. */
  say(text: string): void {
    this.entries.push({ category: "console", text });
  }

  /** A sentence about the whole that is nothing to worry about. */
  tell(text: string): void {
    this.entries.push({ category: "stdout", text });
  }

  /** The run stands, or is at its end: says how many lines were not told of. */
  settle(): void {
    if (this.untold > 0) this.say(`${decimal(this.untold)} more lines did what they should, and are not listed.`);
    this.told = 0;
    this.untold = 0;
  }

  /** Sends what has come together. */
  flush(): void {
    const { entries } = this;
    this.entries = [];
    const single = entries.length <= SINGLE_LINES;
    let joined: string[] = [];
    const sendJoined = (): void => {
      if (joined.length > 0) this.send({ category: "stdout", output: `${joined.join("\n")}\n` });
      joined = [];
    };
    for (const { category, text, line, column = 0 } of entries) {
      if (!single && category === "stdout") {
        joined.push(text);
        continue;
      }
      sendJoined();
      const place = line === undefined ? {} : this.place(line, column);
      this.send({ category, output: `${text}\n`, ...place });
    }
    sendJoined();
  }
}

/** Whether there is nothing to say about a line but that its command was done. */
function isRoutine({ problems, commands, commandCount, shown, printed, begun }: StatementResult): boolean {
  if (problems.length > 0 || shown !== undefined || printed !== undefined || begun !== undefined) return false;
  return commandCount === 0 || (commandCount === 1 && commands[0].outcome === DONE);
}
