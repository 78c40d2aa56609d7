import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CommandLine, Gicr, mapd, StrictMachine, vmapp, vmapti } from "./machine.ts";

describe("VMOVP with GITS_TYPER.VMOVP = 0", () => {
  const two = (gicVersion: 4 | 4.1 = 4): StrictMachine => {
    const strict = new StrictMachine({ gicVersion, singleVmovp: false, its: [0x0804_0000, 0x0807_0000] });
    for (const its of [0, 1]) strict.doneOn(its, mapd(its + 1), vmapp(0, 0), vmapti(its + 1, 2, 0, 9000 + its, 8300));
    strict.rules();
    return strict;
  };
  const vmovp = (list: number, sequence = 7, RDbase = 2): CommandLine => [
    "VMOVP",
    { vPEID: 0, RDbase, ITSList: list, Sequence_Number: sequence },
  ];
  const doorbellOf = (strict: StrictMachine, its: number): number => {
    strict.doneOn(its, ["INT", { DeviceID: its + 1, EventID: 2 }]);
    const at = [0, 1, 2].find((pe) => strict.isPending(pe, 8300)) ?? -1;
    strict.setGicr(at, Gicr.clrlpir, 8300n);
    strict.doneOn(its, ["CLEAR", { DeviceID: its + 1, EventID: 2 }]);
    return at;
  };

  it("takes effect on all ITSs of the list when the last has taken it", () => {
    const strict = two();
    assert.equal((strict.its(8) >> 37n) & 1n, 0n);
    assert.equal((strict.its(0, 1, 4) >> 4n) & 0xfn, 1n, "GITS_CTLR.ITS_Number");
    strict.doneOn(0, vmovp(0b11));
    assert.deepEqual([doorbellOf(strict, 0), doorbellOf(strict, 1)], [0, 0]);
    strict.doneOn(0, ["VSYNC", { vPEID: 0 }]);
    assert.deepEqual(strict.rules(), ["vmovp-incomplete"]);
    strict.doneOn(1, vmovp(0b11), ["VSYNC", { vPEID: 0 }]);
    assert.deepEqual([doorbellOf(strict, 0), doorbellOf(strict, 1)], [2, 2]);
    assert.deepEqual(strict.rules(), []);
  });

  it("with another target under the same number, a list without the ITS, or of more ITSs than there are, is remarked on", () => {
    const strict = two();
    strict.doneOn(0, vmovp(0b11));
    strict.doneOn(1, vmovp(0b11, 7, 1));
    assert.deepEqual(strict.rules(), ["vmovp-sequence"]);
    strict.doneOn(0, vmovp(0b11, 7, 1));
    assert.deepEqual([doorbellOf(strict, 0), doorbellOf(strict, 1)], [1, 1]);
    strict.doneOn(0, vmovp(0b10, 8));
    assert.deepEqual(strict.rules(), ["vmovp-sequence"]);
    strict.doneOn(0, vmovp(0b101, 9));
    assert.deepEqual(strict.rules(), ["vmovp-sequence"]);
  });

  it("twice on one ITS begins the move anew", () => {
    const strict = two();
    strict.doneOn(0, vmovp(0b11), vmovp(0b11));
    assert.deepEqual(strict.rules(), ["vmovp-sequence"]);
    strict.doneOn(1, vmovp(0b11));
    assert.equal(doorbellOf(strict, 1), 2);
  });

  it("one VMOVP reaches the other ITSs' tables when GITS_TYPER.VMOVP = 1", () => {
    const strict = new StrictMachine({ gicVersion: 4, its: [0x0804_0000, 0x0807_0000] });
    for (const its of [0, 1]) strict.doneOn(its, mapd(its + 1), vmapp(0, 0), vmapti(its + 1, 2, 0, 9000 + its, 8300));
    strict.doneOn(1, ["VMOVP", { vPEID: 0, RDbase: 1 }]);
    assert.deepEqual([doorbellOf(strict, 0), doorbellOf(strict, 1)], [1, 1]);
  });
});
