import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { offsetOf } from "../../../architecture/index.ts";
import { layouts } from "../../../architecture/layouts/index.ts";
import { memoryOf, openCapture, traceMsi, walkCapture } from "../../../dumps/captures/index.ts";
import { remarkText, type SavedGuest } from "../../../dumps/guests/index.ts";
import { finish } from "../../../dumps/work.ts";
import { fixture, guestOf } from "./fixtures.ts";
import { devices } from "./guest-programs.ts";

const capture = (guest: SavedGuest) => openCapture([{ name: "guest", content: { guest } }]);
const messages = (guest: SavedGuest): string[] => guest.problems.map(remarkText);

/** GICD_ICFGR<n> of the two words of edge_trigger bits that it is made of. */
function configuration(registers: ReadonlyMap<string, bigint>, index: number): bigint {
  const edges = (registers.get(`edge_trigger${Math.floor(index / 2)}`) ?? 0n) >> BigInt((index % 2) * 16);
  let value = 0n;
  for (let at = 0n; at < 16n; at++) value |= ((edges >> at) & 1n) << (2n * at + 1n);
  return value;
}

describe("the stream of a real QEMU with a GICv3", () => {
  const { bytes, observed } = fixture("qemu-gicv3");
  const guest = guestOf(bytes);

  test("has the registers that QEMU answered with to the bus", () => {
    const wrong: string[] = [];
    let compared = 0;
    const compare = (label: string, value: bigint): void => {
      compared++;
      if (value !== BigInt(observed[label] ?? 0))
        wrong.push(`${label}: ${value.toString(16)}, QEMU ${observed[label]}`);
    };
    for (const [name, value] of guest.distributor) {
      if (/^GICD_(?:CTLR|I[GSPR][A-Z]*\d+)$/.test(name) && !name.startsWith("GICD_IGRPMODR")) compare(name, value);
    }
    for (let index = 2; index < 18; index++) compare(`GICD_ICFGR${index}`, configuration(guest.distributor, index));
    for (const [pe, registers] of guest.redistributors.entries()) {
      for (const name of [
        "CTLR",
        "WAKER",
        "IGROUPR0",
        "ISENABLER0",
        "ISACTIVER0",
        "PROPBASER",
        "PENDBASER",
        "IPRIORITYR0",
      ])
        compare(`GICR_${name}[${pe}]`, registers.get(`GICR_${name}`) ?? -1n);
    }
    const [its] = guest.itss;
    for (const [name, value] of its.registers) if (name !== "GITS_IIDR") compare(name, value);
    assert.deepEqual(wrong, []);
    assert.ok(compared > 1400, `${compared} values`);
    assert.equal(Object.keys(observed).filter((name) => name.startsWith("GITS_")).length, 6);
  });

  test("has the interrupt that the PE acknowledged, and what its program wrote to the CPU interface", () => {
    assert.equal(BigInt(observed.acknowledged), 36n);
    const [pe0, pe1] = guest.cpuInterfaces;
    assert.equal(pe0.get("ICC_PMR_EL1"), 0xf0n);
    assert.equal(pe0.get("ICC_BPR[G1NS]"), 3n);
    assert.equal(pe0.get("ICC_IGRPEN[G1NS]"), 1n);
    assert.equal(pe0.get("ICC_APR0[G1NS]"), 1n);
    assert.equal(pe1.get("ICC_IGRPEN[G1NS]"), 0n);
    assert.deepEqual(guest.contexts[0], {
      exceptionLevel: 1,
      nonSecure: true,
      fiqToEl3: false,
      irqToEl3: false,
      sctlrNmi: 0,
    });
    assert.equal(guest.secure, false);
  });

  test("has the memory that QEMU answered with", () => {
    for (const text of Object.values(observed)) {
      const [, address, content] = /^(0x[0-9a-f]+): ([0-9a-f]+)$/.exec(text) ?? [];
      if (address === undefined) continue;
      const found = guest.memory.read(Number(address), content.length / 2);
      assert.equal(Buffer.from(found ?? []).toString("hex"), content);
    }
    assert.equal(guest.memory.read(0x4100_0000 - 8, 16), undefined, "beyond RAM nothing is known");
    assert.deepEqual(
      [...guest.memory.spans()],
      [
        { address: 0, length: 0x800_0000 },
        { address: 0x4000_0000, length: 0x100_0000 },
      ],
    );
  });

  test("is walked as a capture: devices, events, LPIs, PEs, pending", () => {
    const report = finish(walkCapture(capture(guest)));
    assert.equal(report.layout.name, "qemu");
    assert.deepEqual(
      report.devices.map(({ deviceId, eventBits, events }) => ({
        id: deviceId,
        size: eventBits,
        events: events.map(({ eventId, intid, icid }) => [eventId, intid, icid]),
      })),
      devices,
    );
    const events = report.devices.flatMap((device) => device.events);
    assert.deepEqual(
      events.map(({ intid, target, property, pending }) => [intid, target, property, pending]),
      [
        [8192, 0, 0xa1, []],
        [8193, 1, 0x51, []],
        [8200, 0, 0xa2, [0]],
        [9000, 1, 0x41, [1]],
      ],
    );
    assert.deepEqual([report.missing, report.conflicts, report.disagreements, report.leftOut], [[], [], [], 0]);
  });

  test("an MSI is followed through its registers and tables", () => {
    const opened = capture(guest);
    const steps = traceMsi(opened.facts, memoryOf(opened, layouts.qemu), layouts.qemu, 0x2001, 17);
    assert.deepEqual(new Set(steps.map(({ state }) => state)), new Set(["good"]));
    assert.equal(steps.at(-1)?.values.Pending, 1);
    const disabled = traceMsi(opened.facts, memoryOf(opened, layouts.qemu), layouts.qemu, 0x10, 5);
    assert.deepEqual([disabled.at(-1)?.link, disabled.at(-1)?.state], ["configuration byte", "broken"]);
  });

  test("says which devices it passes over", () => {
    assert.deepEqual(guest.problems, []);
    assert.equal(guest.notes.length, 1);
    assert.match(remarkText(guest.notes[0]), /^not taken over: devices timer, pflash_cfi01, .*, globalstate$/);
  });

  test("cut off anywhere it is read as far as it goes, and the end is named", () => {
    for (let length = 8; length < bytes.length; length += 7919) {
      const cut = guestOf(bytes.subarray(0, length));
      const codes = cut.problems.map(({ code }) => code);
      assert.ok(codes.includes("no-description"), `${length}`);
      // RAM needs no description.
      if (length > 300_000) assert.ok(!cut.memory.isEmpty, `${length}`);
    }
  });

  test("a description that lies about a device costs that device alone", () => {
    const text = Buffer.from(bytes).toString("latin1");
    // The device before the ITS gets fields that are larger, at the cost of the description's own white space.
    const lie = text.replace('"name": "gicd_nsacr", "array_len": 64', '"name": "gicd_nsacr", "array_len": 60');
    assert.notEqual(lie, text);
    const lying = guestOf(Buffer.from(lie, "latin1"));
    assert.equal(lying.distributor.get("GICD_ISENABLER1"), 0x112n);
    assert.equal(lying.itss[0].registers.get("GITS_CWRITER"), 0x160n);
    const said = messages(lying);
    assert.ok(
      said.some((message) =>
        /^offset 0x[0-9a-f]+: there is no footer of section \d+: its length is not what/.test(message),
      ),
      said.join("\n"),
    );
    assert.ok(
      said.some((message) => message.includes('where the section "arm_gicv3_its" begins')),
      said.join("\n"),
    );
  });

  test("a device that the description does not have is passed over", () => {
    const text = Buffer.from(bytes).toString("latin1");
    const lying = guestOf(Buffer.from(text.replace('{"name": "timer"', '{"name": "timex"'), "latin1"));
    assert.deepEqual(
      lying.problems.map(({ code }) => code),
      ["other-device", "devices-skipped", "found-again"],
    );
    assert.equal(lying.cpuInterfaces.length, 2);
    assert.equal(lying.contexts.length, 2);
  });

  test("its registers have the offsets of their frames", () => {
    const memory = memoryOf(capture(guest), layouts.qemu);
    assert.equal(memory.readNumber(0x80c_0000 + offsetOf("GICR_PENDBASER"), 8), 0x4016_0000n);
  });
});

describe("the stream of a real QEMU with a GICv2", () => {
  const { bytes, observed } = fixture("qemu-gicv2");
  const guest = guestOf(bytes);

  test("has the registers that the guest's program read", () => {
    assert.equal(guest.gicVersion, 2);
    assert.deepEqual(guest.problems, []);
    const [pe0, pe1] = guest.redistributors;
    const [interface0] = guest.cpuInterfaces;
    // Read before the interrupt was acknowledged.
    for (const [name, value] of Object.entries(observed)) {
      if (name === "GICC_IAR" || name === "GICD_ISPENDR1" || name === "GICC_APR0") continue;
      const [first] = /\d+$/.exec(name) ?? ["1"];
      const banked = /^GICD_(?:ISENABLER|ISPENDR)0$/.test(name);
      const registers = name.startsWith("GICC") ? interface0 : banked ? pe0 : guest.distributor;
      assert.equal(registers.get(name), BigInt(value), `${name} ${first}`);
    }
    assert.equal(BigInt(observed.GICC_IAR), 34n);
    assert.equal(pe1.get("GICD_SPENDSGIR0"), 0x0100_0000n, "SGI 3 of PE 0 waits on PE 1");
  });
});
