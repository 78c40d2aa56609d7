import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dap } from "./hostile/dap.ts";
import { dumps } from "./hostile/dumps.ts";
import { type Kind, kindNames, signature } from "./hostile/kind.ts";
import { layouts } from "./hostile/layouts.ts";
import { lsp } from "./hostile/lsp.ts";
import { mcp } from "./hostile/mcp.ts";
import { parseHostileOptions } from "./hostile/options.ts";
import { caseOf, run } from "./hostile/run.ts";
import { scripts } from "./hostile/scripts.ts";
import { states } from "./hostile/states.ts";
import { traces } from "./hostile/traces.ts";
import { values } from "./hostile/values.ts";
import { vmm } from "./hostile/vmm.ts";

/** Cases of a fixed seed; `npm run fuzz` runs as many as one likes. */
const short: readonly (readonly [kind: Kind, seed: number, cases: number])[] = [
  [scripts, 1, 200],
  [dumps, 1, 150],
  [dap, 1, 300],
  [lsp, 1, 60],
  [vmm, 1, 10],
  [layouts, 1, 60],
  [traces, 1, 60],
  [states, 1, 150],
  [values, 1, 300],
  [mcp, 1, 60],
];

describe("no hostile input makes a fault", () => {
  for (const [kind, seed, cases] of short)
    test(`${cases} cases of ${kind.name}`, async () => {
      const plan = { kind, seed, cases, firstCase: 0, seconds: Number.POSITIVE_INFINITY, faults: 1 };
      assert.deepEqual(await run(plan), { cases, faults: [] });
    });
});

/** A kind with a fault: a 7 behind a 3. */
const faulty: Kind = {
  name: "scripts",
  ending: "",
  generate: (random) => Array.from({ length: 20 }, () => `number ${random.below(10)}`),
  check(parts) {
    const three = parts.findIndex((part) => part.includes("3"));
    if (three >= 0 && parts.slice(three).some((part) => part.includes("7")))
      throw new RangeError(`${parts.length} parts`);
    return Promise.resolve(undefined);
  },
};

test("a fault is found, told with its case, and made as short as it can be", async () => {
  const plan = { kind: faulty, seed: 1, cases: 50, firstCase: 0, seconds: Number.POSITIVE_INFINITY, faults: 1 };
  const [{ number, what, parts }] = (await run(plan)).faults;
  assert.match(what, /^RangeError: 20 parts\n/);
  assert.deepEqual(
    parts.map((part) => part.at(-1)),
    ["3", "7"],
  );
  // The case of a number is the same whatever ran before it.
  await assert.rejects(async () => faulty.check(caseOf(faulty, 1, number)), /20 parts/);
});

test("faults that differ in numbers and names alone are one", () => {
  assert.equal(signature('RangeError: PE 9 of "a"\n    at f'), signature('RangeError: PE 0x17 of "b"\n    at f'));
  assert.notEqual(signature("RangeError: PE 9\n    at f"), signature("RangeError: PE 9\n    at g"));
});

test("options are read, and a wrong one is one sentence", () => {
  const options = parseHostileOptions(["--kind", "dap", "--seed", "0x10", "--cases", "5"]);
  assert.ok(typeof options !== "string");
  assert.deepEqual([options.kinds, options.seed, options.cases, options.faults], [["dap"], 16, 5, 1]);
  const streams = parseHostileOptions(["--kind", "vmm", "--streams", "7"]);
  assert.ok(typeof streams !== "string");
  assert.equal(streams.cases, 7);
  const minutes = parseHostileOptions(["--minutes", "10", "--seed", "5"]);
  assert.ok(typeof minutes !== "string");
  assert.deepEqual([minutes.minutes, minutes.seed, minutes.kinds], [10, 5, [...kindNames]]);
  assert.match(String(parseHostileOptions(["--minutes", "10", "--cases", "5"])), /^--minutes goes with none of/);
  const plain = parseHostileOptions([]);
  assert.ok(typeof plain !== "string");
  assert.deepEqual([plain.kinds, plain.cases], [[...kindNames], 20_000]);
  assert.equal(parseHostileOptions(["--kind", "x"]), `--kind is one of ${kindNames.join(", ")}, not x`);
});
