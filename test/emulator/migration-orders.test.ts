import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ModelName } from "../../architecture/index.ts";
import {
  errnoName,
  type MigrationReport,
  migrateMachine,
  migrationOrder,
  migrationOrders,
} from "../../emulator/index.ts";
import { KvmMachine } from "../../emulator/kvm/vmm/machine.ts";
import { acts, answers, at, mapc, mapd, mapti, onEvent, populate, ready, submit } from "./state-file/machine.ts";

/** Two events of one device: LPI 8228 is pending on PE 2, LPI 8230 came to PE 0 and was handled. */
function source(model: ModelName = "kvm-7.2"): KvmMachine {
  const machine = ready(model);
  assert.ok(machine instanceof KvmMachine);
  submit(machine, [
    mapc(0, 0),
    mapc(2, 2),
    mapd(1),
    mapti(1, 4, 2),
    mapti(1, 6, 0),
    onEvent(3n, 1, 4),
    onEvent(3n, 1, 6),
  ]);
  assert.equal(machine.readSystemRegister(0, "ICC_IAR1_EL1"), 8230n);
  machine.writeSystemRegister(0, "ICC_EOIR1_EL1", 8230n);
  return machine;
}

function migrated(machine: KvmMachine, name: string, to?: ModelName): MigrationReport {
  const order = migrationOrder(name);
  assert.ok(order !== undefined, name);
  const report = migrateMachine(machine, order, to);
  if ("failure" in report) assert.fail(report.failure);
  return report;
}

const told = ({ losses }: MigrationReport): readonly string[] => losses.map(({ message }) => message);
const refusals = ({ steps }: MigrationReport): readonly string[] =>
  steps.filter(({ errno }) => errno !== 0).map(({ step, errno }) => `${step} ${errnoName(errno)}`);

const nothingArrived = [
  "ICID 0x0 is missing; it had PE 0.",
  "ICID 0x2 is missing; it had PE 2.",
  "DeviceID 0x1 is missing, with 2 mapped events.",
  "LPI 8228 was pending and does not exist: the interrupt is lost.",
];
const pendingLost = ["LPI 8228 was pending and is not: the interrupt is lost."];
const replayed = [
  "7 commands of the queue ran on the destination, which the source had done or never had: MAPC, MAPC, MAPD, MAPTI, MAPTI, INT, INT.",
  "LPI 8230 is pending and was not: an interrupt comes a second time.",
];

/** For each order: what the kernel refuses, and what is lost. */
const expected: Readonly<Record<string, readonly [refused: readonly string[], lost: readonly string[]]>> = {
  documented: [[], []],
  "tables-not-saved": [[], nothingArrived],
  "pending-not-saved": [[], pendingLost],
  "memory-before-save": [[], nothingArrived],
  "tables-before-memory": [[], nothingArrived],
  "tables-before-redistributors": [["RESTORE_TABLES EFAULT"], nothingArrived],
  "tables-before-baser": [[], nothingArrived],
  "tables-before-iidr": [[], []],
  "enable-lpis-first": [
    ["RESTORE_TABLES EFAULT"],
    [
      ...[0, 1, 2].flatMap((pe) => [
        `GICR_PROPBASER of PE ${pe} is 0x580; the source has 0x4002018f.`,
        `GICR_PENDBASER of PE ${pe} is 0x580; the source has 0x400${"cde"[pe]}0180.`,
      ]),
      ...nothingArrived,
    ],
  ],
  "enable-lpis-after-tables": [[], pendingLost],
  "its-address-last": [
    ["GITS_IIDR", "GITS_CBASER", "GITS_CREADR", "GITS_CWRITER", "GITS_BASER<n>"].map((step) => `${step} ENXIO`),
    [
      "GITS_CBASER of ITS 0 is 0x0; the source has 0x980000004000000f.",
      "GITS_CREADR of ITS 0 is 0x0; the source has 0xe0.",
      "GITS_CWRITER of ITS 0 is 0x0; the source has 0xe0.",
      "GITS_BASER0 of ITS 0 is 0x1907000000000600; the source has 0x9907000040040207.",
      "GITS_BASER1 of ITS 0 is 0x1c07000000000600; the source has 0x9c07000040010200.",
      "GITS_CTLR of ITS 0 is 0x80000000; the source has 0x80000001.",
      ...nothingArrived,
    ],
  ],
  "creadr-before-cbaser": [[], replayed],
  "cwriter-before-cbaser": [
    [],
    [
      `2041 commands of the queue ran on the destination, which the source had done or never had: ${"opcode 0x0, ".repeat(8)}….`,
      "GITS_CREADR of ITS 0 is 0x0; the source has 0xe0.",
      "GITS_CWRITER of ITS 0 is 0x0; the source has 0xe0.",
    ],
  ],
  "ctlr-first": [[], ["GITS_CTLR of ITS 0 is 0x80000000; the source has 0x80000001."]],
  "queue-while-enabled": [["GITS_CREADR EBUSY"], replayed],
};

describe("the orders of a migration", () => {
  it("have each an expectation here, a name of its own, and but for the documented one a harm", () => {
    assert.deepEqual(
      migrationOrders.map(({ name }) => name),
      Object.keys(expected),
    );
    assert.deepEqual(
      migrationOrders.filter(({ harm }) => harm === undefined).map(({ name }) => name),
      ["documented"],
    );
  });

  for (const [name, [refused, lost]] of Object.entries(expected)) {
    it(name, () => {
      const machine = source();
      const before = answers(machine);
      const report = migrated(machine, name);
      assert.deepEqual(refusals(report), refused);
      assert.deepEqual(told(report), lost);
      assert.deepEqual(answers(machine), before, "the source goes on as it was");
      const { save, restore } = report.order;
      assert.deepEqual(
        report.steps.map(({ step }) => step),
        [...save, ...restore],
      );
    });
  }

  it("creadr-before-cbaser is refused where the offset is beyond one page, GITS_CBASER's size at reset", () => {
    const machine = source();
    submit(
      machine,
      Array.from({ length: 130 }, () => onEvent(0xcn, 1, 4)),
    );
    assert.deepEqual(refusals(migrated(machine, "creadr-before-cbaser")), ["GITS_CREADR EINVAL"]);
  });

  it("tables-before-iidr loses the tables where the kernel knows more than one revision", () => {
    const machine = ready("kvm-revisions");
    assert.ok(machine instanceof KvmMachine);
    const its = machine.map.its[0];
    machine.write(its, 4, 0n);
    assert.equal(machine.guest.itss[0].registers.userWrite(4, 0x4b00_043b, 0), 0);
    for (const baser of [0x100, 0x108]) machine.write(its + baser, 8, machine.read(its + baser, 8) ?? 0n);
    machine.write(its, 4, 1n);
    submit(machine, [mapc(0, 0), mapd(1), mapti(1, 4, 0), mapti(1, 6, 0)]);
    assert.deepEqual(told(migrated(machine, "documented")), []);
    assert.deepEqual(told(migrated(machine, "tables-before-iidr")), [
      "GITS_BASER0 of ITS 0 is 0x990f000040040207; the source has 0x9907000040040207.",
      "DeviceID 0x1 is missing, with 2 mapped events.",
    ]);
  });

  it("cwriter-before-cbaser runs what an earlier round left in the queue", () => {
    const machine = source();
    machine.memory.writeBytes(at.queue + 0x8000, commandBytes(mapd(1, false)));
    const lost = told(migrated(machine, "cwriter-before-cbaser"));
    assert.ok(lost.includes("DeviceID 0x1 is missing, with 2 mapped events."), lost.join("\n"));
  });
});

function commandBytes(words: readonly bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(32));
  words.forEach((word, index) => {
    view.setBigUint64(index * 8, word, true);
  });
  return new Uint8Array(view.buffer);
}

describe("a migration in the documented order", () => {
  const kernels: readonly ModelName[] = ["kvm-5.10", "kvm-6.1", "kvm-6.12", "kvm-7.2"];
  for (const kernel of kernels) {
    it(`${kernel}: loses nothing of what it can hold`, () => {
      fc.assert(
        fc.property(acts, (list) => {
          const machine = ready(kernel);
          assert.ok(machine instanceof KvmMachine);
          populate(machine);
          for (const act of list) act(machine);
          const report = migrated(machine, "documented");
          assert.deepEqual(refusals(report), []);
          assert.deepEqual(told(report), []);
        }),
        { numRuns: 20 },
      );
    });
  }

  it("to an older kernel fails at GICD_IIDR, whose revision that kernel does not have", () => {
    const report = migrated(source(), "documented", "kvm-5.10");
    assert.deepEqual(refusals(report), ["distributor EINVAL"]);
    assert.match(report.steps.find(({ errno }) => errno !== 0)?.message ?? "", /^GICD_IIDR = 0x4b00343b is refused$/);
    assert.ok(told(report).includes("GICD_IIDR is 0x4b00243b; the source has 0x4b00343b."));
  });

  it("to a newer kernel keeps the older one's revision", () => {
    assert.deepEqual(told(migrated(source("kvm-5.10"), "documented", "kvm-7.2")), []);
  });

  it("tells of events whose collection is gone", () => {
    const machine = source();
    submit(machine, [mapc(2, 2, false)]);
    assert.deepEqual(told(migrated(machine, "documented")), [
      "EventID 0x4 of DeviceID 0x1 is missing; it was LPI 8228, no collection.",
      "LPI 8228 was pending and does not exist: the interrupt is lost.",
    ]);
  });

  it("ends where the source's kernel crashes", () => {
    const machine = source("kvm-6.12");
    submit(machine, [mapc(2, 2, false)]);
    const report = migrated(machine, "documented");
    assert.equal(report.destination, undefined);
    assert.match(report.steps[0]?.message ?? "", /^the host crashes: .*NULL/);
  });

  it("is not for QEMU's machine, which has no steps", () => {
    const order = migrationOrder("documented");
    assert.ok(order !== undefined);
    const report = migrateMachine(ready("qemu-7.2"), order);
    assert.ok("failure" in report && report.failure.includes("not saved step by step"));
    const other = migrateMachine(source(), order, "qemu-7.2");
    assert.ok("failure" in other && other.failure.includes("cannot be restored as qemu-7.2"));
  });
});
