import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createMachine, type Machine } from "../../../emulator/index.ts";
import { digestOf } from "../machine-state.ts";

type Act = (machine: Machine) => void;

const MODELS = ["kvm-5.10", "kvm-6.1", "kvm-6.12", "kvm-7.2"] as const;
const intid = fc.constantFrom(20, 23, 27, 33, 34, 35, 36, 37, 38, 39);
/** Two virtual interrupts may stand for one physical one: nothing in the kernel forbids it. */
const physical = fc.constantFrom(20, 23, 27, 100, 101, 102, 103, 104, 105);
const pe = fc.integer({ min: 0, max: 1 });
/** Offsets of enable, pending and active registers, and of GICD_ICFGR and GICD_IPRIORITYR. */
const offset = fc.constantFrom(0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0xc04, 0x410);
const word = fc.oneof(fc.constantFrom(0xffff_ffff, 0), fc.integer({ min: 0, max: 0xffff_ffff }));

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(intid, pe, physical, fc.nat(1), fc.boolean()).map(
    ([number, cpu, at, owner, softwareDeactivation]): Act =>
      (m) =>
        void m.vmm?.hostInterrupts.map({ intid: number, pe: cpu, physical: at, owner, softwareDeactivation }),
  ),
  fc.tuple(intid, pe).map(
    ([number, cpu]): Act =>
      (m) =>
        void m.vmm?.hostInterrupts.unmap(number, cpu),
  ),
  fc.tuple(intid, pe).map(
    ([number, cpu]): Act =>
      (m) =>
        void m.vmm?.hostInterrupts.reset(number, cpu),
  ),
  {
    weight: 4,
    arbitrary: fc.tuple(physical, fc.boolean(), pe).map(
      ([at, level, cpu]): Act =>
        (m) =>
          void m.vmm?.hostInterrupts.setLine(at, level, cpu),
    ),
  },
  fc.tuple(physical, fc.boolean(), pe).map(
    ([at, edge, cpu]): Act =>
      (m) =>
        void m.vmm?.hostInterrupts.setTrigger(at, edge, cpu),
  ),
  fc.tuple(intid, fc.boolean(), pe).map(
    ([number, level, cpu]): Act =>
      (m) =>
        void m.setLine?.(number, level, cpu),
  ),
  {
    weight: 4,
    arbitrary: fc.tuple(offset, word, pe, fc.boolean()).map(
      ([register, value, cpu, shared]): Act =>
        (m) => {
          const frame = shared ? m.map.gicd + 4 : m.map.gicr + cpu * m.map.gicrStride + 0x1_0000;
          m.write(frame + register, 4, BigInt(value));
        },
    ),
  },
  fc.tuple(fc.constantFrom("GICD_ISACTIVER1", "GICD_ICACTIVER1", "GICD_ISPENDR1", "GICD_ISENABLER1"), word).map(
    ([name, value]): Act =>
      (m) =>
        void m.vmm?.setRegister({ name, pe: 0, its: 0 }, BigInt(value)),
  ),
  {
    weight: 4,
    arbitrary: pe.map(
      (cpu): Act =>
        (m) =>
          void m.readSystemRegister?.(cpu, "ICC_IAR1_EL1"),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(pe, intid, fc.constantFrom("ICC_EOIR1_EL1", "ICC_DIR_EL1")).map(
      ([cpu, number, name]): Act =>
        (m) =>
          void m.writeSystemRegister?.(cpu, name, BigInt(number)),
    ),
  },
  fc.tuple(pe, fc.boolean()).map(
    ([cpu, split]): Act =>
      (m) =>
        void m.writeSystemRegister?.(cpu, "ICC_CTLR_EL1", split ? 2n : 0n),
  ),
  fc.tuple(pe, fc.boolean()).map(
    ([cpu, runs]): Act =>
      (m) =>
        void (runs ? m.vmm?.runVcpu(cpu) : m.vmm?.stopVcpu(cpu)),
  ),
);

/** A machine whose interrupts reach the guest. */
function machineOf(model: (typeof MODELS)[number], journal: boolean): Machine {
  const machine = createMachine({ model, cpus: 2, ram: [{ base: 0x4000_0000, bytes: 0x1_0000 }], journal });
  machine.write(machine.map.gicd, 4, 0x12n);
  machine.write(machine.map.gicd + 0x104, 4, 0xffff_ffffn);
  for (let cpu = 0; cpu < 2; cpu++) {
    machine.write(machine.map.gicr + cpu * machine.map.gicrStride + 0x1_0100, 4, 0xffff_ffffn);
    machine.writeSystemRegister?.(cpu, "ICC_PMR_EL1", 0xf8n);
    machine.writeSystemRegister?.(cpu, "ICC_IGRPEN1_EL1", 1n);
  }
  return machine;
}

/** What a GIC with mapped interrupts never is. */
function check(machine: Machine): void {
  for (let cpu = 0; cpu < 2; cpu++) {
    for (let index = 0; index < 4; index++) {
      const lr = machine.readHypervisorRegister?.(cpu, `ICH_LR${index}_EL2`) ?? 0n;
      const both = lr >> 62n === 3n && ((lr >> 61n) & 1n) === 1n;
      assert.ok(!both, `LR${index} of PE ${cpu} is pending and active with HW = 1: 0x${lr.toString(16)}`);
    }
    for (const number of [20, 23, 27, 33, 34, 35, 36, 37, 38, 39]) {
      const mapping = machine.vmm?.hostInterrupts.mapping(number, cpu);
      const state = mapping && machine.vmm?.hostInterrupts.state(mapping.physical, number < 32 ? cpu : 0);
      assert.ok(!state?.pending || state.active, `the host leaves the interrupt behind ${number} untaken`);
    }
  }
}

for (const model of MODELS) {
  describe(`mapped interrupts of ${model}`, () => {
    it("rewinding any run restores every word, and it runs again the same", () => {
      fc.assert(
        fc.property(fc.array(act, { minLength: 1, maxLength: 60 }), (acts) => {
          const machine = machineOf(model, true);
          const marks = acts.map((step) => {
            const at = { mark: machine.journal.mark(), digest: digestOf(machine) };
            step(machine);
            check(machine);
            return at;
          });
          const end = digestOf(machine);
          for (const { mark, digest } of marks.reverse()) {
            assert.equal(machine.journal.rewind(mark), true);
            assert.equal(digestOf(machine), digest);
          }
          for (const step of acts) step(machine);
          assert.equal(digestOf(machine), end);
        }),
        { numRuns: 60 },
      );
    });

    it("a run without the journal ends in the same state", () => {
      fc.assert(
        fc.property(fc.array(act, { minLength: 1, maxLength: 60 }), (acts) => {
          const [logged, bare] = [machineOf(model, true), machineOf(model, false)];
          for (const step of acts) step(logged);
          for (const step of acts) step(bare);
          assert.equal(digestOf(bare), digestOf(logged));
        }),
        { numRuns: 30 },
      );
    });
  });
}
