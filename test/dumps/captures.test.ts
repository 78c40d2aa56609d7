import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { commandByName, encodeCommand, type ModelName } from "../../architecture/index.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import {
  type CaptureFile,
  type CaptureReport,
  memoryOf,
  msiText,
  openCapture,
  traceMsi,
  walkCapture,
} from "../../dumps/captures/index.ts";
import { finish, looksBinary, readDump } from "../../dumps/index.ts";
import { createMachine, type Machine } from "../../emulator/index.ts";
import { CommandQueue } from "../../runner/command-queue.ts";
import { EmulatorTarget, setUpTarget } from "../../runner/index.ts";

const LINUX = path.join(import.meta.dirname, "..", "..", "examples", "captures", "linux-6.1-qemu-gicv3");

function text(name: string, content: string): CaptureFile {
  return { name, content: { text: content, dump: readDump(content) } };
}

function linuxFiles(): CaptureFile[] {
  return readdirSync(LINUX).map((name) => {
    const bytes = readFileSync(path.join(LINUX, name));
    return looksBinary(bytes) ? { name, content: { bytes } } : text(name, bytes.toString());
  });
}

const walked = (files: readonly CaptureFile[]): CaptureReport => finish(walkCapture(openCapture(files)));
const without = (...names: string[]) => linuxFiles().filter(({ name }) => !names.includes(name));

describe("what a Linux guest left in QEMU's memory", () => {
  test("has the devices, events, LPIs and PEs that /proc/interrupts has", () => {
    const report = walked(linuxFiles());
    assert.equal(report.layout.name, "qemu");
    assert.equal(report.close, false);
    assert.deepEqual(
      report.devices.map(({ deviceId, events }) => [deviceId, events.map(({ intid, target }) => [intid, target])]),
      [
        [0x8, [[8192, 0]]],
        [0x10, [[8193, 1]]],
        [0x18, [[8194, 2]]],
        [0x100, [8207, 8208, 8209, 8210, 8211].map((intid, event) => [intid, (event + 3) % 4])],
        [0x200, [2, 0, 1, 2, 3].map((target, event) => [8199 + event, target])],
        [0x300, [8195, 8196, 8197].map((intid, event) => [intid, (event + 3) % 4])],
      ],
    );
    assert.equal(report.interrupts.length, 16);
    assert.deepEqual(new Set(report.interrupts.map(({ kind }) => kind)), new Set(["agrees"]));
    assert.ok(
      report.devices.every(({ events }) =>
        events.every(({ property }) => property === 0xa3 || property === 0xa2 || property === 0xa1),
      ),
    );
    assert.deepEqual(
      [report.missing, report.conflicts, report.disagreements, report.unplaced, report.leftOut],
      [[], [], [], [], 0],
    );
  });

  test("is found by the boot log alone, and by the registers alone", () => {
    const known = walked(linuxFiles()).devices.map(({ deviceId }) => deviceId);
    for (const gone of [
      ["registers.txt", "addresses.json"],
      ["boot.log", "addresses.json"],
    ]) {
      assert.deepEqual(
        walked(without(...gone)).devices.map(({ deviceId }) => deviceId),
        known,
        `without ${gone}`,
      );
    }
  });

  test("says what is not there, with its address and length", () => {
    const report = walked(without("itt-dev-0200.bin", "itt.xp.txt", "lpi-pending-cpu2.bin", "lpi-config.bin"));
    assert.deepEqual(report.missing, [
      { what: "the LPI configuration table", address: 0x425c0000, bytes: 20 },
      { what: "the LPI pending table of PE 2", address: 0x425f0400, bytes: 3 },
      { what: "ITT of DeviceID 0x200", address: 0x48111c00, bytes: 96 },
    ]);
    const kinds = report.interrupts.filter(({ deviceId }) => deviceId === 0x200).map(({ kind }) => kind);
    assert.deepEqual(new Set(kinds), new Set(["not in the capture"]));
    assert.ok(
      report.devices[0].events.every(
        ({ property, pendingUnknown }) => property === undefined && pendingUnknown[0] === 2,
      ),
    );
  });

  test("tells bytes and addresses that two files give differently", () => {
    const wrong = new Uint8Array(64).fill(0xff);
    const log = "ITS@0x0000000008080000: allocated 8192 Devices @425b0000 (indirect, esz 8, psz 64K, shr 1)";
    const report = walked([
      ...linuxFiles(),
      { name: "itt-dev-0008-again.bin", content: { bytes: wrong } },
      text("other.log", log),
    ]);
    assert.deepEqual(report.unplaced, ["itt-dev-0008-again.bin"]);
    assert.deepEqual(
      report.disagreements.map(({ what, other }) => [what, other.address]),
      [],
    );
    const moved = walked([
      text("a.log", log),
      ...linuxFiles(),
      { name: "x-0x42f6dc00.bin", content: { bytes: wrong } },
    ]);
    assert.deepEqual(
      moved.disagreements.map(({ what, other }) => [what, other.address]),
      [["the device table", 0x425b0000]],
    );
    assert.deepEqual(
      moved.conflicts.map(({ address, files }) => [address, files[1]]),
      [[0x42f6dc00, "x-0x42f6dc00.bin"]],
    );
  });

  test("has no events where an LPI is moved out of the tables", () => {
    const files = without("itt.xp.txt").map((file) => {
      if (file.name !== "itt-dev-0018.bin" || !("bytes" in file.content)) return file;
      return { name: file.name, content: { bytes: new Uint8Array(file.content.bytes.length) } };
    });
    const found = walked(files).interrupts.filter(({ kind }) => kind !== "agrees");
    assert.deepEqual(
      found.map(({ line, kind }) => [line.irq, kind]),
      [[21, "no event"]],
    );
  });
});

describe("names of interrupts", () => {
  test("of kernels since 6.11 have the requester id in the chip's name", () => {
    const lines = [
      " 40:  3  0   ITS-PCI-MSIX-0000:01:00.0 2 Edge      nvme0q2",
      " 41:  1  0   ITS-PCI-MSI-0000:00:01.0 0 Edge      PCIe PME",
      " 42:  0  0   ITS-fsl_mc 5 Edge      dpio",
      " 43:  0  0   ITS-MSI nonsense",
    ];
    const report = walked([text("boot.log", lines.join("\n")), ...without("boot.log", "addresses.json")]);
    assert.deepEqual(
      report.interrupts.map(({ deviceId, eventId, kind }) => [deviceId, eventId, kind]),
      [
        [0x100, 2, "came elsewhere"],
        [0x8, 0, "agrees"],
        [undefined, 5, "unknown device"],
      ],
    );
  });
});

/** Registers and RAM of a machine, as files of a capture. */
function filesOf(machine: Machine): CaptureFile[] {
  const words = (base: number, count: number): string =>
    Array.from({ length: count }, (_, index) => {
      const value = machine.read(base + index * 8, 8) ?? 0n;
      return `${(base + index * 8).toString(16).padStart(16, "0")}: 0x${value.toString(16).padStart(16, "0")}`;
    }).join("\n");
  const registers = [words(machine.map.its[0] + 0x100, 8)];
  for (let pe = 0; pe < machine.cpus; pe++)
    registers.push(words(machine.map.gicr + pe * machine.map.gicrStride + 0x70, 2));
  const [ram] = machine.memory.windows;
  const bytes = machine.memory.readBytes(ram.base, ram.bytes) ?? new Uint8Array();
  return [
    text("registers.txt", registers.join("\n")),
    { name: `ram-0x${ram.base.toString(16)}.bin`, content: { bytes } },
  ];
}

interface Event {
  readonly device: number;
  readonly event: number;
  readonly intid: number;
  readonly icid: number;
}

/** A machine with some events mapped. A KVM host writes its tables when it is told to. */
function machineWith(model: ModelName, events: readonly Event[]): Machine {
  const machine = createMachine({ model, cpus: 4, ram: [{ base: 0x4000_0000, bytes: 0x400_0000 }] });
  const target = new EmulatorTarget(machine);
  assert.equal(setUpTarget(target, 0x4000_0000, 0x400_0000), undefined);
  const queue = new CommandQueue(target);
  const submit = (name: string, fields: Record<string, number>): void => {
    const command = commandByName(name);
    assert.ok(command);
    const raw = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, BigInt(value)]));
    assert.equal(queue.submit(encodeCommand(command, raw)), undefined);
  };
  for (let icid = 0; icid < 4; icid++) submit("MAPC", { ICID: icid, RDbase: 3 - icid, V: 1 });
  for (const device of new Set(events.map((event) => event.device))) {
    submit("MAPD", { DeviceID: device, ITT_addr: (0x4300_0000 + device * 0x800) / 256, Size: 4, V: 1 });
  }
  for (const { device, event, intid, icid } of events)
    submit("MAPTI", { DeviceID: device, EventID: event, pINTID: intid, ICID: icid });
  if (machine.vmm !== undefined) assert.equal(machine.vmm.saveTables(0).errno, 0);
  return machine;
}

describe("the registers and the RAM of an emulated machine", () => {
  const event = fc.record({ device: fc.nat(300), event: fc.nat(31), intid: fc.nat(3), icid: fc.nat(3) });
  const someEvents = fc.uniqueArray(event, {
    minLength: 1,
    maxLength: 20,
    selector: (one) => `${one.device} ${one.event}`,
  });

  for (const model of ["kvm-7.2", "kvm-6.1", "qemu-7.2"] as const) {
    test(`tell what is mapped: ${model}`, () => {
      fc.assert(
        fc.property(someEvents, (some) => {
          const events = some.map((one, number) => ({ ...one, intid: 8192 + number * 4 + one.intid }));
          const machine = machineWith(model, events);
          const report = walked(filesOf(machine));
          const found = report.devices.flatMap(({ deviceId, events: mapped }) =>
            mapped.map(({ eventId, intid, icid, target }) => [deviceId, eventId, intid, icid, target]),
          );
          const wanted = [...events].sort((a, b) => a.device - b.device || a.event - b.event);
          assert.deepEqual(
            found,
            wanted.map((one) => [one.device, one.event, one.intid, one.icid, 3 - one.icid]),
          );
          assert.equal(report.layout.name, machine.layout);
          assert.deepEqual(report.missing, []);
        }),
        { numRuns: 6 },
      );
    });
  }
});

describe("an MSI that does not arrive", () => {
  /** The Linux guest's capture, with some words that are believed before its own. @param words `address: value`, as the QEMU monitor prints them */
  function steps(deviceId: number, eventId: number, words: readonly string[] = [], gone: readonly string[] = []) {
    const capture = openCapture([text("0.txt", words.join("\n")), ...without(...gone)]);
    return traceMsi(capture.facts, memoryOf(capture, layouts.qemu), layouts.qemu, deviceId, eventId);
  }
  const last = (...given: Parameters<typeof steps>) => {
    const { link, state, address } = steps(...given).at(-1) ?? {};
    return [link, state, address];
  };
  /** Event 2 of the NVMe disk. */
  const NVME = [0x100, 2] as const;

  test("arrives: every link is good, and the last one is its pending bit", () => {
    assert.deepEqual(last(...NVME), ["pending bit", "good", 0x425e0402]);
    const unknown = steps(...NVME)
      .filter(({ state }) => state === "unknown")
      .map(({ link }) => link);
    assert.deepEqual(unknown, ["GITS_CTLR", "GICR_CTLR"], "the monitor's 8-byte read of GITS_CTLR is no value of it");
  });

  test("is broken at the first link that is", () => {
    const cases: readonly [string, readonly string[], unknown[]][] = [
      ["ITS off", ["0000000008080000: 0x80000000 0x0000043b"], ["GITS_CTLR", "broken", 0x8080000]],
      ["no page", ["00000000425a0000: 0x0000000000000000"], ["level-1 entry", "broken", 0x425a0000]],
      ["no device", ["0000000043810800: 0x0000000000000000"], ["DTE", "broken", 0x43810800]],
      ["few events", ["0000000043810800: 0x0000000010beb381"], ["EventID", "broken", undefined]],
      ["no event", ["0000000042face18: 0x00000000 0x00000000 0x00000000"], ["ITE", "broken", 0x42face18]],
      ["no collection", ["00000000425b0008: 0x0000000000000002"], ["CTE", "broken", 0x425b0008]],
      ["no PE", ["00000000425b0008: 0x000000000000000f"], ["PE", "broken", undefined]],
      ["LPIs off", ["00000000080c0000: 0x00000002"], ["GICR_CTLR", "broken", 0x80c0000]],
      ["an SPI", ["0000000042face18: 0x00000087 0x00000001 0x000003ff"], ["INTID", "broken", undefined]],
      ["disabled", ["00000000425c0010: 0xa3 0xa2"], ["configuration byte", "broken", 0x425c0011]],
    ];
    for (const [what, words, wanted] of cases) {
      assert.deepEqual(last(...NVME, words), wanted, what);
      const step = steps(...NVME, words).at(-1);
      assert.ok(step !== undefined && msiText(step).advice !== undefined, `${what}: what to do is said`);
    }
  });

  test("is unknown where the capture ends", () => {
    assert.deepEqual(last(...NVME, [], ["itt-dev-0100.bin", "itt.xp.txt"]), ["ITE", "unknown", 0x42face18]);
    assert.deepEqual(last(...NVME, [], ["registers.txt", "boot.log", "addresses.json"]), [
      "device table",
      "unknown",
      undefined,
    ]);
    assert.deepEqual(last(...NVME, [], ["lpi-pending-cpu1.bin"]), ["pending bit", "unknown", 0x425e0402]);
  });

  test("of an id that no table has ends in a sentence", () => {
    assert.deepEqual(last(0xffff_ffff, 0), ["device table", "broken", 0x425a0000]);
    assert.deepEqual(last(8, 0xffff_ffff), ["EventID", "broken", undefined]);
  });
});

describe("hostile captures", () => {
  test("of pages that name one another end, and say that there is more", () => {
    // Level 1 is its own level-2 page, full of devices whose ITT it is as well.
    const bytes = new Uint8Array(0x1_0000);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += 8) view.setBigUint64(at, (1n << 63n) | 0x4200_0000n | 15n | 1n, true);
    const list = {
      deviceTableL1: "0x42000000",
      collectionTable: "0x42000000",
      lpiConfig: "0x42000000",
      lpiPending: ["0x42000000"],
    };
    const report = walked([
      text("x.giccap.json", JSON.stringify(list)),
      { name: "ram-0x42000000.bin", content: { bytes } },
    ]);
    assert.ok(report.leftOut > 0);
  });

  test("that are damaged anywhere are walked to their end", () => {
    const files = linuxFiles();
    const damage = fc.record({ file: fc.nat(files.length - 1), at: fc.nat(), byte: fc.nat(255), cut: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(damage, { minLength: 1, maxLength: 12 }),
        fc.nat(0x400),
        fc.nat(9),
        (damages, device, event) => {
          const changed = new Map<number, Uint8Array>();
          for (const { file, at, byte, cut } of damages) {
            const { content } = files[file];
            const bytes =
              changed.get(file) ??
              Uint8Array.from("bytes" in content ? content.bytes : Buffer.from("text" in content ? content.text : ""));
            if (bytes.length === 0) continue;
            bytes[at % bytes.length] = byte;
            changed.set(file, cut ? bytes.subarray(0, at % bytes.length) : bytes);
          }
          const damaged = files.map((file, number) => {
            const bytes = changed.get(number);
            if (bytes === undefined) return file;
            return "bytes" in file.content
              ? { name: file.name, content: { bytes } }
              : text(file.name, Buffer.from(bytes).toString());
          });
          const capture = openCapture(damaged);
          const report = finish(walkCapture(capture));
          for (const step of traceMsi(capture.facts, memoryOf(capture, report.layout), report.layout, device, event)) {
            assert.notEqual(msiText(step).sentence, "", `${step.link} ${step.state}`);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("of lists that are no lists are told", () => {
    const capture = openCapture([
      text("a.json", "{"),
      text(
        "b.giccap.json",
        JSON.stringify({
          its: -1,
          lpiPending: 5,
          itts: [7],
          deviceTableL2: { x: 1 },
          files: [],
          more: 1,
          layout: "mine",
        }),
      ),
      text("c.json", "[1]"),
    ]);
    assert.deepEqual(
      capture.problems.map(({ file, message }) => `${file} ${message}`.replace(/ JSON: .*/, " JSON")),
      [
        "a.json is no JSON",
        "b.giccap.json its is no address",
        'b.giccap.json deviceTableL2 has "x", which is no number',
        "b.giccap.json itts[0] has no device and address",
        "b.giccap.json lpiPending is no list of addresses",
        "b.giccap.json files is no object of addresses",
        'b.giccap.json "more" is not known',
        'b.giccap.json layout "mine" is none of kvm-rev0, qemu, gem5, xen',
      ],
    );
  });
});
