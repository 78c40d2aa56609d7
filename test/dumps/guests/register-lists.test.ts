import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { activeWords, listedRegisters } from "../../../dumps/guests/kvm/register-lists.ts";

describe("active priorities of a CPU interface", () => {
  // Linux arch/arm64/kvm/vgic-sys-reg-v3.c set_apr_reg: index up to 3 with 7 priority bits and more, up to 1 with 6, else 0 alone.
  for (const [bits, words] of [
    [4, 1],
    [5, 1],
    [6, 2],
    [7, 4],
    [8, 4],
  ]) {
    it(`with ${bits} priority bits are in ${words} registers each`, () => {
      assert.equal(activeWords(BigInt(bits - 1) << 8n), words);
      // Of ICC_CTLR_EL1 nothing else counts: IDbits, SEIS, A3V, EOImode, CBPR.
      assert.equal(activeWords((BigInt(bits - 1) << 8n) | 0xf803n), words);
    });
  }
});

describe("registers of lists of words", () => {
  const words = (count: number): bigint[] => Array.from({ length: count }, (_, at) => BigInt(at + 1));

  it("are numbered by the first INTID of the list", () => {
    const { registers, writes } = listedRegisters("GICD", "GICD", 32, [
      { kind: "ISENABLER", words: words(2) },
      { kind: "ICFGR", words: words(2) },
      { kind: "IPRIORITYR", words: words(2) },
      { kind: "IROUTER", words: [1n, 2n, 3n, 4n] },
      { kind: "STATUSR", words: [9n] },
      { kind: "ICENABLER", words: words(1) },
    ]);
    assert.deepEqual(
      [...registers],
      [
        ["GICD_ISENABLER1", 1n],
        ["GICD_ISENABLER2", 2n],
        ["GICD_ICFGR2", 1n],
        ["GICD_ICFGR3", 2n],
        ["GICD_IPRIORITYR8", 1n],
        ["GICD_IPRIORITYR9", 2n],
        ["GICD_IROUTER32", (2n << 32n) | 1n],
        ["GICD_IROUTER33", (4n << 32n) | 3n],
      ],
    );
    // Those that show what another one has are written as well.
    assert.deepEqual(
      writes.slice(-2).map(({ unit, name, value }) => `${unit}: ${name} ${value}`),
      ["GICD: GICD_STATUSR 9", "GICD: GICD_ICENABLER1 1"],
    );
  });

  it("half a wide register is none", () => {
    const { registers } = listedRegisters("GICR", "PE 0", 0, [{ kind: "PROPBASER", words: [1n, 2n, 3n] }]);
    assert.deepEqual([...registers], [["GICR_PROPBASER", (2n << 32n) | 1n]]);
  });
});
