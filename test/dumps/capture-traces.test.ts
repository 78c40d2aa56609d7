import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import {
  type CaptureFile,
  memoryOf,
  openCapture,
  openCaptureWork,
  traceMsi,
  walkCapture,
} from "../../dumps/captures/index.ts";
import { finish, looksBinary, readDump } from "../../dumps/index.ts";
import { parseTraceLine } from "../../dumps/qemu-trace/index.ts";
import { createMachine, QemuMachine } from "../../emulator/index.ts";
import { LEVEL2_PAGES } from "../../runner/trace/guest-memory.ts";
import { MachineTarget } from "../../runner/trace/machine-target.ts";
import { TraceReplay } from "../../runner/trace/replay.ts";
import { TraceSurvey } from "../../runner/trace/survey.ts";

const root = path.join(import.meta.dirname, "..", "..");
const LINUX = path.join(root, "examples", "captures", "linux-6.1-qemu-gicv3");
/** What says registers or addresses in the capture of {@link LINUX}. */
const SAYING = new Set(["registers.txt", "boot.log", "addresses.json"]);

function text(name: string, content: string): CaptureFile {
  return { name, content: { text: content, dump: readDump(content) } };
}

/** The memory of a Linux guest, without anything that says where its tables are. */
function memoryFiles(): CaptureFile[] {
  return readdirSync(LINUX)
    .filter((name) => !SAYING.has(name))
    .map((name) => {
      const bytes = readFileSync(path.join(LINUX, name));
      return looksBinary(bytes) ? { name, content: { bytes } } : text(name, bytes.toString());
    });
}

function recorded(name: string): string {
  return gunzipSync(readFileSync(path.join(root, "test", "traces", name))).toString();
}

/** The guest's memory after a trace, as its replay on a machine leaves it. */
function memoryAfter(trace: string): CaptureFile[] {
  const survey = new TraceSurvey();
  const lines = trace.split("\n");
  for (const line of lines) survey.line(line);
  const ram = [...survey.memory.ranges(), LEVEL2_PAGES];
  const machine = createMachine({
    model: "qemu-7.2",
    cpus: survey.cpus,
    ram,
    gicVersion: 3,
    secure: survey.twoSecurityStates,
  });
  assert.ok(machine instanceof QemuMachine);
  const replay = new TraceReplay(new MachineTarget(machine, survey.virtualInterrupts), survey);
  for (const [number, line] of lines.entries()) {
    const event = parseTraceLine(line, number + 1);
    if (typeof event !== "string") assert.ok(replay.event(event));
  }
  replay.end();
  return ram.map(({ base, bytes }) => {
    const content = machine.memory.readBytes(base, Math.min(bytes, 0x40_0000));
    assert.ok(content !== undefined);
    return { name: `mem-0x${base.toString(16)}.bin`, content: { bytes: content } };
  });
}

const itsWrite = (offset: number, data: bigint, size = 8) =>
  `gicv3_its_write GICv3 ITS write: offset 0x${offset.toString(16)} data 0x${data.toString(16)} size ${size}`;
const peWrite = (pe: number, offset: number, data: bigint, size = 8) =>
  `gicv3_redist_write GICv3 redistributor 0x${pe} write: offset 0x${offset.toString(16)} data 0x${data.toString(16)} size ${size} secure 0`;

/** The writes by which the guest of {@link LINUX} set up its ITS: the values of its registers.txt. */
const LINUX_TRACE = [
  "gicv3_its_read GICv3 ITS read: offset 0x8 data 0x1f0001efb1 size 8",
  itsWrite(0x100, 0xf800_0000_425a_0600n),
  itsWrite(0x108, 0xb800_0000_425b_0600n),
  itsWrite(0x110, 0xffff_ffff_ffff_ffffn),
  itsWrite(0x80, 0xb800_0000_4259_040fn),
  ...[0, 1, 2, 3].flatMap((pe) => [
    peWrite(pe, 0x70, 0x425c_078fn),
    peWrite(pe, 0x78, 0x425d_0780n + BigInt(pe) * 0x1_0000n),
    peWrite(pe, 0, 1n, 4),
  ]),
  itsWrite(0, 1n, 4),
];
const LINUX_COMMANDS = [
  "gicv3_its_cmd_mapc GICv3 ITS: command MAPC ICID 0x0 RDbase 0x0 V 1",
  "gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0x8 Size 0x0 ITT_addr 0x42f6dc V 1",
  "gicv3_its_cmd_mapti GICv3 ITS: command MAPTI DeviceID 0x8 EventID 0x0 ICID 0x0 pINTID 0x2000",
];

const opened = (...lines: string[]) => openCapture([...memoryFiles(), text("trace.log", lines.join("\n"))]);
const walked = (...lines: string[]) => finish(walkCapture(opened(...lines)));

describe("a trace of QEMU among the files of a capture", () => {
  test("leads to the devices, LPIs and PEs without any other register", () => {
    const report = walked(...LINUX_TRACE);
    assert.equal(report.layout.name, "qemu");
    assert.deepEqual(
      report.devices.map(({ deviceId, events }) => [deviceId, events.length]),
      [
        [0x8, 1],
        [0x10, 1],
        [0x18, 1],
        [0x100, 5],
        [0x200, 5],
        [0x300, 3],
      ],
    );
    const [event] = report.devices[0].events;
    assert.deepEqual([event.intid, event.target, event.property, event.pendingUnknown], [8192, 0, 0xa3, []]);
    assert.deepEqual([report.unplaced, report.missing, report.values], [[], [], []]);
  });

  test("says its lines as the places of what it says", () => {
    const { facts } = opened("some other line", ...LINUX_TRACE);
    assert.deepEqual(facts.tables.get("device")?.source, { file: "trace.log", line: 3 });
    assert.deepEqual(facts.pendingTables.get(1)?.source, { file: "trace.log", line: 11 });
    assert.equal(facts.intidBits, 16);
    assert.equal(facts.registers.get("GITS_BASER0"), 0xf907_0000_425a_0600n);
    assert.equal(facts.registers.get("GITS_CTLR"), 0x8000_0001n);
    assert.equal(facts.registers.has("GITS_BASER2"), false);
  });

  test("counts by its last line, without writes that an enabled ITS does not take", () => {
    const moved = itsWrite(0x100, 0xf800_0000_4000_0600n);
    assert.equal(opened(moved, ...LINUX_TRACE).facts.tables.get("device")?.address, 0x425a_0000);
    assert.equal(opened(...LINUX_TRACE, moved).facts.tables.get("device")?.address, 0x425a_0000);
    assert.equal(opened(...LINUX_TRACE, itsWrite(0, 0n, 4), moved).facts.tables.get("device")?.address, 0x4000_0000);
  });

  test("has registers of two halves only when both are known", () => {
    const low = itsWrite(0x80, 0x4259_040fn, 4);
    assert.equal(opened(low).facts.commandQueue, undefined);
    const { facts } = opened(low, itsWrite(0x84, 0xb800_0000n, 4));
    assert.deepEqual([facts.commandQueue?.address, facts.commandQueueBytes], [0x4259_0000, 0x1_0000]);
  });

  test("says devices and events that agree with the tables, and those that do not with both places", () => {
    const kinds = (...lines: string[]) =>
      walked(...LINUX_TRACE, ...lines).said.map(({ kind, eventId, said, found }) => [kind, eventId, said, found]);
    assert.deepEqual(kinds(...LINUX_COMMANDS), [
      ["agrees", undefined, undefined, undefined],
      ["agrees", 0, undefined, undefined],
    ]);
    const changed = LINUX_COMMANDS.map((line) =>
      line.replace("0x42f6dc", "0x42f6dd").replace("pINTID 0x2000", "pINTID 0x2005"),
    );
    const { said } = walked(...LINUX_TRACE, ...changed);
    const dte = { address: 0x4381_0040, file: "device-table-l2-0.bin" };
    assert.deepEqual(said, [
      {
        source: { file: "trace.log", line: 20 },
        deviceId: 8,
        eventId: undefined,
        kind: "other ITT",
        said: 0x42f6_dd00,
        found: 0x42f6_dc00,
        ...dte,
      },
      {
        source: { file: "trace.log", line: 21 },
        deviceId: 8,
        eventId: 0,
        kind: "other INTID",
        said: 0x2005,
        found: 0x2000,
        address: 0x42f6_dc00,
        file: "itt.xp.txt",
      },
    ]);
    const gone = "gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0x9 Size 0x0 ITT_addr 0x42f6dc V 1";
    assert.deepEqual(kinds(gone), [["no device", undefined, undefined, undefined]]);
    const far = gone.replace("0x9 ", "0x2000 ");
    assert.deepEqual(kinds(far), [["no device", undefined, undefined, undefined]]);
    const elsewhere = LINUX_COMMANDS.map((line) => line.replace("RDbase 0x0", "RDbase 0x2"));
    assert.deepEqual(kinds(...elsewhere).at(-1), ["other PE", 0, 2, 0]);
  });

  test("goes by what the ITS wrote rather than by commands, of which some fail", () => {
    const written = [
      "gicv3_its_dte_write GICv3 ITS: Device Table write for DeviceID 0x8: valid 1 size 0x0 ITTaddr 0x42f6dc",
      "gicv3_its_ite_write GICv3 ITS: Interrupt Table write for ITTaddr 0x42f6dc00 EventID 0x0: valid 1 inttype 1 intid 0x2000 ICID 0x0 vPEID 0x0 doorbell 0x3ff",
    ];
    const refused = LINUX_COMMANDS.map((line) => line.replace("pINTID 0x2000", "pINTID 0x5"));
    const { saidEvents } = opened(...LINUX_TRACE, ...refused, ...written).facts;
    assert.deepEqual(
      saidEvents.map(({ intid }) => intid),
      [0x2000],
    );
    const gone = written[1].replace("valid 1", "valid 0");
    assert.deepEqual(opened(...LINUX_TRACE, ...written, gone).facts.saidEvents, []);
  });

  test("that differs from registers in memory is not believed, and both places are said", () => {
    const registers = text("registers.txt", readFileSync(path.join(LINUX, "registers.txt"), "utf8"));
    const changed = LINUX_TRACE.map((line) => line.replace("0xf8000000425a0600", "0xf800000042000600"));
    const capture = openCapture([...memoryFiles(), registers, text("trace.log", changed.join("\n"))]);
    assert.equal(capture.facts.tables.get("device")?.address, 0x425a_0000);
    assert.deepEqual(
      capture.values.filter(({ register }) => register === "GITS_BASER0"),
      [
        {
          register: "GITS_BASER0",
          believed: { value: 0xf907_0000_425a_0600n, source: { file: "registers.txt", line: 0 } },
          other: { value: 0xf907_0000_4200_0600n, source: { file: "trace.log", line: 2 } },
        },
      ],
    );
  });

  test("that differs from a log is believed, and both places are said", () => {
    const log = "[ 0.0] ITS@0x08080000: allocated 8192 Devices @42000000 (indirect, esz 8, psz 64K, shr 1)\n";
    const { disagreements } = openCapture([text("boot.log", log), text("trace.log", LINUX_TRACE.join("\n"))]);
    assert.deepEqual(
      disagreements.map(({ believed, other }) => [believed.source, other.source]),
      [
        [
          { file: "trace.log", line: 2 },
          { file: "boot.log", line: 1 },
        ],
      ],
    );
  });

  test("says GITS_CTLR where the monitor could not read it", () => {
    const registers = text("registers.txt", "0000000008080000: 0x00000000 0x00000000\n");
    const capture = openCapture([...memoryFiles(), registers, text("trace.log", LINUX_TRACE.join("\n"))]);
    const [first] = traceMsi(
      capture.facts,
      memoryOf(capture, finish(walkCapture(capture)).layout),
      finish(walkCapture(capture)).layout,
      8,
      0,
    );
    assert.deepEqual([first.link, first.state, first.word], ["GITS_CTLR", "good", 0x8000_0001n]);
  });
});

describe("the recorded traces as files of a capture", () => {
  test("of a Linux boot have its registers, devices and events", () => {
    const { facts, layout, problems, disagreements, values } = openCapture([
      text("trace.log", recorded("linux-6.1-qemu-gicv3-trace.log.gz")),
    ]);
    assert.deepEqual([layout?.name, problems, disagreements, values], ["qemu", [], [], []]);
    assert.deepEqual(
      [...facts.tables.values()].map(({ kind, address, indirect }) => [kind, address, indirect]),
      [
        ["device", 0x4259_0000, true],
        ["collection", 0x425a_0000, false],
      ],
    );
    assert.deepEqual(
      [facts.commandQueue?.address, facts.propertyTable?.address, facts.pendingTables.get(1)?.address],
      [0x4258_0000, 0x425b_0000, 0x425d_0000],
    );
    assert.equal(facts.saidDevices.length, 6);
    assert.equal(facts.saidEvents.length, 12);
    assert.ok(facts.saidEvents.every(({ target, icid }) => target === icid));
  });

  test("of a Linux boot lead through the memory that the boot left behind to all that it mapped", () => {
    const trace = recorded("linux-6.1-qemu-gicv3-trace.log.gz");
    const report = finish(walkCapture(openCapture([...memoryAfter(trace), text("trace.log", trace)])));
    assert.equal(report.layout.name, "qemu");
    assert.deepEqual(
      report.devices.map(({ deviceId, events }) => [deviceId, events.map(({ intid, target }) => [intid, target])]),
      [
        [0x8, [[0x2000, 0]]],
        [0x10, [[0x2001, 1]]],
        [0x18, [[0x2002, 0]]],
        [
          0x100,
          [
            [0x200b, 1],
            [0x200c, 0],
            [0x200d, 1],
          ],
        ],
        [
          0x200,
          [
            [0x2007, 0],
            [0x2008, 0],
            [0x2009, 1],
          ],
        ],
        [
          0x300,
          [
            [0x2003, 1],
            [0x2004, 0],
            [0x2005, 1],
          ],
        ],
      ],
    );
    assert.equal(report.said.length, 18);
    assert.deepEqual(new Set(report.said.map(({ kind }) => kind)), new Set(["agrees"]));
    assert.deepEqual([report.missing, report.values, report.disagreements], [[], [], []]);
  });

  test("of virtual events have no ICID for them", () => {
    const { facts } = openCapture([text("trace.log", recorded("vlpis-qemu-gicv4-trace.log.gz"))]);
    assert.ok(facts.saidEvents.length > 0);
    assert.ok(facts.saidEvents.some(({ icid }) => icid === undefined));
  });
});

describe("long and damaged traces", () => {
  test("of 200,000 lines are read in slices, with as much in memory as is mapped", () => {
    const map = (device: number) => [
      `gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0x${device.toString(16)} Size 0x0 ITT_addr 0x42f6dc V 1`,
      `gicv3_its_cmd_mapti GICv3 ITS: command MAPTI DeviceID 0x${device.toString(16)} EventID 0x0 ICID 0x0 pINTID 0x2000`,
    ];
    const lines = Array.from({ length: 100_000 }, (_, at) => map(at)).flat();
    const dump = readDump("");
    const work = openCaptureWork([{ name: "trace.log", content: { text: lines.join("\n"), dump } }]);
    let steps = 0;
    for (let step = work.next(); ; step = work.next(), steps++) {
      if (!step.done) continue;
      const { facts, problems } = step.value;
      assert.equal(facts.saidDevices.length, 65_536);
      assert.equal(facts.saidEvents.length, 65_536);
      assert.deepEqual(
        problems.map(({ message }) => message.split(" ").slice(1, 7).join(" ")),
        ["times a device or an event"],
      );
      break;
    }
    assert.ok(steps >= 90, `${steps}`);
  });

  test("with lines that are no events say the first, and how many more", () => {
    const { problems } = opened(
      "gicv3_its_cmd_new GICv3 ITS: command NEW",
      ...LINUX_TRACE,
      "gicv3_its_write GICv3 ITS write: off",
    );
    assert.deepEqual(problems, [
      {
        file: "trace.log",
        message: "line 1 is no whole event of QEMU's that is known, nor are 1 more lines: what they say is left out",
      },
    ]);
  });

  test("cut and changed anywhere are walked to their end", () => {
    const whole = [...LINUX_TRACE, ...LINUX_COMMANDS].join("\n");
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(whole.length), text: fc.string({ maxLength: 4 }) }), { maxLength: 8 }),
        (changes) => {
          let changed = whole;
          for (const { at, text } of changes) changed = changed.slice(0, at) + text + changed.slice(at + text.length);
          const { leftOut } = walked(changed);
          assert.equal(leftOut, 0);
        },
      ),
      { numRuns: 30 },
    );
  });
});
