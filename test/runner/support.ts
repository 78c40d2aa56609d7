import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ScriptDocument, type ScriptFiles } from "../../language/index.ts";
import { EmulatorTarget, prepareTarget, ScriptRun, type Target } from "../../runner/index.ts";

/** A run of a script at its first line. */
export function started(text: string, files?: ScriptFiles): ScriptRun {
  const document = new ScriptDocument(text, new Map(), files && { files, file: "main.itscmd" });
  const { list } = document.diagnostics();
  // What a script does not use of a file that it includes is told, and nothing is wrong with that.
  const wrong = files === undefined ? list : list.filter(({ severity }) => severity !== "information");
  assert.deepEqual(wrong, []);
  const prepared = prepareTarget(document.machine);
  assert.ok("target" in prepared);
  return new ScriptRun(document, prepared.target);
}

/** A run of a whole script, and its problems: `LINE CODE`, lines from 1. */
export function ran(
  text: string,
  files?: ScriptFiles,
): { readonly run: ScriptRun; readonly problems: readonly string[] } {
  const run = started(text, files);
  const problems: string[] = [];
  for (let done = run.step(); done !== undefined; done = run.step()) {
    for (const { code } of done.result.problems) problems.push(`${done.line + 1} ${code}`);
  }
  return { run, problems };
}

/** Words of each bank of the journal that go into a digest: those of registers are small, memory is looked at by address. */
const BANK_WORDS = 4096;

/** A digest of what a machine holds: its registers, its tables, its LPIs, and the RAM that the random scripts touch (queue and tables of `setup = ready`, ITTs, what they store). */
export function allWords(target: Target): string {
  assert.ok(target instanceof EmulatorTarget);
  const hash = createHash("sha256");
  const { map, cpus } = target;
  for (const { words } of target.machine.journal.banks) {
    const first = words.subarray(0, BANK_WORDS);
    // A bank that has grown has zeros at its end.
    hash.update(first.subarray(0, first.findLastIndex((word) => word !== 0) + 1));
  }
  if (map.gicc !== undefined) return hash.digest("hex");
  for (let offset = 0; offset < 0x140; offset += 4) hash.update(`${target.read(map.its[0] + offset, 4)} `);
  for (let pe = 0; pe < cpus; pe++) {
    for (let offset = 0; offset < 0x80; offset += 4) {
      hash.update(`${target.read(map.gicr + pe * map.gicrStride + offset, 4)} `);
    }
  }
  const tables = target.tables(0);
  for (const device of tables.devices()) {
    hash.update(JSON.stringify([device, ...tables.events(device.deviceId)]));
  }
  hash.update(JSON.stringify([[...tables.collections()], [...target.lpis()]]));
  for (const [address, bytes] of [
    [0x4000_0000, 0x3_0000],
    [0x4010_0000, 0x1000],
    [0x4020_0000, 0x4_0000],
    [0x4300_0000, 0x1000],
    [0x4310_0000, 0x1000],
    [0x4320_0000, 0x1000],
    [0x43ff_f000, 0x1000],
  ]) {
    hash.update(target.readMemory(address, bytes) ?? "no RAM");
  }
  return hash.digest("hex");
}
