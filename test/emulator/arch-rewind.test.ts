import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { commandByOpcode, commands, registers } from "../../architecture/index.ts";
import type { AccessBytes, MachineOptions } from "../../emulator/index.ts";
import { Its, mapc, mapd, mapti, place, StrictMachine, vmapp, vmapti } from "./arch-machine.ts";
import { likelyPacket } from "./arch-packets.ts";
import { digestOf } from "./machine-state.ts";

type Act = (strict: StrictMachine) => void;

const anyWord = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const anyPacket: fc.Arbitrary<readonly bigint[]> = fc.tuple(anyWord, anyWord, anyWord, anyWord);
const itsNumber = fc.integer({ min: 0, max: 1 });

const offsets = (block: "GITS" | "GICR") =>
  registers.filter((register) => register.block === block).map(({ offset }) => offset ?? 0);
const width = fc.constantFrom<AccessBytes[]>(1, 2, 4, 8);
const value = fc.oneof(
  anyWord,
  fc.constantFrom(
    0n,
    1n,
    1n << 63n,
    (1n << 63n) | 1n,
    (3n << 62n) | 2n,
    (1n << 63n) | BigInt(place.vpts),
    0x20n,
    0x21n,
  ),
);

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(itsNumber, fc.array(likelyPacket, { maxLength: 10 })).map(
      ([its, packets]): Act =>
        (strict) =>
          queue(strict, its, packets),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(itsNumber, fc.array(anyPacket, { maxLength: 4 })).map(
      ([its, packets]): Act =>
        (strict) =>
          queue(strict, its, packets),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(itsNumber, fc.nat(5), fc.nat(20)).map(
      ([its, device, event]): Act =>
        (strict) =>
          void strict.machine.signalMsi(its, device, event),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(itsNumber, fc.constantFrom(...offsets("GITS")), width, value).map(
      ([its, offset, bytes, word]): Act =>
        ({ machine }) =>
          void machine.write(machine.map.its[its] + offset, bytes, word),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(2), fc.constantFrom(...offsets("GICR")), width, value).map(
      ([pe, offset, bytes, word]): Act =>
        ({ machine }) => {
          if (offset < machine.map.gicrStride) {
            machine.write(machine.map.gicr + pe * machine.map.gicrStride + offset, bytes, word);
            machine.read(machine.map.gicr + pe * machine.map.gicrStride + offset, bytes);
          }
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(place.ramBytes / 8 - 1), anyWord).map(
      ([word, bits]): Act =>
        (strict) =>
          void strict.machine.write(place.ram + word * 8, 8, bits),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(2).map(
      (pe): Act =>
        ({ machine }) => {
          machine.writeSystemRegister(pe, "ICC_IGRPEN1_EL1", 1n);
          machine.writeSystemRegister(pe, "ICC_PMR_EL1", 0xffn);
          machine.readSystemRegister(pe, "ICC_IAR1_EL1");
          machine.virtualInterrupt(pe);
        },
    ),
  },
);
const run = fc.array(act, { minLength: 1, maxLength: 30 });

/** Queues packets whatever the registers hold; a command that stalls the queue is overwritten and tried again. */
function queue(strict: StrictMachine, its: number, packets: readonly (readonly bigint[])[]): void {
  for (const words of packets) {
    if (strict.its(Its.cwriter, its) >= 0x1_0000n) strict.setIts(Its.cwriter, 0n, its);
    strict.run(its, [words]);
    const stalled = strict.its(Its.creadr, its);
    if ((stalled & 1n) === 0n) continue;
    strict.machine.write(place.queue + its * 0x1_0000 + Number(stalled - 1n), 8, 5n);
    strict.setIts(Its.cwriter, strict.its(Its.cwriter, its) | 1n, its);
  }
}

const shapes: readonly Omit<MachineOptions, "model">[] = [
  { gicVersion: 3, layout: "kvm-rev0" },
  { gicVersion: 4, singleVmovp: false },
  { gicVersion: 4.1, systemErrors: true },
];
const its = [0x0801_0000, 0x0805_0000];

function populated(shape: Omit<MachineOptions, "model">): StrictMachine {
  const strict = new StrictMachine({ ...shape, its });
  strict.done(mapc(0, 0), mapc(1, 1), mapd(1), mapd(2), mapti(1, 1, 8200, 0), mapti(1, 2, 8201, 1));
  strict.done(["MAPD", { DeviceID: 3, Size: 15, ITT_addr: place.itts + 0x4000 }]);
  if (shape.gicVersion !== 3) strict.done(vmapp(0, 0), vmapp(1, 1), vmapti(2, 1, 0, 9000, 8201), vmapti(2, 2, 1, 9001));
  return strict;
}

describe("the random runs on arch", () => {
  it("carry out every command of GICv4.1, and are refused by every one that can fail", () => {
    const done = new Set<string>();
    const refused = new Set<string>();
    for (const acts of fc.sample(run, { numRuns: 150, seed: 7 })) {
      const strict = populated({ gicVersion: 4.1, singleVmovp: false });
      strict.machine.onCommand = ({ opcode, outcome }) => {
        const name = commandByOpcode(opcode)?.name;
        if (name !== undefined) (outcome === 0 ? done : refused).add(name);
      };
      for (const step of acts) step(strict);
    }
    assert.deepEqual(
      commands.map(({ name }) => name).filter((name) => !done.has(name)),
      [],
    );
    assert.deepEqual(
      commands.map(({ name }) => name).filter((name) => !refused.has(name)),
      ["SYNC"],
    );
  });
});

for (const shape of shapes) {
  describe(`the journal of arch, GICv${shape.gicVersion}`, () => {
    it("rewinding any run restores every word, and the same run ends the same again", () => {
      fc.assert(
        fc.property(run, (acts) => {
          const strict = populated(shape);
          const marks = acts.map((step) => {
            const at = { mark: strict.machine.journal.mark(), digest: digestOf(strict.machine) };
            step(strict);
            return at;
          });
          const end = digestOf(strict.machine);
          for (const { mark, digest } of marks.reverse()) {
            assert.equal(strict.machine.journal.rewind(mark), true);
            assert.equal(digestOf(strict.machine), digest);
          }
          for (const step of acts) step(strict);
          assert.equal(digestOf(strict.machine), end);
        }),
        { numRuns: 25 },
      );
    });

    it("listening to remarks changes nothing", () => {
      fc.assert(
        fc.property(run, (acts) => {
          const heard = populated(shape);
          const unheard = populated(shape);
          unheard.machine.onRemark = undefined;
          for (const step of acts) {
            step(heard);
            step(unheard);
          }
          assert.equal(digestOf(unheard.machine), digestOf(heard.machine));
        }),
        { numRuns: 15 },
      );
    });
  });
}
