import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { registers } from "../../architecture/index.ts";
import { type AccessBytes, createMachine, type Machine, modelNames } from "../../emulator/index.ts";
import { digestOf } from "./machine-state.ts";
import { enable, populate, queue, RAM_BYTES } from "./random-run.ts";

/** Machines of all models together; GIC_HOSTILE_RUNS=100000 for a long run. */
const RUNS = Math.ceil(Number(process.env.GIC_HOSTILE_RUNS ?? 6000) / modelNames.length);

const RAM = 0x4000_0000;

type Attack = (machine: Machine) => void;

const anyWord = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
/** Addresses that hurt: the queue itself, the tables, the ITS's own frame, the ends of RAM and of the address space. */
const address = fc.oneof(
  fc.constantFrom(
    RAM,
    RAM + 0x10000,
    RAM + 0x20000,
    RAM + 0x30000,
    RAM + RAM_BYTES - 8,
    RAM + RAM_BYTES,
    0x0808_0000,
    0x080a_0000,
  ),
  fc.constantFrom(0, 2 ** 52 - 0x10000, 2 ** 48 - 0x10000),
  fc.integer({ min: 0, max: RAM_BYTES / 256 }).map((at) => RAM + at * 256),
);
/** Values with an address in them, and the bits that make tables valid, two-level, large. */
const pointer = fc
  .tuple(address, fc.constantFrom(0n, 1n << 63n, 3n << 62n, 0xffn, 0x1fn, (1n << 63n) | 0xffn, (3n << 62n) | 0x2ffn))
  .map(([at, bits]) => BigInt(at) | bits);
const value = fc.oneof(anyWord, pointer, fc.constantFrom(0n, 1n, 2n, 0xffff_ffffn, (1n << 64n) - 1n));

const framed = registers.flatMap(({ block, offset, count = 1, stride = 0 }) =>
  offset === undefined || (block !== "GITS" && block !== "GICR" && block !== "GICD")
    ? []
    : [{ block, offset: offset + Math.floor(count / 2) * stride }],
);

const registerWrite: fc.Arbitrary<Attack> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...framed),
      fc.record({ block: fc.constantFrom("GITS", "GICR", "GICD"), offset: fc.nat(0x1ffff) }),
    ),
    fc.nat(2),
    fc.constantFrom<AccessBytes[]>(1, 2, 4, 8),
    value,
  )
  .map(
    ([{ block, offset }, pe, bytes, written]): Attack =>
      (machine) => {
        const { gicd, gicr, gicrStride, its } = machine.map;
        const base = block === "GITS" ? its[0] : block === "GICR" ? gicr + pe * gicrStride : gicd;
        machine.write(base + offset, bytes, written);
        machine.read(base + offset, bytes);
      },
  );

const attack: fc.Arbitrary<Attack> = fc.oneof(
  { weight: 5, arbitrary: registerWrite },
  {
    weight: 5,
    arbitrary: fc
      .array(fc.tuple(fc.oneof(anyWord, fc.bigInt({ min: 0n, max: 0x2fn })), value, value, value), {
        minLength: 1,
        maxLength: 8,
      })
      .map(
        (packets): Attack =>
          (machine) =>
            queue(machine, packets),
      ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(address, value).map(
      ([at, written]): Attack =>
        (machine) => {
          machine.write(at, 8, written);
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff)).map(
      ([device, event]): Attack =>
        (machine) => {
          machine.signalMsi(0, device, event);
        },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Attack[]>(
      (machine) => void machine.vmm?.saveTables(0),
      (machine) => void machine.vmm?.restoreTables(0),
      (machine) => void machine.vmm?.savePendingTables(),
      (machine) => void machine.vmm?.resetIts(0),
      enable,
      populate,
    ),
  },
);

for (const model of modelNames) {
  describe(`a hostile guest of ${model}`, () => {
    it(`ends with a machine that still answers, ${RUNS} times`, () => {
      const machine = createMachine({ model, cpus: 3, ram: [{ base: RAM, bytes: RAM_BYTES }] });
      enable(machine);
      populate(machine);
      const fresh = machine.journal.mark();
      const digest = digestOf(machine);
      const { its } = machine.map;
      fc.assert(
        fc.property(fc.array(attack, { minLength: 4, maxLength: 40 }), (attacks) => {
          for (const step of attacks) step(machine);
          assert.notEqual(machine.read(its[0], 4), undefined);
          assert.equal(machine.journal.rewind(fresh), true);
        }),
        { numRuns: RUNS },
      );
      assert.equal(digestOf(machine), digest);
    });
  });
}
