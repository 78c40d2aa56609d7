import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { namePlace, rangeLabel } from "../../client/webview/parts/ruler-segments.ts";

describe("the labels of bits", () => {
  it("have whole numbers above them, or the first alone", () => {
    for (const [msb, lsb, text] of [
      [63, 63, "63"],
      [33, 32, "33"],
      [9, 8, "9:8"],
      [12, 10, "12:10"],
      [63, 0, "63:0"],
    ] as const)
      assert.equal(rangeLabel(msb, lsb), text);
  });
  it("have a name whole, cut where enough of it is left, or none", () => {
    for (const [name, bits, place] of [
      ["V", 1, "whole"],
      ["Valid", 1, "none"],
      ["Type", 3, "whole"],
      ["Shareability", 2, "none"],
      ["OuterCache", 3, "cut"],
      ["Physical_Address", 36, "whole"],
    ] as const)
      assert.equal(namePlace(name, bits), place, name);
  });
});
