import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { rulerLayout } from "../../client/webview/parts/ruler-room.ts";

const fields = (...given: readonly (readonly [name: string, msb: number, lsb?: number])[]) =>
  given.map(([name, msb, lsb = msb]) => ({ name, msb, lsb }));

const baser = fields(
  ["Valid", 63],
  ["Indirect", 62],
  ["InnerCache", 61, 59],
  ["Type", 58, 56],
  ["OuterCache", 55, 53],
  ["Entry_Size", 52, 48],
  ["Physical_Address", 47, 12],
  ["Shareability", 11, 10],
  ["Page_Size", 9, 8],
  ["Size", 7, 0],
);
const mapc = fields(["V", 191], ["RDbase", 179, 144], ["ICID", 143, 128], ["Command", 7, 0]);

const FONT_SIZE = 14;
/** Pixels of a digit of a usual font for editors, at the size of a bit's number. */
const DIGIT = FONT_SIZE * 0.7 * 0.602;
/** Pixels of a segment's border and its padding. */
const EDGE = 3;

describe("the room of a bit ruler", () => {
  for (const [name, given, words] of [
    ["GITS_BASER<n>", baser, [64]],
    ["MAPC", mapc, [64, 64, 64, 64]],
  ] as const) {
    it(`has the numbers of ${name}'s bits whole and beside each other at any width of a side bar`, () => {
      for (let width = 150; width < 700; width += 10) {
        const { bitWidth, lines } = rulerLayout(given, words, width, FONT_SIZE);
        for (const line of lines) {
          const bit = bitWidth ?? width / (line.msb - line.lsb + 1);
          for (const { msb, lsb } of line.segments) {
            const numbers = msb === lsb ? [msb] : [msb, lsb];
            const needed = numbers.join(" ").length * DIGIT - (numbers.length - 1) * (DIGIT - 2) + EDGE;
            assert.ok(needed <= (msb - lsb + 1) * bit, `${width}: [${msb}:${lsb}] needs ${needed}`);
          }
        }
      }
    });
  }

  it("halves the lines of a narrow side bar whose names have no room in 16 bits, and no others", () => {
    const { lines } = rulerLayout(baser, [64], 260, FONT_SIZE);
    assert.deepEqual(
      lines.map(({ msb, lsb }) => [msb, lsb]),
      [
        [63, 56],
        [55, 48],
        [47, 32],
        [31, 16],
        [15, 8],
        [7, 0],
      ],
    );
  });

  it("is 32 bits a line where there is room, and before the width is known", () => {
    for (const width of [0, 900]) assert.equal(rulerLayout(baser, [64], width, FONT_SIZE).lines.length, 2);
  });

  it("is counted with the sizes of the style sheet, which cuts names with an ellipsis", () => {
    const css = readFileSync(new URL("../../client/webview/bit-ruler.css", import.meta.url), "utf8");
    const rule = (selector: string) => css.split(`\n\n${selector} {\n`)[1]?.split("}")[0] ?? "";
    assert.match(rule(".segment .name"), /font-size: 0\.8em;\n {2}text-overflow: ellipsis;/);
    assert.match(rule(".segment .range"), /font-size: 0\.7em;/);
    assert.match(rule(".segment .range,\n.segment .name"), /overflow: hidden;/);
  });
});
