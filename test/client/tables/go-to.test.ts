import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseGoTo } from "../../../client/tables/go-to.ts";
import { fittingColumns } from "../../../client/webview/parts/fitting-columns.ts";
import { rulerLines } from "../../../client/webview/parts/ruler-segments.ts";

describe("what is typed to go somewhere", () => {
  for (const [text, target, value] of [
    ["0x9", "id", 9n],
    [" 100 ", "id", 100n],
    ["DeviceID 0x8", "DeviceID", 8n],
    ["device=8", "DeviceID", 8n],
    ["EventID: 3", "EventID", 3n],
    ["lpi 8195", "INTID", 8195n],
    ["pINTID 0x2003", "INTID", 0x2003n],
    ["icid1", "ICID", 1n],
    ["@0x4010_0048", "address", 0x40100048n],
    ["at 0x40100048", "address", 0x40100048n],
  ] as const) {
    it(`is understood: ${text}`, () => assert.deepEqual(parseGoTo(text), { target, value }));
  }

  it("is nothing when it is none of these", () => {
    for (const text of ["", "nine", "DeviceID", "constructor 5", "0x", "-1", "1.5", "0x8 0x9"]) {
      assert.equal(parseGoTo(text), undefined, text);
    }
  });
});

describe("columns in a narrow window", () => {
  const column = { heading: "", align: "right", summary: "", sortable: true, width: 10 } as const;
  const columns = [
    { ...column, heading: "id", rank: 0 },
    { ...column, heading: "field", rank: 0 },
    { ...column, heading: "next", rank: 3 },
    { ...column, heading: "words", rank: 30 },
    { ...column, heading: "notes", rank: 40, fill: true },
  ];

  it("all show where there is room", () => {
    assert.deepEqual(fittingColumns(columns, 100).shown, [0, 1, 2, 3, 4]);
  });

  it("give way from the least important on, those that tell the entry never", () => {
    assert.deepEqual(fittingColumns(columns, 55).hidden, ["notes"]);
    assert.deepEqual(fittingColumns(columns, 45).hidden, ["words", "notes"]);
    assert.deepEqual(fittingColumns(columns, 10).shown, [0, 1]);
  });
});

describe("the bit ruler", () => {
  it("has two lines a 64-bit word, with fields cut where a line ends and gaps named", () => {
    const fields = [
      { name: "V", lsb: 63, msb: 63 },
      { name: "address", lsb: 5, msb: 48 },
    ];
    const lines = rulerLines(fields, [64]);
    assert.deepEqual(
      lines.map(({ msb, lsb, segments }) => [msb, lsb, segments.map((one) => `${one.field}:${one.msb}-${one.lsb}`)]),
      [
        [63, 32, ["0:63-63", "-1:62-49", "1:48-32"]],
        [31, 0, ["1:31-5", "-1:4-0"]],
      ],
    );
  });

  it("has lines of half as many bits where there is little room", () => {
    const lines = rulerLines([{ name: "address", lsb: 5, msb: 40 }], [64], 16);
    assert.deepEqual(
      lines.map(({ msb, lsb }) => [msb, lsb]),
      [
        [63, 48],
        [47, 32],
        [31, 16],
        [15, 0],
      ],
    );
    assert.deepEqual(lines[1].segments, [
      { field: -1, msb: 47, lsb: 41 },
      { field: 0, msb: 40, lsb: 32 },
    ]);
  });

  it("covers each bit of entries of any length once", () => {
    for (const bits of [[8], [16], [64, 32], [64, 64, 64, 64]]) {
      const total = bits.reduce((sum, count) => sum + count, 0);
      const covered = rulerLines([{ name: "x", lsb: 3, msb: 70 }], bits).flatMap(({ segments }) =>
        segments.flatMap(({ msb, lsb }) => Array.from({ length: msb - lsb + 1 }, (_, at) => lsb + at)),
      );
      assert.deepEqual(
        [...covered].sort((a, b) => a - b),
        Array.from({ length: total }, (_, at) => at),
      );
    }
  });
});
