import fc from "fast-check";
import { registers } from "../../../architecture/index.ts";
import type { AccessBytes, MachineOptions } from "../../../emulator/index.ts";
import { Gicr, Its, mapc, mapd, mapti, packet, place, StrictMachine, vmapp, vmapti, vptAt } from "./machine.ts";
import { likelyPacket } from "./packets.ts";

/** GITS_SGIR from the control frame of its ITS. */
const SGIR = 0x2_0020;

/** One thing that software or a device may do to a strict machine with two ITSs. */
export type Act = (strict: StrictMachine) => void;

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
    weight: 3,
    arbitrary: fc.tuple(fc.nat(2), fc.nat(2), fc.constantFrom(0n, 1n << 62n, 1n << 63n, 3n << 62n)).map(
      ([pe, vpeId, bits]): Act =>
        (strict) => {
          // A vPE comes or goes: GICv4.1 names it by its vPEID, GICv4.0 by its pending table.
          strict.setGicr(pe, Gicr.vpendbaser, bits | BigInt(vpeId) | BigInt(vptAt(vpeId)));
          strict.setGicr(pe, Gicr.vsgir, BigInt(vpeId), 4);
          strict.gicr(pe, Gicr.vsgipendr, 4);
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(itsNumber, fc.nat(2), fc.nat(3)).map(
      ([its, vpeId, vintid]): Act =>
        ({ machine }) =>
          void machine.write(machine.map.its[its] + SGIR, 8, (BigInt(vpeId) << 32n) | BigInt(vintid)),
    ),
  },
  {
    weight: 1,
    // A device that no run maps: the queue stalls, and stays so until packets are queued again.
    arbitrary: itsNumber.map(
      (its): Act =>
        (strict) =>
          void strict.run(its, [packet(["INT", { DeviceID: 9, EventID: 0 }]), packet(["SYNC", { RDbase: 0 }])]),
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
/** Any run of acts. */
export const run: fc.Arbitrary<readonly Act[]> = fc.array(act, { minLength: 1, maxLength: 30 });

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

/** Machines that differ in all that `arch` leaves to be chosen. */
export const shapes: readonly Omit<MachineOptions, "model">[] = [
  { gicVersion: 3, layout: "kvm-rev0" },
  { gicVersion: 4, singleVmovp: false },
  { gicVersion: 4.1, systemErrors: true },
];
const its = [0x0801_0000, 0x0805_0000];

/** A machine with two ITSs, with devices, events and, where it can have them, vPEs. */
export function populated(shape: Omit<MachineOptions, "model">): StrictMachine {
  const strict = new StrictMachine({ ...shape, its });
  strict.done(mapc(0, 0), mapc(1, 1), mapd(1), mapd(2), mapti(1, 1, 8200, 0), mapti(1, 2, 8201, 1));
  strict.done(["MAPD", { DeviceID: 3, Size: 15, ITT_addr: place.itts + 0x4000 }]);
  if (shape.gicVersion !== 3) strict.done(vmapp(0, 0), vmapp(1, 1), vmapti(2, 1, 0, 9000, 8201), vmapti(2, 2, 1, 9001));
  return strict;
}
