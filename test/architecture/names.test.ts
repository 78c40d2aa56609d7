import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorCodeOf, hex, offsetOf, opcodeOf } from "../../architecture/index.ts";

describe("what the emulator asks by name", () => {
  it("offsets of registers and of members of arrays, the first of which may have a number above 0", () => {
    assert.equal(offsetOf("GITS_CBASER"), 0x80);
    assert.equal(offsetOf("GITS_BASER1"), 0x108);
    assert.equal(offsetOf("GICD_IROUTER32"), 0x6100);
    assert.equal(offsetOf("GICR_PROPBASER"), 0x70);
  });

  it("opcodes and codes of command errors", () => {
    assert.equal(opcodeOf("MAPD"), 8);
    assert.equal(errorCodeOf("MAPD_ITTSIZE_OOR"), 0x01_0802);
  });

  const unknown: readonly (readonly [string, () => number])[] = [
    ["GITS_BASER8", () => offsetOf("GITS_BASER8")],
    ["ICC_PMR_EL1", () => offsetOf("ICC_PMR_EL1")],
    ["MAPX", () => opcodeOf("MAPX")],
    ["MAPX_DEVICE_OOR", () => errorCodeOf("MAPX_DEVICE_OOR")],
  ];
  for (const [name, ask] of unknown) {
    it(`${name} throws: a number that stands for nothing would match something`, () => {
      assert.throws(ask, new Error(`${name} is not declared`));
    });
  }
});

describe("numbers in hexadecimal", () => {
  const texts: readonly (readonly [bigint | number, number | undefined, string])[] = [
    [0, undefined, "0x0"],
    [0xab, undefined, "0xab"],
    [0xffff_ffff_ffff_ffffn, undefined, "0xffffffffffffffff"],
    [0x1f, 8, "0x0000001f"],
    [0x1_2345, 4, "0x12345"],
    [-1n, undefined, "-0x1"],
  ];
  for (const [value, digits, text] of texts) it(text, () => assert.equal(hex(value, digits), text));
});
