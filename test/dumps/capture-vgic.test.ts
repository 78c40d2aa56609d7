import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CaptureFile, openCapture, openCaptureWork, walkCapture } from "../../dumps/captures/index.ts";
import { finish, readDump } from "../../dumps/index.ts";
import { at, GuestCapture } from "./guest-capture.ts";

function text(name: string, content: string): CaptureFile {
  return { name, content: { text: content, dump: readDump(content) } };
}

const ITS_NAME = "vgic-its-state@8080000";
const itsHead = "EVENT_ID    INTID  HWINTID   TARGET   COL_ID HW\n-----------------------------------------------\n";
const eventRow = (...numbers: readonly number[]) =>
  `${numbers.map((number) => String(number).padStart(8)).join(" ")}  0\n`;
/** As KVM prints the devices of {@link GuestCapture} (arch/arm64/kvm/vgic/vgic-debug.c). */
const itsState = [
  `\nDevice ID: 0x8, Event ID Range: [0 - 15]\n${itsHead}`,
  eventRow(0, 8192, 0, 0, 0),
  eventRow(5, 8193, 0, 1, 1),
  eventRow(15, 8194, 0, 0, 0),
  `\nDevice ID: 0xc, Event ID Range: [0 - 15]\n${itsHead}`,
  eventRow(3, 8195, 0, 1, 1),
  `\nDevice ID: 0x14, Event ID Range: [0 - 15]\n${itsHead}`,
  eventRow(3, 8196, 0, 0, 0),
].join("");

const lpiRow = (intid: number, pe: number, flags = "0001001", priority = 160) =>
  `       LPI ${intid}      ${pe} ${flags}        0        0   0 ${priority}      -1 \n`;
const head = `Distributor
===========
vgic_model:\tGICv3
nr_spis:\t32
nr_lpis:\t5
enabled:\t1

P=pending_latch, L=line_level, A=active
E=enabled, H=hw, C=config (level=1, edge=0)
G=group

VCPU  0 TYP   ID TGT_ID PLAEHCG     HWID   TARGET SRC PRI VCPU_ID
----------------------------------------------------------------
       SGI    0      0 0001001        0        0   0 160      -1 

VCPU  1 TYP   ID TGT_ID PLAEHCG     HWID   TARGET SRC PRI VCPU_ID
----------------------------------------------------------------
       SGI    0      1 0001001        0        0   0 160      -1 

SPI  0 TYP   ID TGT_ID PLAEHCG     HWID   TARGET SRC PRI VCPU_ID
----------------------------------------------------------------
`;
const state = [head, lpiRow(8192, 0), lpiRow(8193, 1), lpiRow(8194, 0), lpiRow(8195, 1), lpiRow(8196, 0)].join("");

/** The memory of a guest without its registers, and what KVM tells of it. */
function filesOf(guest: GuestCapture, its = itsState, vgic = state): CaptureFile[] {
  const memory = guest.files.filter(({ name }) => name.startsWith("mem-"));
  return [...memory, text("vgic-state", vgic), text(ITS_NAME, its)];
}

const DEVICES = [
  [8, [8192, 8193, 8194]],
  [12, [8195]],
  [20, [8196]],
];

describe("what KVM tells in debugfs among the files of a capture", () => {
  test("leads to the devices, LPIs and PEs without any register", () => {
    const capture = openCapture(filesOf(new GuestCapture()));
    const report = finish(walkCapture(capture));
    assert.deepEqual(
      report.devices.map(({ deviceId, events }) => [deviceId, events.map(({ intid }) => intid)]),
      DEVICES,
    );
    const [, event] = report.devices[0].events;
    assert.deepEqual([report.layout.name, event.target, event.property], ["kvm-rev0", 1, 0xa1]);
    assert.deepEqual(new Set(report.said.map(({ kind }) => kind)), new Set(["agrees"]));
    assert.deepEqual(capture.facts.its, { address: 0x808_0000, source: { file: ITS_NAME, line: 0 } });
    assert.deepEqual(capture.facts.tables.get("device")?.source, { file: ITS_NAME, line: 2 });
  });

  test("says that tables were found by it, and where", () => {
    const { problems } = openCapture(filesOf(new GuestCapture()));
    assert.deepEqual(problems, [
      {
        file: ITS_NAME,
        message: `the device table is taken to be at 0x${at.devices.toString(16)}, the one place where 3 devices stand as said with ITTs and LPIs; no register says so`,
      },
      {
        file: ITS_NAME,
        message: `the collection table is taken to be at 0x${at.collections.toString(16)}, the one place where its 2 ICIDs stand with their PEs; no register says so`,
      },
      {
        file: "vgic-state",
        message: `the LPI configuration table is taken to be at 0x${at.properties.toString(16)}, the one place where 5 LPIs have the bytes that they have in the GIC; no register says so`,
      },
    ]);
  });

  test("finds a table of two levels by its first one", () => {
    const guest = new GuestCapture().twoLevels();
    const its = itsState.replace("0x14", `0x${(8192 + 20).toString(16)}`);
    const { facts } = openCapture(filesOf(guest, its));
    assert.deepEqual([facts.tables.get("device")?.address, facts.tables.get("device")?.indirect], [at.devices, true]);
    const report = finish(walkCapture(openCapture(filesOf(guest, its))));
    assert.deepEqual(
      report.devices.map(({ deviceId }) => deviceId),
      [8, 12, 8212],
    );
  });

  test("finds none where two places fit, or no place does", () => {
    const twice = new GuestCapture();
    for (const id of [8, 12, 20])
      twice.word(at.devices + 0x2_0000 + id * 8, twice.memory.getBigUint64(at.devices + id * 8 - at.ram, true));
    const { facts, problems } = openCapture(filesOf(twice));
    assert.equal(facts.tables.has("device"), false);
    assert.match(problems[0].message, /^the device table may be at 0x40100000, 0x40120000: /);
    const never = openCapture(filesOf(new GuestCapture(), itsState.replace("8195", "8199")));
    assert.equal(never.facts.tables.has("device"), false);
    assert.match(never.problems[0].message, /its devices are not found in the memory/);
  });

  test("is compared with tables that registers place, and says both places of what differs", () => {
    const guest = new GuestCapture();
    const its = itsState.replace("    8195        0        1        1", "    8199        0        1        1");
    const vgic = state.replace(lpiRow(8193, 1), lpiRow(8193, 1, "0000001", 0x80));
    const registers = guest.files.filter(({ name }) => name === "registers.txt");
    const capture = openCapture([...registers, ...filesOf(guest, its, vgic)]);
    const { said } = finish(walkCapture(capture));
    const file = "mem-0x40000000.bin";
    assert.deepEqual(capture.problems, []);
    assert.deepEqual(
      said.filter(({ kind }) => kind !== "agrees"),
      [
        {
          source: { file: "vgic-state", line: 23 },
          deviceId: 8,
          eventId: 5,
          kind: "other Enable",
          said: 0,
          found: 1,
          address: at.properties + 1,
          file,
        },
        {
          source: { file: "vgic-state", line: 23 },
          deviceId: 8,
          eventId: 5,
          kind: "other priority",
          said: 0x80,
          found: 0xa0,
          address: at.properties + 1,
          file,
        },
        {
          source: { file: ITS_NAME, line: 12 },
          deviceId: 12,
          eventId: 3,
          kind: "other INTID",
          said: 8199,
          found: 8195,
          address: at.itt(12) + 24,
          file,
        },
      ],
    );
  });

  test("says events that the tables have and it has not", () => {
    const its = itsState.replace(eventRow(5, 8193, 0, 1, 1), "");
    const { said } = finish(walkCapture(openCapture(filesOf(new GuestCapture(), its))));
    assert.deepEqual(
      said.filter(({ kind }) => kind !== "agrees"),
      [
        {
          source: { file: ITS_NAME, line: 0 },
          deviceId: 8,
          eventId: 5,
          kind: "in the tables alone",
          address: at.itt(8) + 40,
          file: "mem-0x40000000.bin",
        },
      ],
    );
  });

  test("is no memory", () => {
    for (const content of [state, itsState]) assert.equal(openCapture([text("a.txt", content)]).dumps.length, 0);
  });

  test("without memory says that nothing has its devices", () => {
    const { problems } = openCapture([text(ITS_NAME, itsState)]);
    assert.match(problems[0].message, /^no register and no log says where the device table is/);
  });

  test("with lines that are no lines of it says them, and those of a second ITS are left out", () => {
    const { problems } = openCapture([
      text(ITS_NAME, `${itsState}what is this\n`),
      text("vgic-its-state@9080000", itsState),
    ]);
    assert.deepEqual(problems.slice(0, 2), [
      { file: ITS_NAME, message: 'line 18: "what is this" is no line of vgic-its-state' },
      {
        file: "vgic-its-state@9080000",
        message: `is left out: ${ITS_NAME} has the devices of an ITS, and a capture is walked by the tables of one`,
      },
    ]);
  });

  test("may be both in one text, as a mail has them", () => {
    const quoted = `${state}\n${itsState}`.replace(/^/gm, "> ");
    const { facts, problems } = openCapture([text("mail.txt", quoted)]);
    assert.deepEqual([facts.saidLpis.length, facts.saidEvents.length, problems.length], [5, 5, 1]);
  });

  test("takes no place of memory that looks like tables everywhere", () => {
    // Each 64 KiB are a level 1 whose pages are all the same one, full of devices with one ITT.
    const guest = new GuestCapture();
    const bytes = new Uint8Array(0x1000_0000);
    const words = new BigUint64Array(bytes.buffer);
    words.fill((1n << 63n) | (BigInt(at.itt(8) / 256) << 5n) | 3n);
    const [first] = filesOf(guest);
    const rows = Array.from(
      { length: 300 },
      (_, device) =>
        `Device ID: 0x${device.toString(16)}, Event ID Range: [0 - 15]\n${eventRow(0, 8192, 0, 0, 0)}${eventRow(5, 8193, 0, 1, 1)}`,
    );
    const memory: CaptureFile = { name: "mem-0x80000000.bin", content: { bytes } };
    const { facts, problems } = openCapture([first, memory, text(ITS_NAME, rows.join("\n"))]);
    assert.equal(facts.tables.has("device"), false);
    assert.match(problems[0].message, /^the device table may be at 0x80000000, 0x80010000, /);
  });

  test("is read in slices", () => {
    const long = head + Array.from({ length: 50_000 }, (_, lpi) => lpiRow(8192 + lpi, 0)).join("");
    const work = openCaptureWork([{ name: "vgic-state", content: { text: long, dump: readDump("") } }]);
    let steps = 0;
    while (work.next().done !== true) steps++;
    assert.ok(steps >= 24, `${steps}`);
  });
});
