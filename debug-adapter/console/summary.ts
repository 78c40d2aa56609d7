import {
  decimal,
  expectationCodes,
  InterruptInspector,
  isExpecting,
  type ScriptRun,
  sourceOfLine,
} from "../../runner/index.ts";
import type { Launched } from "../launching/launch.ts";

/** Pending interrupts and failed lines that are named; of more their number is told. */
const NAMED = 8;

/** What a script has done, for people: a sentence a line. */
export function runSummary({ name, document, run }: Launched): string {
  let commands = 0;
  let problems = 0;
  let kept = 0;
  const failed: string[] = [];
  for (const done of run.history) {
    const { line, result } = done;
    commands += result.commandCount;
    problems += result.problems.length;
    if (!isExpecting(sourceOfLine(document, done)?.statement)) continue;
    if (result.problems.some(({ code }) => expectationCodes.has(code))) failed.push(`line ${line + 1}`);
    else kept++;
  }
  const expectations =
    kept + failed.length === 0 ? [] : [`Expectations: ${kept} kept, ${failed.length} failed${named(failed)}.`];
  return [`${name}: ${plural(commands, "command")}, ${plural(problems, "problem")}.`, ...expectations].join("\n");
}

/** What waits for a PE at this moment. */
export function pendingSummary({ target }: ScriptRun): string {
  const lpis: string[] = [];
  let count = 0;
  target.forEachPendingLpi((intid, pe) => {
    count++;
    if (lpis.length < NAMED) lpis.push(`${intid}${pe < 0 ? " (no PE)" : ` on PE ${pe}`}`);
  });
  const others = new InterruptInspector(target).waitingNames();
  const parts = [
    ...(count === 0 ? [] : [`${plural(count, "LPI")}${named(lpis, count)}`]),
    ...(others.length === 0 ? [] : [`${others.length} of SGIs, PPIs and SPIs${named(others)}`]),
  ];
  return parts.length === 0 ? "Nothing is pending." : `Pending: ${parts.join("; ")}.`;
}

function named(names: readonly string[], count = names.length): string {
  if (count === 0) return "";
  const more = count > NAMED ? `, and ${decimal(count - NAMED)} more` : "";
  return `: ${names.slice(0, NAMED).join(", ")}${more}`;
}

/** A number of things, in words. */
export function plural(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}
