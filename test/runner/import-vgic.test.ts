import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { importVgic, parseVgicItsState, parseVgicState, type VgicImport } from "../../runner/saved-machines/index.ts";

const head = `Distributor
===========
vgic_model:\tGICv3
nr_spis:\t64
nr_lpis:\t3
enabled:\t1

P=pending_latch, L=line_level, A=active
E=enabled, H=hw, C=config (level=1, edge=0)
G=group
`;
const table = (name: string): string => `
${name} TYP   ID TGT_ID PLAEHCG     HWID   TARGET SRC PRI VCPU_ID
----------------------------------------------------------------
`;
const row = (type: string, intid: number, target: number, flags: string, mpidr = 0, priority = 160): string =>
  `       ${type} ${String(intid).padStart(4)}     ${String(target).padStart(2)} ${flags} ${"0".padStart(8)} ${mpidr.toString(16).padStart(8)}   0 ${String(priority).padStart(3)}      -1 \n`;

const state = [
  head,
  table("VCPU  0"),
  row("SGI", 3, 0, "1001001"),
  row("PPI", 27, 0, "0101011", 0, 0xa0),
  table("VCPU  1"),
  row("SGI", 3, 1, "0001001", 0, 0x20),
  table("SPI  0"),
  row("SPI", 33, 1, "0001011", 1, 0x40),
  row("SPI", 34, 0, "1011001", 0, 0x80),
  row("LPI", 8195, 1, "1001001", 0, 0xa0),
  row("LPI", 8196, 0, "0000001", 0, 0x60),
  row("LPI", 8200, 0, "1001001", 0, 0x60),
].join("");

const itsHead = "EVENT_ID    INTID  HWINTID   TARGET   COL_ID HW\n-----------------------------------------------\n";
const its = `
Device ID: 0x10, Event ID Range: [0 - 255]
${itsHead}      20     8195        0        1        3  0
      21     8196        0        0        0  0

Device ID: 17, Event ID Range: [0 - 31]
${itsHead}       0     8197        0        0        0  0
`;

function imported(stateText: string, itsText?: string): VgicImport {
  const result = importVgic(parseVgicState(stateText), itsText === undefined ? undefined : parseVgicItsState(itsText));
  if ("failure" in result) assert.fail(result.failure);
  return result;
}

describe("parseVgicState", () => {
  it("reads distributor, vCPUs and every kind of interrupt", () => {
    const parsed = parseVgicState(state);
    assert.deepEqual(parsed.problems, []);
    const { model, spis, lpis, enabled, vcpus, interrupts } = parsed;
    assert.deepEqual(
      { model, spis, lpis, enabled, vcpus },
      { model: "GICv3", spis: 64, lpis: 3, enabled: true, vcpus: 2 },
    );
    assert.equal(interrupts.length, 8);
    assert.deepEqual(interrupts[1], {
      textLine: 15,
      kind: "PPI",
      intid: 27,
      owner: 0,
      target: 0,
      pending: false,
      line: true,
      active: false,
      enabled: true,
      hardware: false,
      levelTriggered: true,
      group1: true,
      mpidr: 0,
      priority: 0xa0,
      queuedOn: undefined,
    });
    assert.equal(interrupts[5].owner, undefined);
  });

  it("reads it quoted in a mail, with blanks for tabs", () => {
    const mail = state.replaceAll("\t", "   ").replaceAll(/^/gm, "> > ");
    assert.deepEqual(parseVgicState(mail), parseVgicState(state));
  });

  const bad: readonly (readonly [string, string, RegExp])[] = [
    ["a strange line", "nonsense\n", /^"nonsense" is no line of vgic-state$/],
    ["an INTID of another type", row("SPI", 8195, 0, "0000001"), /^INTID 8195 is no SPI$/],
    ["a priority of more than 8 bits", row("SPI", 40, 0, "0000001", 0, 300), /^priority 300 has more than 8 bits$/],
    ["an interrupt twice", row("LPI", 8195, 0, "0000001"), /^INTID 8195 is there twice$/],
    ["an SGI among the SPIs", row("SGI", 1, 0, "0000001"), /^a SGI stands outside the table of a vCPU$/],
    ["a vCPU beyond 512", table("VCPU 999"), /^a VM has 512 vCPUs at most$/],
  ];
  for (const [name, text, message] of bad) {
    it(`tells the line of ${name}`, () => {
      const { problems } = parseVgicState(`${state}${text}`);
      assert.match(problems[0].message, message);
      assert.ok(problems[0].line >= state.split("\n").length);
    });
  }

  it("notices a text that is not whole", () => {
    const cut = state.slice(0, state.indexOf("       LPI 8196"));
    assert.deepEqual(parseVgicState(cut).problems, [{ line: 1, message: "nr_lpis says 3, but the text has 1 LPIs" }]);
  });
});

describe("parseVgicItsState", () => {
  it("reads devices and events, DeviceIDs in hexadecimal and in decimal", () => {
    const parsed = parseVgicItsState(its);
    assert.deepEqual(parsed.problems, []);
    assert.deepEqual(
      parsed.devices.map(({ deviceId, eventBits, events }) => [deviceId, eventBits, events.length]),
      [
        [16, 8, 2],
        [17, 5, 1],
      ],
    );
    assert.deepEqual(parsed.devices[0].events[0], {
      textLine: 5,
      eventId: 20,
      intid: 8195,
      target: 1,
      icid: 3,
      hardware: false,
    });
  });

  it("tells the lines that it cannot read", () => {
    const text = `       1     8195        0        0        0  0
Device ID: 0x1, Event ID Range: [0 - 6]
Device ID: 0x12345, Event ID Range: [0 - 7]
Device ID: 0x1, Event ID Range: [0 - 7]
       9     8195        0        0        0  0
       1      100        0        0        0  0
       1     8195        0        0        0  0
       1     8196        0        0        0  0
what`;
    assert.deepEqual(
      parseVgicItsState(text).problems.map(({ line, message }) => `${line}: ${message}`),
      [
        "1: an event stands outside a device",
        "2: the event range to 6 is no 2^n - 1 of 1 to 16 bits",
        "3: DeviceID 0x12345 has more than 16 bits",
        "5: EventID 9 is beyond the 3 EventID bits of the device",
        "6: INTID 100 is no LPI",
        "8: EventID 1 is there twice",
        '9: "what" is no line of vgic-its-state',
      ],
    );
  });
});

describe("importVgic", () => {
  it("makes a machine with the devices, events, collections and LPIs", () => {
    const { machine } = imported(state, its);
    const tables = machine.tables(0);
    assert.equal(machine.cpus, 2);
    assert.deepEqual(
      [...tables.devices()].map(({ deviceId, eventBits }) => [deviceId, eventBits]),
      [
        [16, 8],
        [17, 5],
      ],
    );
    assert.deepEqual(tables.event(16, 20), { eventId: 20, intid: 8195, icid: 3 });
    assert.deepEqual([tables.collection(3)?.target, tables.collection(0)?.target], [1, 0]);
    const lpi = { intid: 8195, target: 1, enabled: true, pending: true, active: false, priority: 0xa0 };
    assert.deepEqual(machine.lpi(8195), lpi);
    assert.deepEqual(machine.lpi(8196), {
      ...lpi,
      intid: 8196,
      target: 0,
      enabled: false,
      pending: false,
      priority: 0x60,
    });
  });

  it("gives SGIs, PPIs and SPIs the state that they had", () => {
    const { machine } = imported(state, its);
    const { gicd, gicr, gicrStride } = machine.map;
    const sgi = gicr + 0x1_0000;
    const at = (address: number): number => Number(machine.read(address, 4));
    assert.equal(at(sgi + 0x200) & 0xffff, 1 << 3, "SGI 3 of PE 0 is pending");
    assert.equal(at(sgi + 0x200) & (1 << 27), 1 << 27, "PPI 27's line is high");
    assert.equal(at(sgi + gicrStride + 0x400) >>> 24, 0x20, "priority of SGI 3 of PE 1");
    assert.equal(at(gicd + 0x104), (1 << 1) | (1 << 2));
    assert.equal(at(gicd + 0x204), 1 << 2);
    assert.equal(at(gicd + 0x304), 1 << 2);
    assert.equal(at(gicd + 0x420), 0x0080_4000);
    assert.equal(at(gicd + 0xc08) & 0x3c, 0x20, "SPI 33 is level-triggered, SPI 34 edge-triggered");
    assert.equal(at(gicd + 0x6000 + 33 * 8), 1);
    assert.equal(at(gicd), 0x52);
  });

  it("lists what the text says and the machine has not", () => {
    assert.deepEqual(imported(state, its).left, [
      "LPI 8200, which is pending, is named by no event.",
      "LPI 8197 is in vgic-its-state alone: it is enabled, with priority 0xa0.",
    ]);
    const strange = `${its}\nDevice ID: 0x20, Event ID Range: [0 - 31]\n${itsHead}       0     8198        0        1        0  0\n       1     8199        0        7        5  0\n       2     70000        0        0        0  0\n`;
    const { left } = imported(state.replace("SPI   34      0 1011001", "SPI   34      0 1011101"), strange);
    for (const sentence of [
      "SPI 34 is backed by the host's hardware (H); here it is not.",
      "EventID 0x0 of DeviceID 0x20 has another TARGET than the events before it in ICID 0.",
      "ICID 5 is on PE 7; the machine has 2.",
      "EventID 0x2 of DeviceID 0x20 (LPI 70000, ICID 0) needs larger tables than the machine has.",
    ]) {
      assert.ok(left.includes(sentence), `${sentence}\n${left.join("\n")}`);
    }
  });

  it("says what cannot be known", () => {
    const { unknown } = imported(state);
    assert.ok(unknown.some((sentence) => sentence.startsWith("ICC_* registers")));
    assert.ok(
      unknown.some((sentence) => sentence.startsWith("Devices, events and collections: without vgic-its-state")),
    );
  });

  it("refuses what is no GICv3 with vCPUs", () => {
    assert.deepEqual(importVgic(parseVgicState(state.replace("GICv3", "GICv2")), undefined), {
      failure: "a GICv2 has no ITS; a GICv3 is wanted",
    });
    assert.deepEqual(importVgic(parseVgicState(head), undefined), { failure: "the text has no table of a vCPU" });
    const huge = Array.from({ length: 2000 }, (_, id) => `Device ID: ${id}, Event ID Range: [0 - 65535]`).join("\n");
    assert.deepEqual(importVgic(parseVgicState(state), parseVgicItsState(huge)), {
      failure: "the ITTs of 2000 devices need more than 512 MiB",
    });
  });

  it("never throws, whatever the texts", () => {
    const lines = [...state.split("\n"), ...its.split("\n")];
    const line = fc.oneof(
      fc.constantFrom(...lines),
      fc.string(),
      fc
        .tuple(fc.constantFrom(...lines), fc.nat(60), fc.nat(9999))
        .map(([text, at, number]) => text.slice(0, at) + number + text.slice(at)),
    );
    const text = fc.array(line, { maxLength: 40 }).map((list) => list.join("\n"));
    fc.assert(
      fc.property(text, text, (first, second) => {
        const parsed = parseVgicState(first);
        importVgic({ ...parsed, vcpus: Math.min(parsed.vcpus, 4) }, parseVgicItsState(second));
      }),
      { numRuns: 100 },
    );
  });
});
