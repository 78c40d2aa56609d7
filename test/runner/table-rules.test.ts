import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingSentence, type RuleId, ruleIds } from "../../dumps/checks/index.ts";
import { judgeTables, toldRules } from "../../runner/verdict/index.ts";
import { at, cte, dte, GuestCapture, ite, level1, tablesOfGuest } from "../dumps/guest-capture.ts";

/** A table that breaks a rule: what it is broken with, and what is said of it. */
interface Break {
  readonly rule: RuleId;
  readonly what: string;
  readonly damage: (guest: GuestCapture) => void;
  readonly says: string;
  /** Rules that the same damage breaks, too. */
  readonly also?: readonly RuleId[];
}

const PROPBASER1 = 0x80c_0070;
const PENDBASER1 = 0x80c_0078;

const breaks: readonly Break[] = [
  {
    rule: "L-05-overlap",
    what: "an ITT of two devices",
    damage: (guest) => guest.device(12, 8, 4, at.itt(8)),
    says: "ITT of DeviceID 0xc at 0x40180800: it overlaps the ITT of DeviceID 0x8 at 0x40180800",
    also: ["L-29-lpi-twice", "L-29-enabled-unmapped"],
  },
  {
    rule: "L-05-overlap",
    what: "an ITT in the collection table",
    damage: (guest) => guest.device(12, 8, 4, at.collections + 0x8000),
    says: "ITT of DeviceID 0xc at 0x40018000: it overlaps the collection table at 0x40010000",
    also: ["L-29-enabled-unmapped"],
  },
  {
    rule: "L-05-overlap",
    what: "an ITT of more bits than there is memory before the next",
    damage: (guest) => guest.device(8, 4, 8),
    says: "ITT of DeviceID 0xc at 0x40180c00: it overlaps the ITT of DeviceID 0x8 at 0x40180800",
    also: ["L-23-last", "L-29-lpi-twice"],
  },
  {
    rule: "L-17-intid-range",
    what: "an LPI beyond GICR_PROPBASER.IDbits",
    damage: (guest) => {
      for (const address of [0x80a_0070, PROPBASER1]) guest.registers.set(address, BigInt(at.properties) | 0xdn);
      guest.event(12, 3, ite(16384, 1, 0)).byte(at.properties + 3, 0);
    },
    says: "ITT's entry of DeviceID 0xc, EventID 0x3 at 0x40180c18 = 0x0000000040000001: LPI 16384 is beyond the 16384 INTIDs of GICR_PROPBASER",
  },
  {
    rule: "L-22-passed-over",
    what: "a DTE between two of the chain",
    damage: (guest) => guest.device(8, 12),
    says: "device table's entry of DeviceID 0x8 at 0x40100040 = 0x8018000008030103: next leads past 1 valid entry; the first is the device table's entry of DeviceID 0xc at 0x40100060 = 0x8010000008030183",
    also: ["L-29-enabled-unmapped"],
  },
  {
    rule: "L-22-passed-over",
    what: "an ITE between two of the chain",
    damage: (guest) => guest.event(8, 0, ite(8192, 0, 15)),
    says: "ITT's entry of DeviceID 0x8, EventID 0x0 at 0x40180800 = 0x000f000020000000: next leads past 1 valid entry; the first is the ITT's entry of DeviceID 0x8, EventID 0x5 at 0x40180828 = 0x000a000020010001",
    also: ["L-29-enabled-unmapped"],
  },
  {
    rule: "L-22-found-on-the-way",
    what: "a page whose first device no next leads to",
    damage: (guest) => guest.twoLevels().word(at.page(1) + 8 * 8, dte(at.itt(30), 4, 12)),
    says: "device table's entry of DeviceID 0x2008 at 0x40120040 = 0x80180000080303c3: a restore finds it on the way from the device table's entry of DeviceID 0xc at 0x40110060 = 0xc010000008030183, whose next leads to DeviceID 0x2014",
  },
  {
    rule: "L-23-last",
    what: "next of 0 before the last device",
    damage: (guest) => guest.device(8, 0),
    says: "device table's entry of DeviceID 0x8 at 0x40100040 = 0x8000000008030103: next is 0; 2 valid entries follow, the first is the device table's entry of DeviceID 0xc at 0x40100060 = 0x8010000008030183",
    also: ["L-29-enabled-unmapped"],
  },
  {
    rule: "L-23-next",
    what: "next to an entry that is not valid",
    damage: (guest) => guest.device(8, 3),
    says: "device table's entry of DeviceID 0x8 at 0x40100040 = 0x8006000008030103: next leads to DeviceID 0xb, which is not valid; a restore goes on to the device table's entry of DeviceID 0xc at 0x40100060 = 0x8010000008030183",
  },
  {
    rule: "L-23-next",
    what: "next of the last event, within the ITT",
    damage: (guest) => guest.event(12, 3, ite(8195, 1, 2)),
    says: "ITT's entry of DeviceID 0xc, EventID 0x3 at 0x40180c18 = 0x0002000020030001: next leads to EventID 0x5, and neither it nor anything behind it is valid",
  },
  {
    rule: "L-24-next-range",
    what: "next of an event beyond the ITT",
    damage: (guest) => guest.event(12, 3, ite(8195, 1, 13)),
    says: "ITT's entry of DeviceID 0xc, EventID 0x3 at 0x40180c18 = 0x000d000020030001: next leads to EventID 0x10; the ITT has 16 events",
  },
  {
    rule: "L-24-no-lpi",
    what: "an SPI as an event's INTID",
    damage: (guest) => guest.event(12, 3, ite(40, 1, 0)).byte(at.properties + 3, 0),
    says: "ITT's entry of DeviceID 0xc, EventID 0x3 at 0x40180c18 = 0x0000000000280001: INTID 40 is no LPI; LPIs begin at 8192",
  },
  {
    rule: "L-25-duplicate-icid",
    what: "two CTEs of ICID 0",
    damage: (guest) => guest.word(at.collections + 16, cte(0, 1)),
    says: "collection table's entry of ICID 0x0 at 0x40010010 = 0x8000000000010000: the ICID has a CTE already, the collection table's entry of ICID 0x0 at 0x40010000 = 0x8000000000000000",
  },
  {
    rule: "L-25-no-pe",
    what: "a collection on PE 2 of two",
    damage: (guest) => guest.word(at.collections + 16, cte(2, 2)),
    says: "collection table's entry of ICID 0x2 at 0x40010010 = 0x8000000000020002: RDbase is PE 2; PEs 0 to 1 are known",
  },
  {
    rule: "L-25-icid-range",
    what: "ICID 8192 in a table of 8192 entries",
    damage: (guest) => guest.word(at.collections + 16, cte(8192, 1)),
    says: "collection table's entry of ICID 0x2000 at 0x40010010 = 0x8000000000012000: the table has room for ICIDs below 0x2000",
  },
  {
    rule: "L-25-behind-the-end",
    what: "a CTE behind one that is not valid",
    damage: (guest) => guest.word(at.collections + 24, cte(3, 1)),
    says: "collection table's entry of ICID 0x3 at 0x40010018 = 0x8000000000010003: 1 valid entry is behind the end of the list, this is the first",
  },
  {
    rule: "L-26-no-cte",
    what: "an event of an ICID that no CTE has",
    damage: (guest) => guest.event(12, 3, ite(8195, 7, 0)),
    says: "ITT's entry of DeviceID 0xc, EventID 0x3 at 0x40180c18 = 0x0000000020030007: the collection table has no ICID 0x7",
  },
  {
    rule: "L-27-outside-ram",
    what: "a level-1 entry of a page that is no RAM",
    damage: (guest) => guest.twoLevels().word(at.devices + 16, level1(0x1000_0000)),
    says: "level-2 page 2 at 0x10000000: it is not RAM as a whole",
    also: ["L-31-outside-ram"],
  },
  {
    rule: "L-27-shared-page",
    what: "two level-1 entries of one page",
    damage: (guest) => guest.twoLevels().word(at.devices + 16, level1(at.page(1))),
    says: "level-1 device table's entry of level-2 page 2 at 0x40100010 = 0x8000000040120000: its page is that of the level-1 device table's entry of level-2 page 1 at 0x40100008 = 0x8000000040120000",
    also: ["L-05-overlap", "L-23-last", "L-29-lpi-twice"],
  },
  {
    rule: "L-27-page-bits",
    what: "a level-1 entry that is not aligned",
    damage: (guest) => guest.twoLevels().word(at.devices, level1(at.page(0)) | 0x100n),
    says: "level-1 device table's entry of level-2 page 0 at 0x40100000 = 0x8000000040110100: bits that are RES0 are set",
  },
  {
    rule: "L-28-no-target",
    what: "a collection without a PE",
    damage: (guest) => guest.word(at.collections + 8, cte(1, 0xffff_ffffn)),
    says: "collection table's entry of ICID 0x1 at 0x40010008 = 0x8000ffffffff0001: the collection has no PE and 2 events, the first is the ITT's entry of DeviceID 0x8, EventID 0x5 at 0x40180828 = 0x000a000020010001",
  },
  {
    rule: "L-29-lpi-twice",
    what: "an LPI of two events",
    damage: (guest) => guest.event(12, 3, ite(8193, 1, 0)).byte(at.properties + 3, 0),
    says: "ITT's entry of DeviceID 0xc, EventID 0x3 at 0x40180c18 = 0x0000000020010001: LPI 8193 is that of the ITT's entry of DeviceID 0x8, EventID 0x5 at 0x40180828 = 0x000a000020010001, too",
  },
  {
    rule: "L-29-enabled-unmapped",
    what: "enabled LPIs without events",
    damage: (guest) => guest.byte(at.properties + 100, 0xa1).byte(at.properties + 101, 0xa1),
    says: "LPI configuration table of LPI 8292 at 0x40020064: LPIs 8292 to 8293 are enabled and are no event's",
  },
  {
    rule: "L-30-pending-unmapped",
    what: "a pending bit without an event",
    damage: (guest) => guest.byte(at.pending(1) + 8292 / 8, 1 << (8292 % 8)),
    says: "LPI pending table of LPI 8292, PE 1 at 0x4004040c: LPI 8292 is pending and is no event's",
  },
  {
    rule: "L-30-first-kib",
    what: "a bit in the first KiB of a pending table",
    damage: (guest) => guest.byte(at.pending(1) + 5, 1),
    says: "LPI pending table of PE 1 at 0x40040005: 1 byte of the first 1024 is not zero, this is the first",
  },
  {
    rule: "L-31-outside-ram",
    what: "an ITT that is no RAM",
    damage: (guest) => guest.device(12, 8, 4, 0x1000_0000),
    says: "ITT of DeviceID 0xc at 0x10000000: it is not RAM as a whole",
  },
  {
    rule: "L-32-shared-pending",
    what: "a pending table of two PEs",
    damage: (guest) => guest.registers.set(PENDBASER1, BigInt(at.pending(0))),
    says: "LPI pending table of PE 1 at 0x40030000: it is the LPI pending table of PE 0 at 0x40030000, too",
  },
  {
    rule: "F-08-property-tables",
    what: "two configuration tables",
    damage: (guest) => guest.registers.set(PROPBASER1, BigInt(at.pending(5)) | 0xfn),
    says: "LPI configuration table of PE 1 at 0x40080000: the LPI configuration table of PE 0 at 0x40020000 is another one",
    also: ["L-29-enabled-unmapped"],
  },
  {
    rule: "dte-size",
    what: "a device of 17 EventID bits",
    damage: (guest) => guest.device(20, 0, 17, 0x4018_0000 + 20 * 0x100),
    says: "device table's entry of DeviceID 0x14 at 0x401000a0 = 0x8000000008030290: 17 EventID bits; the ITS has 16",
    also: ["L-31-outside-ram"],
  },
];

/** What is told of a guest, by rule. */
function told(damage: (guest: GuestCapture) => void): ReadonlyMap<RuleId, readonly string[]> {
  const guest = new GuestCapture();
  damage(guest);
  const verdict = judgeTables([tablesOfGuest(guest)], ["kvm-7.2"]);
  return new Map(
    toldRules(verdict).map(({ rule, findings }) => [rule, findings.map(({ finding }) => findingSentence(finding))]),
  );
}

describe("tables that break no rule", () => {
  it("have no finding, flat or in two levels", () => {
    assert.deepEqual(
      told(() => undefined),
      new Map(),
    );
    assert.deepEqual(
      told((guest) => guest.twoLevels()),
      new Map(),
    );
  });
});

describe("an entry that a restore does not read", () => {
  it("is told as such, and what it says is held against no other rule", () => {
    const found = told((guest) => {
      guest.device(9, 3, 8, at.itt(8)).word(at.devices + 10 * 8, dte(at.collections, 16, 1));
      guest.event(8, 20, ite(40, 77, 3)).event(8, 21, ite(8195, 1, 0));
    });
    assert.deepEqual([...found.keys()], ["L-22-passed-over"]);
    assert.equal(found.get("L-22-passed-over")?.length, 1);
  });
});

describe("the rule", () => {
  for (const { rule, what, damage, says, also = [] } of breaks) {
    it(`${rule}: ${what}`, () => {
      const found = told(damage);
      assert.ok(found.get(rule)?.includes(says), `${says}\nbut: ${JSON.stringify(Object.fromEntries(found), null, 1)}`);
      assert.deepEqual(
        [...found.keys()].filter((other) => other !== rule && !also.includes(other)),
        [],
      );
    });
  }

  it("is broken in a test, each of them", () => {
    assert.deepEqual(new Set(breaks.map(({ rule }) => rule)), new Set(ruleIds));
  });
});
