import { readFileSync } from "node:fs";
import path from "node:path";
import { decodeState, encodeState, loadState, MemoryBudget, saveState } from "../../../emulator/index.ts";
import { stateLines } from "../../../runner/saved-machines/index.ts";
import { damaged, parsed } from "./json.ts";
import { type Kind, unspoken } from "./kind.ts";
import { Mutator } from "./mutate.ts";
import { Numbers } from "./numbers.ts";

const file = path.join(import.meta.dirname, "../../../examples/saved-guest.gicstate.json");
const example = readFileSync(file, "utf8").trimEnd();
const raw = new Uint8Array(readFileSync(`${file}.bin`));
const lines = example.split("\n");

/** Of a machine's memory; a file may ask for any. */
const MEMORY_BYTES = 256 * 2 ** 20;

/** Saved machines are read and restored; what could be is saved again. */
export const states: Kind = {
  name: "states",
  ending: ".gicstate.json",
  generate(random) {
    if (random.chance(50)) {
      const numbers = new Numbers(random);
      const mutator = new Mutator(
        random,
        () => numbers.any(),
        () => random.pick(lines),
      );
      const changed = mutator.lines(lines, lines.length);
      return random.chance(80) ? [...changed, ...lines.slice(changed.length)] : changed;
    }
    let value: unknown = parsed(example);
    for (let times = random.between(1, 4); times > 0; times--) value = damaged(random, value);
    return (JSON.stringify(value, undefined, 1) ?? "").split("\n");
  },
  async check(parts) {
    const read = decodeState(parts.join("\n"), raw);
    if ("problem" in read) return unspoken(read.problem.message.replaceAll(/"(?:[^"\\]|\\.)*"|\bnull\b/g, ""));
    const shown = [...stateLines(read.state)];
    const bad = unspoken(shown.join("\n"));
    if (bad !== undefined) return bad;
    const loaded = loadState(read.state, { budget: new MemoryBudget(MEMORY_BYTES), journalLimit: 1000 });
    if ("failure" in loaded) return unspoken(loaded.failure.message);
    const saved = saveState(loaded.machine);
    if ("failure" in saved) return unspoken(saved.failure.message);
    const again = decodeState(encodeState(saved.state).json);
    return "problem" in again ? `What was saved cannot be read: ${again.problem.message}` : undefined;
  },
};
