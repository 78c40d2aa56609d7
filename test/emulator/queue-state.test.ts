import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { extractRaw, offsetOf, registerByName } from "../../architecture/index.ts";
import { createMachine, type Machine, modelNames } from "../../emulator/index.ts";
import { enable, populate, RAM_BYTES, run } from "./random-run.ts";

/** A field of a GITS register as software reads it. */
function field(machine: Machine, register: string, name: string): number {
  const declared = registerByName(register)?.register;
  const found = declared?.fields?.find((one) => one.name === name);
  assert.ok(declared !== undefined && found !== undefined, `${register}.${name}`);
  const value = machine.read(machine.map.its[0] + offsetOf(register), declared.width === 64 ? 8 : 4);
  return Number(extractRaw(value ?? 0n, found));
}

describe("the state of a command queue", () => {
  for (const model of modelNames) {
    it(`is what the registers say: ${model}`, () => {
      fc.assert(
        fc.property(run, (acts) => {
          const machine = createMachine({ model, cpus: 3, ram: [{ base: 0x4000_0000, bytes: RAM_BYTES }] });
          enable(machine);
          populate(machine);
          for (const act of acts) {
            act(machine);
            const { enabled, valid, address, bytes, writer, reader, stalled } = machine.queue(0);
            assert.deepEqual(
              [Number(enabled), Number(valid), address, bytes, writer, reader, Number(stalled)],
              [
                field(machine, "GITS_CTLR", "Enabled"),
                field(machine, "GITS_CBASER", "Valid"),
                field(machine, "GITS_CBASER", "Physical_Address") * 4096,
                (field(machine, "GITS_CBASER", "Size") + 1) * 4096,
                field(machine, "GITS_CWRITER", "Offset") * 32,
                field(machine, "GITS_CREADR", "Offset") * 32,
                field(machine, "GITS_CREADR", "Stalled"),
              ],
            );
          }
        }),
        { numRuns: 40 },
      );
    });
  }
});

describe("what is listed without an object each", () => {
  for (const model of modelNames) {
    it(`is what the lists have: ${model}`, () => {
      fc.assert(
        fc.property(run, (acts) => {
          const machine = createMachine({ model, cpus: 3, ram: [{ base: 0x4000_0000, bytes: RAM_BYTES }] });
          enable(machine);
          populate(machine);
          for (const act of acts) act(machine);
          const tables = machine.tables(0);
          assert.deepEqual(
            [...tables.deviceIds()],
            Array.from(tables.devices(), ({ deviceId }) => deviceId),
          );
          const pending: [intid: number, pe: number][] = [];
          machine.forEachPendingLpi((intid, pe) => pending.push([intid, pe]));
          assert.deepEqual(
            pending,
            Array.from(machine.lpis())
              .filter((lpi) => lpi.pending)
              .map(({ intid, target = -1 }) => [intid, target]),
          );
        }),
        { numRuns: 40 },
      );
    });
  }
});
