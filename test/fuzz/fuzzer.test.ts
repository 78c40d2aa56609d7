import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { QemuDecisions } from "../../emulator/models/model.ts";
import { ScriptDocument } from "../../language/index.ts";
import { Simulation } from "../../runner/index.ts";
import { emulatorTarget } from "../conformance/connect.ts";
import { runConformance } from "../conformance/harness.ts";
import { type Finding, Fuzzer, flatten } from "./fuzzer.ts";
import type { Plan } from "./generate.ts";
import { ModelSide } from "./model-side.ts";
import { countCommands } from "./operations.ts";
import { caseOfVector, recordVector } from "./vector.ts";

const plan: Plan = { seed: 1, gicVersion: 3, secure: false, batchCommands: 16 };

/** A fuzzer whose other machine is our own with one decision planted. */
function against(decisions: Partial<QemuDecisions>): Fuzzer {
  return new Fuzzer(
    async (shape) => new ModelSide(shape, decisions),
    () => undefined,
  );
}

async function find(decisions: Partial<QemuDecisions>, options: Partial<Plan> = {}): Promise<Finding> {
  const { finding } = await against(decisions).run({ ...plan, ...options }, 20_000);
  assert.ok(finding, "the planted difference is found");
  return finding;
}

test("two machines of one model never differ", async () => {
  const totals = await against({}).run(plan, 1000);
  assert.equal(totals.finding, undefined);
  assert.ok(totals.queued >= 1000 && totals.executed > 500);
  const virtual = await against({}).run({ ...plan, gicVersion: 4, secure: true }, 500);
  assert.equal(virtual.finding, undefined);
});

test("a MAPD that one machine refuses for its Size is shrunk to a table, the queue and that command", async () => {
  const { fuzzCase, divergence, script } = await find({ sizeCheckedOnUnmap: false }, { gicVersion: 4, secure: true });
  assert.equal(countCommands(fuzzCase.batches), 1);
  const operations = fuzzCase.batches.flat();
  // GITS_BASER0, GITS_CBASER in one write or two, GITS_CTLR, and the command before or behind it.
  assert.ok(operations.length <= 5, script);
  const command = operations.find((operation) => operation.kind === "commands");
  assert.ok(command?.kind === "commands");
  const [[dw0, dw1, dw2]] = command.words;
  assert.equal(dw0 & 0xffn, 8n);
  assert.ok((dw1 & 0x1fn) > 15n, "Size is out of range");
  assert.equal(dw2 >> 63n, 0n, "V is 0");
  assert.ok(divergence.differences.some(({ kind }) => kind === "event"));

  const document = new ScriptDocument(script);
  assert.equal(document.diagnostics().total, 0, script);
  const { model, gic, security } = document.machine;
  assert.deepEqual([model, gic, security], ["qemu-7.2", 4, 2]);
  assert.match(script, /^MAPD .*V=0$/m);
});

test("a register that one machine does not lock becomes a script that fails until the machines agree", async () => {
  const { fuzzCase, divergence, script } = await find({ registersLockedWhileEnabled: false });
  assert.ok(fuzzCase.batches.flat().length <= 7, script);
  assert.ok(divergence.differences.some((difference) => difference.kind === "register"));

  const document = new ScriptDocument(script);
  assert.equal(document.diagnostics().total, 0, script);
  const simulation = new Simulation(document, () => 0);
  while (!simulation.advance(1000));
  assert.equal(simulation.scriptRun?.target.name, "qemu-7.2");
  const expected = [...script.matchAll(/^expect .*$/gm)].length;
  assert.ok(expected > 0, script);
  const failed = simulation.problems().list.filter(({ code }) => code === "ITS0510");
  assert.equal(failed.length, expected, "everything that differs fails on the unchanged model");
});

test("what is found becomes a recording: it replays on the machine that made it, and differs on the other", async () => {
  const { vector, fuzzCase } = await find({ creadrWritableWithOneSecurityState: false });
  const text = JSON.stringify(vector);
  const again = caseOfVector(JSON.parse(text));
  assert.deepEqual(again.shape, fuzzCase.shape);
  const { divergence } = await against({ creadrWritableWithOneSecurityState: false }).runOnce(again);
  assert.ok(divergence, "the recorded steps show it again");
  assert.equal((await against({}).runOnce(again)).divergence, undefined);

  assert.equal(conformance(text), 1, "the model answers other than the recording");
  const right = await recordOf(again.name, vector);
  assert.equal(conformance(right), 0, "the model answers as recorded from itself");
});

/** The same steps recorded from the unchanged model. */
async function recordOf(name: string, vector: Finding["vector"]): Promise<string> {
  const fuzzCase = caseOfVector(JSON.parse(JSON.stringify(vector)));
  const { shape } = fuzzCase;
  const accesses = flatten(fuzzCase, new ModelSide(shape));
  const recording = { name, description: "", shape, accesses, differences: [] };
  return JSON.stringify(await recordVector(recording, new ModelSide(shape)));
}

/** Exit code of `npm run conformance -- FILE`. */
function conformance(recording: string): number {
  const folder = mkdtempSync(path.join(tmpdir(), "fuzz-"));
  const file = path.join(folder, "found.json");
  try {
    writeFileSync(file, recording);
    return runConformance([file], {
      target: emulatorTarget,
      defaultPath: folder,
      write: () => undefined,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
