import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { PAGE_WORDS } from "../../../emulator/memory/ram-window.ts";
import { formatDocument, ScriptDocument } from "../../../language/index.ts";
import { EmulatorTarget, prepareTarget, ScriptRun } from "../../../runner/index.ts";
import type { Random } from "../random.ts";
import { type Kind, unspoken } from "./kind.ts";
import { Mutator } from "./mutate.ts";
import { Numbers } from "./numbers.ts";
import { scriptSamples } from "./samples.ts";
import { Statements } from "./statements.ts";

/** Lines of a script. */
const MOST_LINES = 30;

/** A text of a script: an example changed in a few places, or random statements. */
export function randomScript(random: Random): string[] {
  const statements = new Statements(random);
  const numbers = new Numbers(random);
  if (random.chance(50)) {
    const mutator = new Mutator(
      random,
      () => numbers.any(),
      () => statements.any(),
    );
    const lines = mutator.lines(random.pick(scriptSamples), MOST_LINES);
    return random.chance(40) ? [statements.machine(), ...lines] : lines;
  }
  const lines = random.chance(80) ? [statements.machine()] : [];
  for (let left = random.between(1, MOST_LINES - 1); left > 0; left--) lines.push(statements.any());
  return lines;
}

/** What a run of a script told: every problem and value with its line. */
function told(run: ScriptRun): string {
  const lines: string[] = [];
  for (let done = run.step(); done !== undefined; done = run.step()) {
    const { problems, shown, printed } = done.result;
    if (printed !== undefined) lines.push(`${done.line + 1} ${printed.join(" ")}`);
    for (const { code, message } of problems) lines.push(`${done.line + 1} ${code} ${message}`);
    if (shown !== undefined) lines.push(`${done.line + 1} ${shown.label} = ${shown.text ?? shown.value}`);
  }
  return lines.join("\n");
}

/** Words of a bank that go into a state: those of registers and records are at its start. */
const BANK_WORDS = 4096;

/** The state of a machine: the words behind its journal, and every page of RAM that is not zero. */
function stateOf({ target }: ScriptRun): string {
  assert.ok(target instanceof EmulatorTarget);
  const { journal, memory } = target.machine;
  const hash = createHash("sha256");
  for (const [number, { words }] of journal.banks.entries()) {
    const first = words.subarray(0, BANK_WORDS);
    const used = first.findLastIndex((word) => word !== 0) + 1;
    if (used > 0) hash.update(`${number}:${used}:`).update(first.subarray(0, used));
  }
  for (const window of memory.windows) {
    for (let page = 0; page < window.marks.length; page++) {
      if (window.isUntouched(page)) continue;
      const words = window.bank.words.subarray(page * PAGE_WORDS, (page + 1) * PAGE_WORDS);
      if (words.some((word) => word !== 0)) hash.update(`${window.base}:${page}:`).update(words);
    }
  }
  return hash.digest("hex");
}

/** A run at its first line; undefined when the machine cannot be built. */
function started(text: string): ScriptRun | undefined {
  const document = new ScriptDocument(text);
  const prepared = prepareTarget(document.machine);
  return "failure" in prepared ? undefined : new ScriptRun(document, prepared.target);
}

/** Runs a script to its end, takes all of it back, and runs it again: the same is told, and the machine is the same at both ends. */
function runFaults(text: string): string | undefined {
  const run = started(text);
  if (run === undefined) return undefined;
  const start = stateOf(run);
  const said = told(run);
  const state = stateOf(run);
  const bad = unspoken(said.replaceAll(/"[^"]*"/g, ""));
  if (bad !== undefined) return bad;
  // None of these runs is so long that the journal could have forgotten its start.
  if (!run.rewindTo(0)) return "The run cannot be taken back to its start.";
  if (stateOf(run) !== start) return "Taking the run back does not restore the start.";
  if (told(run) !== said) return "Running again after taking back tells something else.";
  return stateOf(run) === state ? undefined : "Running again after taking back leaves another state.";
}

/** Scripts are read, formatted and run, on whatever model they name. */
export const scripts: Kind = {
  name: "scripts",
  ending: ".itscmd",
  generate: randomScript,
  async check(parts) {
    const text = parts.join("\n");
    const document = new ScriptDocument(text);
    const said = document.diagnostics().list.map(({ message }) => message.replaceAll(/'[^']*'/g, ""));
    const bad = unspoken(said.join("\n"));
    if (bad !== undefined) return bad;
    const formatted = formatDocument(document);
    if (formatDocument(new ScriptDocument(formatted)) !== formatted) return "Formatting twice is not formatting once.";
    return runFaults(text);
  },
};
