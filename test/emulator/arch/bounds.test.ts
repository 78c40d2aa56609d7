import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CommandLine, mapc, mapd, mapti, outcomeText, packet, StrictMachine, vmapp, vmapti } from "./machine.ts";

// test/emulator/arch/errors.test.ts has the first id that is refused; these are the last ones that are not, and the first of a range.
const LAST = 8191;
const mapped = [mapc(0, 0), mapd(1)] as const;
const within: readonly (readonly [string, ...CommandLine[]])[] = [
  ["the last device of the table", mapd(LAST)],
  ["the largest ITT", mapd(1, 15)],
  ["the last collection of the table", mapc(LAST, 0)],
  ["the last PE", mapc(0, 2)],
  ["the last event of an ITT", ...mapped, mapti(1, 31, 8200, 0)],
  ["the first LPI", ...mapped, mapti(1, 2, 8192, 0)],
  ["the last LPI of 16 bits", ...mapped, mapti(1, 2, 65535, 0)],
  ["MAPI's first LPI", mapc(0, 0), mapd(1, 13), ["MAPI", { DeviceID: 1, EventID: 8192, ICID: 0 }]],
  ["the last vPE of the table", vmapp(2, 2)],
  ["the first vLPI, and the first doorbell", ...mapped, vmapp(0, 0), vmapti(1, 2, 0, 8192, 8192)],
  ["the last vLPI, and the last doorbell", ...mapped, vmapp(0, 0), vmapti(1, 2, 0, 65535, 65535)],
];

describe("the strict reading takes", () => {
  for (const [what, ...lines] of within) {
    it(what, () => new StrictMachine({ gicVersion: 4 }).done(...lines));
  }

  const refused: readonly (readonly [string, ...CommandLine[]])[] = [
    ["MAPTI_PHYSICALID_OOR", ...mapped, mapti(1, 2, 8191, 0)],
    ["MAPTI_PHYSICALID_OOR", ...mapped, mapti(1, 2, 65536, 0)],
    ["MAPC_PROCNUM_OOR", mapc(0, 3)],
  ];
  for (const [error, ...lines] of refused) {
    it(`but nothing beyond: ${error} of ${JSON.stringify(lines.at(-1))}`, () => {
      const strict = new StrictMachine({ gicVersion: 4 });
      strict.done(...lines.slice(0, -1));
      const [outcome] = strict.run(0, [packet(lines.at(-1) ?? assert.fail("there is a command"))]);
      assert.match(outcomeText(outcome), /^stalled 0x10[9a]0[26]$/);
    });
  }

  it("as many LPIs as GICD_TYPER.IDbits says, and no more", () => {
    const strict = new StrictMachine({ intidBits: 14 });
    strict.done(...mapped, mapti(1, 2, 0x3fff, 0));
    const [outcome] = strict.run(0, [packet(mapti(1, 3, 0x4000, 0))]);
    assert.equal(outcomeText(outcome), "stalled 0x10a06");
  });
});
