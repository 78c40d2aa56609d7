import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { commandByName, encodeCommand } from "../../../architecture/index.ts";
import { openCapture, walkCapture } from "../../../dumps/captures/index.ts";
import { checkGuest, remarkText } from "../../../dumps/guests/index.ts";
import { finish } from "../../../dumps/work.ts";
import { createMachine, saveState } from "../../../emulator/index.ts";
import { CommandQueue } from "../../../runner/command-queue.ts";
import { EmulatorTarget, setUpTarget } from "../../../runner/index.ts";
import { stateOfGuest } from "../../../runner/saved-machines/index.ts";
import { guestOf } from "./fixtures.ts";
import { kvmState } from "./kvm-guest.ts";
import { cloudHypervisorState, crosvmSnapshot, firecrackerText, gem5Checkpoint, memoryFile } from "./vmm-files.ts";

const state = kvmState();
const memory = memoryFile(state);

function events(guest: ReturnType<typeof guestOf>) {
  const report = finish(walkCapture(openCapture([{ name: "state", content: { guest } }])));
  return report.devices.flatMap(({ deviceId, events: list }) =>
    list.map(({ eventId, intid, target, pending }) => [deviceId, eventId, intid, target, pending]),
  );
}

const EVENTS = [
  [0x8, 3, 8192, 1, [1]],
  [0x10, 1, 8200, 0, []],
];

describe("a snapshot of cloud-hypervisor", () => {
  const guest = guestOf(cloudHypervisorState(state), memory);

  test("is a machine with the registers and memory that were saved", () => {
    assert.deepEqual(guest.problems, []);
    const made = stateOfGuest(guest, "kvm-7.2");
    assert.ok("state" in made);
    assert.deepEqual(made.state, state);
    assert.deepEqual(
      made.left.map((sentence) => sentence.split(": ").slice(0, 2).join(": ")),
      [
        "GICD: not in the file, as at reset",
        "PE 0: not in the file, as at reset",
        "PE 1: not in the file, as at reset",
      ],
    );
  });

  test("is walked as a capture", () => {
    assert.deepEqual(events(guest), EVENTS);
    assert.deepEqual(
      guest.notes.map(({ code }) => code),
      ["not-taken", "assumed"],
    );
    assert.match(remarkText(guest.notes[0]), /^not taken over: snapshots cpu-manager\/0, device-manager$/);
  });

  test("without its memory says so", () => {
    const alone = guestOf(cloudHypervisorState(state));
    assert.ok(alone.notes.some(({ code }) => code === "no-memory"));
    assert.deepEqual(events(alone), []);
    const short = guestOf(cloudHypervisorState(state), memory.subarray(0, 0x20_0000));
    assert.deepEqual(short.problems.map(remarkText), [
      "the file with the memory has 2097152 of the 67108864 bytes of range 0",
    ]);
  });

  test("with lists of other lengths says which", () => {
    const odd = guestOf(
      cloudHypervisorState(state, (gic) => {
        gic.dist = (gic.dist as number[]).slice(0, -1);
        gic.icc = [...(gic.icc as number[]), 1];
        gic.rdist = [...(gic.rdist as number[]), 1];
      }),
      memory,
    );
    assert.deepEqual(odd.problems.map(remarkText).toSorted(), [
      "dist has 648 words where 568 fit; the others are left out",
      "icc has 19 words where 18 fit; the others are left out",
      "rdist has 49 words where 48 fit; the others are left out",
    ]);
  });

  test("of Microsoft's hypervisor, or without a GIC, is refused", () => {
    const none = JSON.stringify({ snapshots: {}, snapshot_data: null });
    assert.throws(() => guestOf(none), /It has no "gic-v3-its"/);
    const other = cloudHypervisorState(state).replace('{\\"Kvm\\":', '{\\"MshvGicV2M\\":{},\\"Kvm2\\":');
    assert.throws(() => guestOf(other), /Microsoft's hypervisor/);
  });
});

describe("the text of Firecracker's snapshot-editor", () => {
  test("is a machine with the registers and memory that were saved", () => {
    const guest = guestOf(firecrackerText(state, 8), memory);
    assert.deepEqual(guest.problems, []);
    const made = stateOfGuest(guest, "kvm-7.2");
    assert.ok("state" in made);
    assert.deepEqual(made.state, state);
    assert.deepEqual(events(guest), EVENTS);
  });

  test("has 96 SPIs as Firecracker's guests do", () => {
    const guest = guestOf(firecrackerText(state), memory);
    const made = stateOfGuest(guest, "kvm-7.2");
    assert.ok("state" in made);
    assert.equal(made.state.distributor.get("GICD_ISENABLER1"), 0x8000_0101n);
    assert.match(made.left[0], /^GICD: not in the file, as at reset: GICD_IIDR, /);
  });

  test("that is broken names the line", () => {
    const text = firecrackerText(state);
    assert.throws(() => guestOf(text.slice(0, 2000)), /^Error: Line \d+: the text ends where .* is expected\.$/);
    assert.throws(() => guestOf(text.replace("memory: ", "memory = ")), /Line 9: /);
  });

  test("may be anything", () => {
    const text = firecrackerText(state);
    const change = fc.record({
      at: fc.nat(text.length - 1),
      text: fc.constantFrom("{", "}", "[", "]", "(", ",", "9", "x", '"', ""),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        let damaged = text;
        for (const { at, text: with_ } of changes) damaged = damaged.slice(0, at) + with_ + damaged.slice(at + 1);
        try {
          const guest = guestOf(damaged);
          stateOfGuest(guest);
        } catch (error) {
          assert.match(String(error), /^Error: (?:Line \d+: |It has no |no guest)/);
        }
      }),
      { numRuns: 60 },
    );
    assert.throws(() => guestOf(`MicrovmState {${"a: B {".repeat(10_000)}`), /Line 1: it is too deep/);
  });
});

describe("a snapshot of crosvm", () => {
  const bytes = crosvmSnapshot(state);
  const guest = guestOf(bytes);

  test("has the registers that were saved", () => {
    assert.deepEqual(guest.problems, []);
    for (const [name, value] of state.distributor)
      if (name.startsWith("GICD_") && name !== "GICD_IIDR") assert.equal(guest.distributor.get(name), value, name);
    assert.deepEqual(
      guest.cpuInterfaces.map((values) => new Map([...values].sort())),
      state.cpuInterfaces.map((values) => new Map([...values].sort())),
    );
    for (const [pe, registers] of state.redistributors.entries())
      for (const [name, value] of registers)
        if (name.startsWith("GICR_")) assert.equal(guest.redistributors[pe].get(name), value, name);
    assert.ok("state" in stateOfGuest(guest, "kvm-7.2"));
  });

  test("is restored in an order that takes back all that it enables", () => {
    const found = checkGuest(guest).filter(({ code }) => code === "cleared-after-set");
    assert.deepEqual(
      found.map((finding) => ("set" in finding ? [finding.unit, finding.set, finding.clear, finding.intids] : [])),
      [
        ["GICD", "GICD_ISENABLER1", "GICD_ICENABLER1", [32, 40, 63]],
        ["GICD", "GICD_ISENABLER8", "GICD_ICENABLER8", [260]],
        ["GICD", "GICD_ISPENDR1", "GICD_ICPENDR1", [41]],
        ...[0, 1].map((pe) => [
          `PE ${pe}`,
          "GICR_ISENABLER0",
          "GICR_ICENABLER0",
          [...Array.from({ length: 16 }, (_, intid) => intid), 27 + pe],
        ]),
      ],
    );
  });

  test("that is cut or changed is read to an end", () => {
    assert.throws(
      () => guestOf(bytes.subarray(0, 5000)),
      /Offset 0x[0-9a-f]+: the file ends in the midst of a value\./,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, byte] of changes) damaged[at] = byte;
        try {
          stateOfGuest(guestOf(damaged));
        } catch (error) {
          assert.match(String(error), /^Error: (?:Offset 0x[0-9a-f]+: |It has no cpu_specific|no guest)/);
        }
      }),
      { numRuns: 30 },
    );
    const deep = Buffer.concat([Buffer.from([0xa1, 0x6c]), Buffer.from("cpu_specific"), Buffer.alloc(5000, 0x81)]);
    assert.throws(() => guestOf(deep), /it is too deep/);
    const long = Buffer.concat([
      Buffer.from([0xa1, 0x6c]),
      Buffer.from("cpu_specific"),
      Buffer.from([0x9a, 0xff, 0xff, 0xff, 0xff]),
    ]);
    assert.throws(() => guestOf(long), /the file ends in the midst of a value/);
  });
});

describe("a checkpoint of gem5", () => {
  const machine = createMachine({ model: "arch", layout: "gem5", cpus: 2 });
  const target = new EmulatorTarget(machine);
  assert.equal(setUpTarget(target, 0x4000_0000, 0x400_0000), undefined);
  const queue = new CommandQueue(target);
  const submit = (name: string, values: Readonly<Record<string, number>>): void => {
    const command = commandByName(name);
    assert.ok(command);
    const raw = Object.fromEntries(Object.entries(values).map(([field, value]) => [field, BigInt(value)]));
    assert.equal(queue.submit(encodeCommand(command, raw)), undefined);
  };
  submit("MAPC", { ICID: 1, RDbase: 1, V: 1 });
  submit("MAPD", { DeviceID: 8, ITT_addr: 0x4200_0000 / 256, Size: 4, V: 1 });
  submit("MAPTI", { DeviceID: 8, EventID: 3, pINTID: 8192, ICID: 1 });
  submit("INT", { DeviceID: 8, EventID: 3 });
  const saved = saveState(machine);
  assert.ok("state" in saved);
  const { itss, redistributors } = saved.state;
  const address = (registers: ReadonlyMap<string, bigint>, name: string): number =>
    Number((registers.get(name) ?? 0n) & 0xf_ffff_ffff_f000n);
  const [properties] = redistributors.map((registers) => address(registers, "GICR_PROPBASER"));
  const pending = redistributors.map((registers) => address(registers, "GICR_PENDBASER"));
  const basers = [0, 1].map((index) => itss[0].get(`GITS_BASER${index}`) ?? 0n);
  const text = gem5Checkpoint({ basers, properties, pending });
  const guest = guestOf(text);

  test("has registers of the GIC", () => {
    assert.deepEqual(guest.problems, []);
    assert.equal(guest.distributor.get("GICD_CTLR"), 0x52n);
    assert.equal(guest.distributor.get("GICD_ISENABLER1"), 0x102n);
    assert.equal(guest.distributor.get("GICD_ISPENDR1"), 0x100n);
    assert.equal(guest.distributor.get("GICD_ICFGR2"), 0x8n);
    assert.equal(guest.distributor.get("GICD_IPRIORITYR10"), 0x2b2a_2928n);
    assert.equal(guest.distributor.get("GICD_IROUTER40"), 1n);
    assert.deepEqual(
      guest.redistributors.map((registers) =>
        ["GICR_CTLR", "GICR_PROPBASER", "GICR_PENDBASER", "GICR_ISENABLER0"].map((name) => registers.get(name)),
      ),
      [
        [1n, BigInt(properties + 15), BigInt(pending[0]), 0x800_0000n],
        [1n, BigInt(properties + 15), BigInt(pending[1]), 0x1000_0000n],
      ],
    );
    assert.equal(guest.itss[0].registers.get("GITS_BASER1"), basers[1]);
  });

  test("with its memory beside it is walked as a capture", () => {
    const opened = openCapture([
      { name: "m5.cpt", content: { guest } },
      { name: "mem-0x40000000.bin", content: { bytes: memoryFile(saved.state) } },
    ]);
    assert.equal(opened.layout?.name, "gem5");
    const { devices } = finish(walkCapture(opened));
    assert.deepEqual(
      devices.flatMap(({ deviceId, events: list }) =>
        list.map(({ eventId, intid, target, pending: where }) => [deviceId, eventId, intid, target, where]),
      ),
      [[0x8, 3, 8192, 1, [1]]],
    );
  });

  test("is no machine, and it is said", () => {
    const made = stateOfGuest(guest);
    assert.ok("failure" in made);
    assert.match(made.failure, /no model of gem5/);
  });
});

test("a state that may be anything is read to an end", () => {
  const text = cloudHypervisorState(state);
  const change = fc.record({
    at: fc.nat(text.length - 1),
    text: fc.constantFrom("{", "}", "[", "]", ",", "9", "x", '"', "\\", ""),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
      let damaged = text;
      for (const { at, text: with_ } of changes) damaged = damaged.slice(0, at) + with_ + damaged.slice(at + 1);
      try {
        stateOfGuest(guestOf(damaged, memory.subarray(0, 4096)));
      } catch (error) {
        assert.match(String(error), /^Error: (?:It is no JSON object|It has no "gic-v3-its"|no guest)/);
      }
    }),
    { numRuns: 60 },
  );
});
