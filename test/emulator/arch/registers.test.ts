import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createMachine } from "../../../emulator/index.ts";
import { Gicr, Its, mapc, mapd, mapti, place, StrictMachine, vmapp } from "./machine.ts";

const VALID = 1n << 63n;

describe("GITS registers of arch", () => {
  it("GITS_TYPER and GITS_CTLR tell what the version has", () => {
    const typer = (options: ConstructorParameters<typeof StrictMachine>[0]): bigint =>
      new StrictMachine(options).its(Its.typer);
    assert.equal(typer({}), 0x0000_501f_0001_efb1n);
    assert.equal(typer({ gicVersion: 4 }), 0x0000_503f_0001_efb3n);
    assert.equal(typer({ gicVersion: 4, singleVmovp: false }), 0x0000_501f_0001_efb3n);
    assert.equal(typer({ gicVersion: 4.1, systemErrors: true }), 0x0000_53bf_0005_efb3n);
    assert.equal(typer({ layout: "kvm-rev0" }), 0x0000_501f_0001_ef71n);
  });

  it("GITS_CTLR.Quiescent is 1 while the ITS is disabled; ImDe is RES0 in GICv3", () => {
    const strict = new StrictMachine();
    assert.equal(strict.its(Its.ctlr, 0, 4), 1n);
    strict.setIts(Its.ctlr, 2n, 0, 4);
    assert.equal(strict.its(Its.ctlr, 0, 4), 0x8000_0000n);
    const four = new StrictMachine({ gicVersion: 4 });
    four.setIts(Its.ctlr, 2n, 0, 4);
    assert.equal(four.its(Its.ctlr, 0, 4), 0x8000_0002n);
  });

  it("commands that were queued while the ITS was disabled run when it is enabled", () => {
    const strict = new StrictMachine();
    strict.setIts(Its.ctlr, 0n, 0, 4);
    assert.deepEqual(strict.run(0, [[5n, 0n, 0n, 0n]]), []);
    strict.setIts(Its.ctlr, 1n, 0, 4);
    assert.deepEqual(strict.outcomes, [0]);
  });

  it("GITS_BASER<n> keeps Type and Entry_Size, and Indirect only where the layout has two levels", () => {
    const read = (layout: "qemu" | "kvm-rev0" | "gem5" | "xen"): string[] => {
      const machine = createMachine({ model: "arch", layout });
      return [0, 8, 16].map((offset) => {
        const address = machine.map.its[0] + Its.baser + offset;
        machine.write(address, 8, (1n << 64n) - 1n);
        return (machine.read(address, 8) ?? 0n).toString(16);
      });
    };
    assert.deepEqual(read("qemu"), ["f9e7ffffffffffff", "fce7ffffffffffff", "0"]);
    assert.deepEqual(read("kvm-rev0"), ["f9e7ffffffffffff", "bce7ffffffffffff", "0"]);
    assert.deepEqual(read("gem5"), ["b9e7ffffffffffff", "bce7ffffffffffff", "0"]);
    assert.deepEqual(read("xen"), ["b9e7ffffffffffff", "bce1ffffffffffff", "0"]);
  });

  it("Page_Size 3 is remarked on and counts as 64 KiB", () => {
    const strict = new StrictMachine();
    strict.setIts(Its.ctlr, 0n, 0, 4);
    strict.setIts(Its.baser, VALID | 0x300n | BigInt(place.deviceTable));
    assert.deepEqual(strict.rules(), ["reserved-page-size"]);
    strict.setIts(Its.ctlr, 1n, 0, 4);
    strict.done(mapd(8191));
  });

  it("32-bit and 64-bit accesses reach the halves; other widths and misaligned ones reach nothing", () => {
    const strict = new StrictMachine();
    const base = strict.machine.map.its[0];
    assert.equal(strict.machine.read(base + Its.typer + 4, 4), 0x501fn);
    assert.equal(strict.machine.read(base + Its.typer, 1), 0n);
    assert.equal(strict.machine.read(base + Its.typer + 4, 8), 0n);
    assert.equal(strict.machine.read(base + Its.ctlr, 8), 0n);
  });
});

describe("GICR registers of arch", () => {
  it("GICR_SETLPIR and GICR_CLRLPIR set and clear pending LPIs", () => {
    const strict = new StrictMachine();
    assert.equal((strict.gicr(1, 8) >> 3n) & 1n, 1n, "GICR_TYPER.DirectLPI");
    strict.setGicr(1, Gicr.setlpir, 8210n);
    assert.equal(strict.isPending(1, 8210), true);
    strict.setGicr(1, Gicr.clrlpir, 8210n);
    assert.equal(strict.isPending(1, 8210), false);
    strict.setGicr(1, Gicr.setlpir, 100n);
    assert.equal(strict.machine.memory.read8(place.pending + 0x1_0000 + 12), 0, "no LPI");
  });

  it("GICR_INVLPIR makes a changed configuration byte count; GICR_SYNCR is never busy", () => {
    const strict = new StrictMachine();
    assert.equal(strict.gicr(0, Gicr.ctlr, 4) & 0xen, 0x6n, "IR and CES, RWP 0");
    strict.machine.writeSystemRegister(0, "ICC_IGRPEN1_EL1", 1n);
    strict.machine.memory.write8(place.property, 0);
    strict.setGicr(0, Gicr.setlpir, 8192n);
    strict.machine.memory.write8(place.property, 0xa1);
    strict.setGicr(0, Gicr.invlpir, 8192n);
    assert.equal(strict.machine.readSystemRegister(0, "ICC_HPPIR1_EL1"), 8192n);
    assert.equal(strict.gicr(0, Gicr.syncr, 4), 0n);
  });

  it("PTZ = 1 means that nothing is pending, and reads as 0", () => {
    const strict = new StrictMachine();
    strict.setGicr(0, Gicr.setlpir, 8200n);
    strict.setGicr(0, Gicr.ctlr, 0n, 4);
    strict.setGicr(0, Gicr.pendbaser, (1n << 62n) | BigInt(place.pending));
    assert.equal(strict.gicr(0, Gicr.pendbaser), BigInt(place.pending));
    strict.setGicr(0, Gicr.ctlr, 1n, 4);
    assert.deepEqual(strict.rules(), ["pending-table-not-zero"]);
    assert.equal(strict.isPending(0, 8200), false);
  });

  it("GICR_VPROPBASER has its GICv4.0 or its GICv4.1 form", () => {
    const ones = (1n << 64n) - 1n;
    const four = new StrictMachine({ gicVersion: 4 });
    four.setGicr(0, Gicr.vpropbaser, ones);
    assert.equal(four.gicr(0, Gicr.vpropbaser).toString(16), "70fffffffffff9f");
    const fourOne = new StrictMachine({ gicVersion: 4.1 });
    fourOne.setGicr(0, Gicr.vpropbaser, ones);
    assert.equal(fourOne.gicr(0, Gicr.vpropbaser).toString(16), "87efffffffffffff");
    assert.deepEqual(fourOne.rules(), ["reserved-page-size"]);
  });

  it("there is no VLPI frame in GICv3", () => {
    const strict = new StrictMachine();
    assert.equal(strict.machine.map.gicrStride, 0x2_0000);
    assert.equal(strict.machine.read(strict.machine.map.gicr + 3 * 0x2_0000, 4), undefined);
  });
});

describe("machines of arch", () => {
  it("have up to 16 ITSs, each with its frames and its number", () => {
    const its = Array.from({ length: 16 }, (_, index) => 0x1000_0000 + index * 0x3_0000);
    const machine = createMachine({ model: "arch", gicVersion: 4.1, its });
    assert.deepEqual(
      its.map((base) => Number(machine.read(base, 4) ?? 0n) & 0xf0),
      its.map((_, index) => index << 4),
    );
    assert.throws(() => createMachine({ model: "arch", its: [...its, 0x2000_0000] }), RangeError);
  });

  it("are refused when frames overlap, or the layout lacks what the version needs", () => {
    assert.throws(
      () => createMachine({ model: "arch", gicVersion: 4.1, its: [0x0808_0000] }),
      /redistributors overlap/,
    );
    assert.throws(() => createMachine({ model: "arch", gicVersion: 4, layout: "kvm-rev0" }), /no vPE table/);
    assert.throws(() => createMachine({ model: "qemu-7.2", gicVersion: 4.1 }), /no GICv4.1/);
  });

  it("tell which command last wrote a table entry, and take it back", () => {
    const strict = new StrictMachine();
    strict.done(mapc(0, 0), mapd(1));
    const mark = strict.machine.journal.mark();
    strict.done(mapti(1, 2, 8200, 0));
    const window = strict.machine.memory.windows[0];
    const word = (place.itts + 0x1000 + 2 * 12 - window.base) / 4;
    const change = strict.machine.journal.lastChange(window.bank, word);
    assert.deepEqual(strict.machine.journal.commandAt(change ?? -1), { its: 0, queueOffset: 64 });
    strict.machine.journal.rewind(mark);
    assert.equal(strict.machine.tables(0).event(1, 2), undefined);
    assert.equal(strict.its(Its.creadr), 64n);
  });

  it("with no ITS are machines, too", () => {
    const machine = createMachine({ model: "arch", gicVersion: 4, its: [] });
    assert.equal(machine.read(machine.map.gicr + 0x2_0078, 8), 0n);
  });

  it("GICv4.0 vPEs of two ITSs are each ITS's own", () => {
    const strict = new StrictMachine({ gicVersion: 4, its: [0x0804_0000, 0x0807_0000] });
    strict.doneOn(0, vmapp(3, 0));
    assert.equal(strict.run(1, [[0x25n, 3n << 32n, 0n, 0n]])[0], 0x0201_2514);
  });
});
