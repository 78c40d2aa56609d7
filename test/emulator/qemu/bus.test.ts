import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AccessBytes } from "../../../emulator/index.ts";
import { at, qemu, RAM_BYTES } from "./machine.ts";

/** Values that QEMU 7.2.22 read over qtest after reset. */
const reads: readonly [what: string, address: number, bytes: AccessBytes, value: bigint][] = [
  ["the ITS takes no 2 bytes, but the 4 behind them", 0x808_fff6, 8, 0x5_0000n],
  ["the ITS takes the 4 bytes in the middle alone", 0x808_0001, 8, 0x4_3b00_0000n],
  ["the ID registers of the ITS, two bytes too early", 0x808_ffe6, 8, 0x3b_0000n],
  ["the last register of the ITS, then the translation frame", 0x808_fffc, 8, 0xb1n],
  ["the last register of the distributor, then nothing", 0x800_fffc, 8, 0xb1n],
  ["the distributor takes single bytes", 0x800_fff9, 8, 0xb100_0000n],
  ["the distributor's GICD_TYPER from the middle of GICD_CTLR", 0x800_0002, 8, 0x37a_0007_0000n],
];

describe("unaligned accesses, and those over the end of a frame", () => {
  for (const [what, address, bytes, value] of reads) {
    it(`reads each piece by itself: ${what}`, () => {
      assert.equal(qemu().read(address, bytes), value);
    });
  }

  it("answers nothing when every piece is refused", () => {
    assert.equal(qemu().read(at.its + 1, 2), undefined);
  });

  it("writes the pieces that the ITS takes: the high half of GITS_CBASER alone", () => {
    const machine = qemu();
    machine.write(at.its + 0x82, 8, 0x8877_6655_4433_2211n);
    assert.equal(machine.read(at.its + 0x80, 8), 0x6655_4433_0000_0000n);
  });

  it("calls a write refused of which one piece is", () => {
    assert.equal(qemu().write(at.its + 0x82, 8, 0n), false);
  });

  it("writes what is RAM of an access over the end of it", () => {
    const machine = qemu();
    const end = at.ram + RAM_BYTES;
    machine.write(end - 4, 8, 0x1122_3344_5566_7788n);
    assert.equal(machine.read(end - 4, 8), 0x5566_7788n);
  });
});
