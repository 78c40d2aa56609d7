import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { commandErrorByCode } from "../../../architecture/index.ts";
import { type AccessBytes, OutcomeKind, outcomeDetail } from "../../../emulator/index.ts";
import type { QemuMachine } from "../../../emulator/qemu/machine.ts";
import { at, CREADR, RAM_BYTES, ready, stateOf, submit } from "./machine.ts";

const OPCODES = [1, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 0x21, 0x22, 0x23, 0x25, 0x29, 0x2a, 0x2b, 0x2d, 0x2e];
const word = fc.bigInt(0n, (1n << 64n) - 1n);

/** Addresses that make tables meet: RAM, its end, the frames, flash, nothing, the end of the address space. */
const address = fc.oneof(
  fc.nat(RAM_BYTES / 256 - 1).map((page) => at.ram + page * 256),
  fc.constantFrom(at.ram + RAM_BYTES - 8, at.gicd, at.its, at.gicr, 0, 0x100_0000, 2 ** 52 - 0x1_0000, at.queue),
);

const commandWords = fc
  .tuple(fc.constantFrom(...OPCODES), word, word, word, word, address, fc.boolean())
  .map(([opcode, w0, w1, w2, w3, place, small]) => {
    // Half of the commands name few devices, events, INTIDs, ICIDs and PEs, so that they meet.
    const near = small ? (w0 & 0x3n) << 32n : w0 & ~0xffn;
    const events = small ? (w1 & 0x7n) | ((8192n + ((w1 >> 32n) & 0x3fn)) << 32n) : w1;
    const target = small ? (w2 & 0x1_0003n) | ((w2 >> 63n) << 63n) : w2;
    const mapped = opcode === 8 ? (BigInt(place) & ~0xffn) | (1n << 63n) : target;
    return [near | BigInt(opcode), opcode === 8 ? w1 & 0x1fn : events, mapped, small ? w3 & 0x1_000fn : w3] as const;
  });

const action = fc.oneof(
  fc.record({ do: fc.constant("commands" as const), commands: fc.array(commandWords, { minLength: 1, maxLength: 8 }) }),
  fc.record({
    do: fc.constant("poke" as const),
    frame: fc.constantFrom(at.gicd, at.its, at.its + 0x1_0000, at.gicr, at.gicr + 0x1_0000, at.gicr + 0x2_0000),
    offset: fc.oneof(
      fc.nat(0x7fff).map((value) => value * 2),
      fc.constantFrom(0, 0x40, 0x70, 0x78, 0x80, 0x88, 0x90, 0x100, 0x108, 0x110, 0x7c, 0x104),
    ),
    bytes: fc.constantFrom<AccessBytes>(1, 2, 4, 8),
    value: fc.oneof(
      word,
      address.map((place) => BigInt(place) | (1n << 63n) | 15n),
    ),
    secure: fc.boolean(),
  }),
  fc.record({ do: fc.constant("memory" as const), place: address, value: word }),
  fc.record({ do: fc.constant("msi" as const), device: fc.nat(5), event: fc.nat(9) }),
  fc.record({ do: fc.constant("line" as const), intid: fc.nat(1100), level: fc.boolean(), pe: fc.nat(3) }),
  fc.record({
    do: fc.constant("register" as const),
    pe: fc.nat(1),
    name: fc.constantFrom(
      ...["IAR0", "IAR1", "EOIR0", "EOIR1", "DIR", "PMR", "BPR0", "BPR1", "CTLR", "IGRPEN0", "IGRPEN1", "SGI1R"],
      ...["SGI0R", "ASGI1R", "AP0R0", "AP1R0", "RPR", "HPPIR0", "HPPIR1"],
    ),
    value: word,
  }),
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function perform(machine: QemuMachine, one: Action): void {
  switch (one.do) {
    case "commands":
      submit(machine, ...one.commands);
      break;
    case "poke":
      machine.write(one.frame + one.offset, one.bytes, one.value, one.secure);
      machine.read(one.frame + one.offset, one.bytes, one.secure);
      break;
    case "memory":
      machine.write(one.place, 8, one.value);
      machine.read(one.place, 8);
      break;
    case "msi":
      machine.signalMsi(0, one.device, one.event);
      break;
    case "line":
      machine.setLine(one.intid, one.level, one.pe);
      break;
    case "register":
      machine.writeSystemRegister(one.pe, `ICC_${one.name}_EL1`, one.value);
      machine.readSystemRegister(one.pe, `ICC_${one.name}_EL1`);
  }
}

describe("QEMU's machine under anything a guest can do", () => {
  it("throws nothing, and a rewind restores every register and byte", () => {
    const options = fc.record({ gicVersion: fc.constantFrom<3 | 4>(3, 4), secure: fc.boolean() });
    fc.assert(
      fc.property(
        options,
        fc.array(action, { maxLength: 25 }),
        fc.array(action, { maxLength: 10 }),
        (given, first, second) => {
          const machine = ready(given);
          for (const one of first) perform(machine, one);
          const before = stateOf(machine);
          const mark = machine.journal.mark();
          for (const one of second) perform(machine, one);
          assert.ok(machine.journal.rewind(mark));
          assert.deepEqual(stateOf(machine), before);
          // What is derived from the state came back with it: the same actions lead to the same state.
          for (const one of second) perform(machine, one);
          const again = stateOf(machine);
          assert.ok(machine.journal.rewind(mark));
          for (const one of second) perform(machine, one);
          assert.deepEqual(stateOf(machine), again);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("names every error that it drops by a declared code", () => {
    fc.assert(
      fc.property(fc.array(commandWords, { minLength: 1, maxLength: 30 }), (commands) => {
        const machine = ready({ gicVersion: 4 });
        const errors: number[] = [];
        machine.onCommand = ({ outcome }) => {
          const kind = outcome >>> 24;
          if (kind === OutcomeKind.ignored || kind === OutcomeKind.silent) errors.push(outcomeDetail(outcome));
        };
        for (const [index, words] of commands.entries()) {
          for (const [part, value] of words.entries()) machine.write(at.queue + index * 32 + part * 8, 8, value);
        }
        machine.write(at.its + 0x88, 8, BigInt(commands.length * 32));
        for (const code of errors) assert.ok(commandErrorByCode(code), `0x${code.toString(16)}`);
      }),
      { numRuns: 200 },
    );
  });

  it("ends for a queue that is its own device, collection and pending table", () => {
    const machine = ready();
    machine.write(at.its, 4, 0n);
    for (const register of [0x100, 0x108])
      machine.write(at.its + register, 8, (1n << 63n) | BigInt(at.queue) | (2n << 8n));
    machine.write(at.gicr + 0x70, 8, BigInt(at.queue) | 15n);
    machine.write(at.gicr + 0x78, 8, BigInt(at.queue));
    machine.write(at.its, 4, 1n);
    machine.memory.fill(at.queue, 0x1_0000, 0x0d);
    machine.write(at.its + 0x88, 8, 0xffe0n);
    assert.equal(machine.read(CREADR, 8), 0xffe0n);
  });

  it("looks at a virtual pending table of 2^31 bits only where there is memory", () => {
    const machine = ready({ gicVersion: 4 });
    machine.memory.fill(at.ram, RAM_BYTES, 0xff);
    machine.write(at.gicr + 0x2_0070, 8, BigInt(at.ram) | 30n);
    machine.write(at.gicr + 0x2_0078, 8, (1n << 63n) | BigInt(at.ram));
    assert.deepEqual(machine.highestPriority(0).bestVirtual, { intid: 8192, group: 2, priority: 0xfc });
  });
});
