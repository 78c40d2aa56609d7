import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ModelName } from "../../../architecture/index.ts";
import {
  createMachine,
  Errno,
  errnoName,
  explainRestoreFailure,
  loadState,
  restoreFaultText,
  saveState,
} from "../../../emulator/index.ts";
import { KvmMachine } from "../../../emulator/kvm/vmm/machine.ts";
import { EmulatorVm } from "../../conformance/emulator-vm.ts";
import { Fields } from "../../conformance/fields.ts";
import { Findings } from "../../conformance/findings.ts";
import { KvmReplay } from "../../conformance/kvm-replay.ts";
import type { KvmVmOptions } from "../../conformance/target.ts";
import { acts, at, mapc, mapd, mapti, populate, ready, submit } from "./machine.ts";

const CTRL = 4;
const RESTORE_TABLES = 2n;

/** A VM that compares what is explained with what RESTORE_TABLES answers. */
class ExplainingVm extends EmulatorVm {
  readonly compared: [explained: string, answered: string][];
  private readonly itss: string[] = [];

  constructor(options: KvmVmOptions, compared: [string, string][]) {
    super(options);
    this.compared = compared;
  }

  override createDevice(name: string, type: string): number {
    const errno = super.createDevice(name, type);
    if (errno === Errno.OK && type === "VGIC_ITS") this.itss.push(name);
    return errno;
  }

  override setAttr(device: string, group: number, attr: bigint, value: bigint): number {
    const its = this.system.itss[this.itss.indexOf(device)];
    if (its === undefined || group !== CTRL || attr !== RESTORE_TABLES || this.anyVcpuRunning) {
      return super.setAttr(device, group, attr, value);
    }
    const fault = explainRestoreFailure(its.state);
    const errno = super.setAttr(device, group, attr, value);
    this.compared.push([errnoName(fault?.errno ?? Errno.OK), errnoName(errno)]);
    return errno;
  }
}

const vectors = path.resolve(import.meta.dirname, "../../../../shared/vectors/kvm");

if (existsSync(vectors)) {
  describe("explainRestoreFailure on recordings of damaged tables", () => {
    for (const folder of ["its/5.10", "its/6.1", "its/6.12", "its/7.2", "its_high/7.2-max"]) {
      it(`${folder}: the errno that KVM gave`, () => {
        const compared: [string, string][] = [];
        for (const file of globSync(`${vectors}/${folder}/*{corrupt,restore,high}*.json`)) {
          const findings = new Findings();
          const recording = new Fields(JSON.parse(readFileSync(file, "utf8")), file);
          new KvmReplay(recording, { createKvmVm: (options) => new ExplainingVm(options, compared) }).run(findings);
          assert.deepEqual(findings.failures, [], file);
        }
        assert.ok(compared.length > 0, `${compared.length} restores`);
        for (const [explained, answered] of compared) assert.equal(explained, answered);
      });
    }
  });
}

/** A machine whose tables were saved and then forgotten, so that they can be damaged and restored. */
function savedTables(model: ModelName): KvmMachine {
  const machine = ready(model);
  assert.ok(machine instanceof KvmMachine);
  submit(machine, [mapc(0, 0), mapc(2, 2), mapd(1), mapd(3), mapti(1, 4, 2), mapti(1, 6, 0), mapti(3, 1, 0)]);
  return savedAndForgotten(machine);
}

/** As {@link savedTables}, with a two-level device table and a device beyond its first page. */
function savedTwoLevel(model: ModelName): KvmMachine {
  const machine = ready(model);
  assert.ok(machine instanceof KvmMachine);
  const its = machine.map.its[0];
  machine.write(its, 4, 0n);
  machine.write(its + 0x100, 8, (3n << 62n) | BigInt(at.deviceTable) | 0x200n);
  for (const index of [0, 1, 2]) machine.write(at.deviceTable + index * 8, 8, (1n << 63n) | BigInt(page(index)));
  machine.write(its, 4, 1n);
  const [opcode, size, itt, rest] = mapd(2);
  const [mapsEvent, ...event] = mapti(2, 4, 0);
  const far = BigInt(FAR - 2) << 32n;
  submit(machine, [mapc(0, 0), mapd(1), mapti(1, 4, 0), [opcode + far, size, itt, rest], [mapsEvent + far, ...event]]);
  return savedAndForgotten(machine);
}

/** Level-2 pages of the device table. */
const page = (index: number): number => at.itts + 0x2_0000 + index * 0x1_0000;
/** A DeviceID beyond the first of them, whatever a DTE's size. */
const FAR = 8192 + 2;

function savedAndForgotten(machine: KvmMachine): KvmMachine {
  assert.equal(machine.vmm.saveTables(0).errno, 0);
  const its = machine.map.its[0];
  const baser = [0x100, 0x108].map((offset) => machine.read(its + offset, 8) ?? 0n);
  const iidr = Number(machine.read(its + 4, 4));
  machine.write(its, 4, 0n);
  machine.vmm.resetIts(0);
  // Where the revision is compared at the restore, one that was not written is none that is known.
  machine.guest.itss[0].registers.userWrite(4, iidr, 0);
  machine.write(its + 0x100, 8, baser[0]);
  machine.write(its + 0x108, 8, baser[1]);
  return machine;
}

const dte = (device: number): number => at.deviceTable + device * 8;
const ite = (device: number, event: number): number => at.itts + device * 0x1000 + event * 8;
const cte = (index: number): number => at.collectionTable + index * 8;

const damages: readonly (readonly [string, number, bigint, string])[] = [
  [
    "a CTE of a PE that is not there",
    cte(1),
    0x8000_0000_0009_0002n,
    "EINVAL: the collection table's entry at 0x40010008 = 0x8000000000090002, field RDbase: there is no PE 9; this machine has 3",
  ],
  [
    "two CTEs of one ICID",
    cte(1),
    0x8000_0000_0002_0000n,
    "EEXIST: the collection table's entry at 0x40010008 = 0x8000000000020000, field ICID: ICID 0x0 exists already, by an earlier entry or an earlier restore",
  ],
  [
    "an ICID beyond the collection table",
    cte(1),
    0x8000_0000_0002_ffffn,
    "EINVAL: the collection table's entry at 0x40010008 = 0x800000000002ffff, field ICID: ICID 0xffff has no place in the table that GITS_BASER1 describes",
  ],
  [
    "a Size of 17 bits",
    dte(1),
    0x8004_0000_0a00_8210n | 0x10n,
    "EINVAL: the device table's entry of DeviceID 0x1 at 0x40040008 = 0x800400000a008210, field Size: 17 EventID bits are more than the 16 of this ITS",
  ],
  [
    "an ITT outside RAM",
    dte(3),
    0x8000_0000_0000_0004n,
    "EFAULT: the ITT's entry of DeviceID 0x3, EventID 0x0 at 0x0: it is not in RAM",
  ],
  [
    "an INTID that is no LPI",
    ite(1, 4),
    0x0002_0000_1fff_0002n,
    "EINVAL: the ITT's entry of DeviceID 0x1, EventID 0x4 at 0x40141020 = 0x000200001fff0002, field pINTID: INTID 8191 is no LPI; LPIs begin at 8192",
  ],
  [
    "a next beyond the ITT",
    ite(1, 4),
    0x001c_0000_2000_0002n,
    "EINVAL: the ITT's entry of DeviceID 0x1, EventID 0x4 at 0x40141020 = 0x001c000020000002, field next: it leads to EventID 0x20; the ITT has 32 events",
  ],
  [
    "an ICID without a collection",
    ite(1, 6),
    0x0000_0000_2000_0007n,
    "EINVAL: the ITT's entry of DeviceID 0x1, EventID 0x6 at 0x40141030 = 0x0000000020000007, field ICID: the collection table has no ICID 0x7",
  ],
  [
    "an LPI beyond the property table",
    ite(1, 6),
    0x0000_ffff_ffff_0000n,
    "EFAULT: the ITT's entry of DeviceID 0x1, EventID 0x6 at 0x40141030 = 0x0000ffffffff0000, field pINTID: the property byte of LPI 4294967295 at 0x14001dfff is not in RAM (GICR_PROPBASER)",
  ],
];

describe("explainRestoreFailure names table, entry and field of", () => {
  for (const [name, address, value, sentence] of damages) {
    it(name, () => {
      const machine = savedTables("kvm-7.2");
      machine.write(address, 8, value);
      const fault = explainRestoreFailure(machine.guest.itss[0].state);
      assert.ok(fault !== undefined);
      assert.equal(restoreFaultText(fault), sentence);
      assert.equal(machine.vmm.restoreTables(0).errno, fault.errno);
    });
  }

  it("a revision that the kernel does not know, where it is compared at the restore", () => {
    const machine = savedTables("kvm-draft-2017");
    machine.guest.itss[0].registers.userWrite(4, 0x4b00_743b, 0);
    const fault = explainRestoreFailure(machine.guest.itss[0].state);
    assert.ok(fault !== undefined);
    assert.equal(
      restoreFaultText(fault),
      "EINVAL: GITS_IIDR, field Revision: revision 7 of the saved tables is not among 1",
    );
    assert.equal(machine.vmm.restoreTables(0).errno, Errno.EINVAL);
  });

  it("nothing, where the tables are as they were saved", () => {
    assert.equal(explainRestoreFailure(savedTables("kvm-7.2").guest.itss[0].state), undefined);
  });
});

describe("explainRestoreFailure on tables with any damage", () => {
  const place = fc.oneof(
    fc.integer({ min: 0, max: 4 }).map(cte),
    fc.integer({ min: 0, max: 5 }).map(dte),
    fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 31 }))
      .map(([device, event]) => ite(device, event)),
  );
  const bit = fc.integer({ min: 0, max: 63 });
  const models: readonly ModelName[] = [
    "kvm-5.10",
    "kvm-6.1",
    "kvm-6.12",
    "kvm-7.2",
    "kvm-draft-2017",
    "kvm-revisions",
  ];
  for (const model of models) {
    it(`${model}: the errno of the restore, and none where it succeeds; nothing is changed`, () => {
      const machine = savedTables(model);
      const start = machine.journal.mark();
      fc.assert(
        fc.property(fc.array(fc.tuple(place, bit), { minLength: 1, maxLength: 6 }), acts, (flips, list) => {
          // Going back is exact (kvm-rewind.test.ts), and costs far less than a new machine.
          assert.equal(machine.journal.rewind(start), true);
          for (const act of list.slice(0, 3)) act(machine);
          for (const [address, number] of flips) {
            machine.write(address, 8, (machine.read(address, 8) ?? 0n) ^ (1n << BigInt(number)));
          }
          const mark = machine.journal.mark();
          const fault = explainRestoreFailure(machine.guest.itss[0].state);
          assert.equal(machine.journal.mark(), mark);
          assert.equal(fault?.errno ?? Errno.OK, machine.vmm.restoreTables(0).errno, fault && restoreFaultText(fault));
        }),
        { numRuns: 150 },
      );
    });
  }
});

describe("explainRestoreFailure of a two-level device table", () => {
  const models: readonly ModelName[] = [
    "kvm-5.10",
    "kvm-7.3",
    "kvm-draft-2017",
    "kvm-draft-2017-revisions",
    "kvm-draft-2017-level1",
    "kvm-draft-2017-last",
    "kvm-revisions",
  ];
  for (const model of models) {
    it(`${model}: the errno of the restore`, () => {
      const machine = savedTwoLevel(model);
      const fault = explainRestoreFailure(machine.guest.itss[0].state);
      assert.equal(fault?.errno ?? Errno.OK, machine.vmm.restoreTables(0).errno, fault && restoreFaultText(fault));
    });

    // Here the walk ends before it comes to the device.
    if (model === "kvm-draft-2017-last") continue;
    it(`${model}: a bad ITE is what is named`, () => {
      const machine = savedTwoLevel(model);
      const { iteBytes } = machine.guest.itss[0].state.abi;
      const bad = at.itts + 2 * 0x1000 + 4 * iteBytes;
      machine.write(bad, 8, 0x1fff_0000n);
      const fault = explainRestoreFailure(machine.guest.itss[0].state);
      assert.deepEqual([fault?.table, fault?.eventId, fault?.address, fault?.field], ["ITT", 4, bad, "pINTID"]);
    });
  }
});

describe("a state file with damaged tables", () => {
  it("is refused with errno, table, entry and field; machines that exist are as they were", () => {
    const machine = ready("kvm-7.2");
    populate(machine);
    const saved = saveState(machine);
    assert.ok("state" in saved);
    const copy = createMachine({ model: "kvm-7.2", cpus: 3, ram: [{ base: at.ram, bytes: at.ramBytes }] });
    const memory = saved.state.memory.map(({ address, bytes }) => ({ address, bytes: bytes.slice() }));
    const run = memory.find(({ address, bytes }) => address <= cte(0) && cte(0) < address + bytes.length);
    assert.ok(run !== undefined);
    run.bytes[cte(0) - run.address + 2] = 9;
    const mark = copy.journal.mark();
    const loaded = loadState({ ...saved.state, memory });
    assert.ok("failure" in loaded);
    assert.equal(loaded.failure.errno, Errno.EINVAL);
    assert.match(
      loaded.failure.message,
      /^EINVAL at RESTORE_TABLES: .*collection table.*field RDbase: there is no PE 9/,
    );
    assert.equal(copy.journal.mark(), mark);
  });
});
