import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { createMachine, type MachineOptions } from "../../../emulator/index.ts";
import { QemuMachine } from "../../../emulator/qemu/machine.ts";
import { at, redistributor } from "./machine.ts";

const TYPER = at.gicd + 4;
const GICD_INMIR = at.gicd + 0xf80;
const SCTLR_NMI = 1n << 61n;
const NMI = 1n << 63n;
const NMI_NS = 1n << 62n;

function machineOf(options: MachineOptions = {}): QemuMachine {
  const machine = createMachine({ model: "qemu-11.1", cpus: 1, nmi: true, ...options });
  assert.ok(machine instanceof QemuMachine);
  return machine;
}

/** All SGIs and PPIs in Group 1 and enabled; the CPU interface open. */
function open(machine: QemuMachine): {
  read(name: string): bigint | undefined;
  write(name: string, value: bigint): void;
} {
  const sgis = redistributor(machine, 0) + 0x1_0000;
  machine.write(sgis + 0x80, 4, 0xffff_ffffn);
  machine.write(at.gicd, 4, 0x37n);
  machine.write(sgis + 0x100, 4, 0xffff_ffffn);
  const cpu = {
    read: (name: string) => machine.readSystemRegister(0, name),
    write: (name: string, value: bigint) => assert.ok(machine.writeSystemRegister(0, name, value), name),
  };
  cpu.write("ICC_PMR_EL1", 0xf8n);
  cpu.write("ICC_IGRPEN0_EL1", 1n);
  cpu.write("ICC_IGRPEN1_EL1", 1n);
  return cpu;
}

describe("FEAT_GICv3_NMI of QEMU 11.1", () => {
  it("is told by GICD_TYPER, and GICD_INMIR<n> keeps a bit a SPI", () => {
    const machine = machineOf();
    assert.equal(machine.read(TYPER, 4), 0x37a_0208n);
    for (const [index, kept] of [
      [0, 0n],
      [1, 0xffff_ffffn],
      [8, 0xffff_ffffn],
      [9, 0n],
      [31, 0n],
    ] as const) {
      machine.write(GICD_INMIR + index * 4, 4, 0xffff_ffffn);
      assert.equal(machine.read(GICD_INMIR + index * 4, 4), kept, `GICD_INMIR${index}`);
    }
    const inmir = redistributor(machine, 0) + 0x1_0f80;
    machine.write(inmir, 4, 0xffff_ffffn);
    assert.equal(machine.read(inmir, 4), 0xffff_ffffn);
  });

  it("puts an NMI before interrupts of any priority and past ICC_PMR_EL1, and answers 1022 when SCTLR_EL1.NMI is set", () => {
    const machine = machineOf();
    const { read, write } = open(machine);
    const sgis = redistributor(machine, 0) + 0x1_0000;
    machine.write(sgis + 0x404, 4, 0x10a0n); // SGI 4: 0xa0, SGI 5: 0x10
    machine.write(sgis + 0xf80, 4, 0x20n);
    machine.write(sgis + 0x200, 4, 0x30n);
    assert.equal(read("ICC_HPPIR1_EL1"), 5n);
    assert.deepEqual(machine.lines(0), { irq: false, fiq: false, nmi: true });
    assert.equal(read("ICC_IAR1_EL1"), 5n);
    assert.equal(read("ICC_AP1R0_EL1"), NMI);
    assert.equal(read("ICC_RPR_EL1"), NMI_NS);
    write("ICC_EOIR1_EL1", 5n);
    assert.equal(read("ICC_RPR_EL1"), 0xffn);
    write("SCTLR_EL1", SCTLR_NMI | 0x30d0_0800n);
    assert.equal(read("SCTLR_EL1"), SCTLR_NMI);
    machine.write(sgis + 0x200, 4, 0x20n);
    write("ICC_PMR_EL1", 0n);
    assert.equal(read("ICC_IAR1_EL1"), 1022n);
    assert.equal(read("ICC_IAR1_EL1"), 1022n);
    assert.equal(read("ICC_NMIAR1_EL1"), 5n);
    assert.equal(read("ICC_NMIAR1_EL1"), 1023n);
    write("ICC_EOIR1_EL1", 5n);
    write("ICC_PMR_EL1", 0xf8n);
    assert.equal(read("ICC_NMIAR1_EL1"), 1023n);
    assert.equal(read("ICC_IAR1_EL1"), 4n);
  });

  it("keeps bit 63 of both active priorities, of which that of Group 1 makes an NMI run", () => {
    const machine = machineOf();
    const { read, write } = open(machine);
    write("ICC_AP0R0_EL1", NMI);
    assert.equal(read("ICC_AP0R0_EL1"), NMI);
    assert.equal(read("ICC_RPR_EL1"), 0xffn);
    write("ICC_AP1R0_EL1", 2n ** 64n - 1n);
    assert.equal(read("ICC_AP1R0_EL1"), 0x8000_0000_ffff_ffffn);
    assert.equal(read("ICC_RPR_EL1"), NMI_NS);
    write("ICC_EOIR1_EL1", 0n);
    assert.equal(read("ICC_AP1R0_EL1"), 0xffff_ffffn);
  });

  it("is taken back with the journal", () => {
    const machine = machineOf();
    const { read, write } = open(machine);
    const sgis = redistributor(machine, 0) + 0x1_0000;
    const mark = machine.journal.mark();
    write("SCTLR_EL1", SCTLR_NMI);
    machine.write(sgis + 0xf80, 4, 1n);
    machine.write(sgis + 0x200, 4, 1n);
    assert.equal(read("ICC_NMIAR1_EL1"), 0n);
    machine.journal.rewind(mark);
    assert.equal(read("SCTLR_EL1"), 0n);
    assert.equal(read("ICC_AP1R0_EL1"), 0n);
    assert.equal(machine.read(sgis + 0xf80, 4), 0n);
    assert.equal(read("ICC_RPR_EL1"), 0xffn);
  });

  it("is not there without nmi, and no other model has it", () => {
    const machine = machineOf({ nmi: false });
    assert.equal(machine.read(TYPER, 4), 0x37a_0008n);
    const inmir = redistributor(machine, 0) + 0x1_0f80;
    for (const address of [inmir, GICD_INMIR + 4]) {
      machine.write(address, 4, 0xffff_ffffn);
      assert.equal(machine.read(address, 4), 0n);
    }
    assert.equal(machine.readSystemRegister(0, "ICC_NMIAR1_EL1"), undefined);
    assert.equal(machine.readSystemRegister(0, "SCTLR_EL1"), undefined);
    machine.writeSystemRegister(0, "ICC_AP1R0_EL1", NMI);
    assert.equal(machine.readSystemRegister(0, "ICC_AP1R0_EL1"), 0n);
    for (const model of ["qemu-7.2", "arch", "kvm-7.2"] as const) {
      assert.throws(() => createMachine({ model, nmi: true }), RangeError, model);
    }
  });
});

/** Accesses of a PE beside a live QEMU, one a line; their first lines say where. */
const recordings: readonly (readonly [file: string, secure: boolean])[] = [
  ["nmi-el1.txt", false],
  ["nmi-el3.txt", true],
  ["nmi-el1-non-secure.txt", true],
];

describe("random accesses with NMIs read what QEMU 11.1.3 read", () => {
  for (const [file, secure] of recordings) it(file, () => replay(file, secure));
});

function replay(file: string, secure: boolean): void {
  const machine = machineOf({ secure });
  let context = { exceptionLevel: secure ? 3 : 1, nonSecure: !secure, fiqToEl3: false, irqToEl3: false };
  machine.setContext(0, context);
  const lines = readFileSync(new URL(`recordings/${file}`, import.meta.url), "utf8").split("\n");
  for (const [number, line] of lines.entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const [what, kind, text] = line.split(" ");
    const value = BigInt(text ?? 0);
    const where = `${file}:${number + 1}`;
    if (what === "ERET") context = { ...context, exceptionLevel: 1 };
    else if (what === "SCR_EL3") {
      context = {
        ...context,
        nonSecure: (value & 1n) === 1n,
        irqToEl3: (value & 2n) !== 0n,
        fiqToEl3: (value & 4n) !== 0n,
      };
    }
    if (what === "ERET" || what === "SCR_EL3") machine.setContext(0, context);
    else if (kind === "is") assert.equal(read(machine, what), value, where);
    else if (what.startsWith("0x")) assert.ok(machine.writeBy(0, Number(what), 4, value), where);
    else assert.ok(machine.writeSystemRegister(0, what, value), where);
  }
}

function read(machine: QemuMachine, what: string): bigint | undefined {
  return what.startsWith("0x") ? machine.readBy(0, Number(what), 4) : machine.readSystemRegister(0, what);
}
