import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { registers } from "../../../architecture/index.ts";
import { createMachine, type Machine } from "../../../emulator/index.ts";
import { EmulatorVm } from "../../conformance/emulator-vm.ts";
import { digestOf } from "../machine-state.ts";

const DIST = 0x0800_0000n;
const SECOND = 0x0801_0000n;
const REDIST = 0x080a_0000n;
const KERNELS = ["5.10", "6.1", "6.12", "7.2"] as const;

type Act = (vm: EmulatorVm) => void;

const anyOffset = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...registers.flatMap(({ offset }) => (offset === undefined ? [] : [offset]))),
  },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0x1_1000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff_ffff }) },
);
const anyWord = fc.oneof(
  fc.constantFrom(0, 1, 3, 0xff, 0xffff_ffff, 0x8000_0000, 0x12, 0x28, 0x3ff),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const any64 = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), anyWord.map(BigInt));
const anyGroup = fc.integer({ min: 0, max: 10 });
const anyVcpu = fc.integer({ min: 0, max: 4 });

const anyAttribute = fc
  .tuple(anyGroup, anyVcpu, anyOffset, fc.integer({ min: 0xc000, max: 0xc7ff }), fc.nat(8))
  .map(([group, vcpu, offset, sysreg, plain]): [number, bigint] => {
    if (group === 6) return [group, (BigInt(vcpu) << 32n) | BigInt(sysreg)];
    if (group === 0 || group === 4) return [group, BigInt(plain)];
    return [group, (BigInt(vcpu) << 32n) | BigInt(offset)];
  });

const systemRegisters = registers.filter(({ block }) => block === "ICC").map(({ name }) => name.replace("<n>", "0"));
const anyInstruction = fc.oneof(
  fc.constantFrom("ldrb", "ldrh", "ldr32", "ldr64", "strb", "strh", "str32", "str64"),
  fc.tuple(fc.constantFrom("read", "write"), fc.constantFrom(...systemRegisters)).map((words) => words.join(" ")),
  fc.constantFrom("read ICC_IAR1_EL1", "write ICC_EOIR1_EL1", "write ICC_PMR_EL1=val, ICC_IGRPEN1_EL1=addr", "", "nop"),
);

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(anyAttribute, any64).map(
    ([[group, attr], value]): Act =>
      (vm) => {
        vm.setAttr("gic", group, attr, value);
      },
  ),
  anyAttribute.map(
    ([group, attr]): Act =>
      (vm) => {
        vm.getAttr("gic", group, attr);
        vm.hasAttr("gic", group, attr);
        vm.getAttrBadPointer("gic", group, attr);
        vm.setAttrBadPointer("gic", group, attr);
      },
  ),
  fc.tuple(anyVcpu, anyInstruction, fc.constantFrom(DIST, SECOND, REDIST), anyOffset, any64).map(
    ([vcpu, instruction, base, offset, value]): Act =>
      (vm) => {
        vm.guest(vcpu, instruction, base + BigInt(offset), value);
      },
  ),
  fc.tuple(anyVcpu, fc.constantFrom(1, 2), fc.integer({ min: 14, max: 100 }), fc.boolean()).map(
    ([vcpu, type, intid, level]): Act =>
      (vm) => {
        vm.irqLine((type << 24) | (vcpu << 16) | intid, level ? 1 : 0);
      },
  ),
  anyWord.map(
    (irq): Act =>
      (vm) => {
        vm.irqLine(irq, 1);
      },
  ),
);

/** A VM whose interrupts are all enabled, in both groups and triggers, so that random acts meet something to do. */
function live(kernel: (typeof KERNELS)[number], gic: 2 | 3): EmulatorVm {
  const vm = new EmulatorVm({ kernel, hostGic: gic });
  vm.createVcpus(3);
  vm.createDevice("gic", gic === 2 ? "VGIC_V2" : "VGIC_V3");
  vm.setAttr("gic", 3, 0n, 96n);
  vm.setAttr("gic", 0, gic === 2 ? 0n : 2n, DIST);
  vm.setAttr("gic", 0, gic === 2 ? 1n : 3n, gic === 2 ? SECOND : REDIST);
  vm.setAttr("gic", 4, 0n, 0n);
  vm.setAttr("gic", 1, 0x000n, 3n);
  for (const offset of [0x104n, 0x108n]) vm.setAttr("gic", 1, offset, 0xffff_ffffn);
  for (let vcpu = 0; vcpu < 3; vcpu++) {
    const enable = gic === 2 ? "str32" : "write ICC_PMR_EL1=val, ICC_IGRPEN1_EL1=addr";
    vm.guest(vcpu, enable, gic === 2 ? SECOND + 4n : 1n, 0xf8n);
    if (gic === 2) vm.guest(vcpu, "str32", SECOND, 7n);
    else vm.guest(vcpu, "write ICC_IGRPEN0_EL1", 0n, 1n);
  }
  return vm;
}

/** Digest of a VM's words, which a rewind has to bring back. */
function digest(vm: EmulatorVm): string {
  return digestOf(vm.system as unknown as Machine);
}

for (const kernel of KERNELS) {
  for (const gic of [2, 3] as const) {
    describe(`KVM ${kernel}, GICv${gic}, under random accesses of user space and guests`, () => {
      it("never throws, and rewinding restores every word", () => {
        fc.assert(
          fc.property(fc.array(anyAct, { minLength: 1, maxLength: 60 }), (acts) => {
            const vm = live(kernel, gic);
            const marks = acts.map((act) => {
              const at = { mark: vm.system.journal.mark(), digest: digest(vm) };
              act(vm);
              return at;
            });
            for (const at of marks.reverse()) {
              assert.equal(vm.system.journal.rewind(at.mark), true);
              assert.equal(digest(vm), at.digest);
            }
          }),
          { numRuns: 60 },
        );
      });

      it("takes any attribute before the GIC is set up", () => {
        fc.assert(
          fc.property(fc.array(anyAct, { maxLength: 20 }), (acts) => {
            const vm = new EmulatorVm({ kernel, hostGic: gic });
            vm.createDevice("gic", gic === 2 ? "VGIC_V2" : "VGIC_V3");
            vm.createVcpus(2);
            for (const act of acts) act(vm);
          }),
          { numRuns: 60 },
        );
      });
    });
  }
}

describe("the bus and the CPU interfaces of a KVM machine", () => {
  it("answer any access, and rewinding restores every word", () => {
    const access = fc.tuple(fc.constantFrom(0x0800_0000, 0x080a_0000), anyOffset, fc.constantFrom(1, 2, 4, 8), any64);
    const register = fc.tuple(fc.nat(3), fc.constantFrom(...systemRegisters), any64);
    const line = fc.tuple(fc.integer({ min: -1, max: 1100 }), fc.boolean(), fc.nat(3));
    fc.assert(
      fc.property(fc.array(fc.tuple(access, register, line), { maxLength: 40 }), (acts) => {
        const machine = createMachine({ model: "kvm-7.2", cpus: 2 });
        machine.write(0x0800_0000, 4, 0x12n);
        const { mark, before } = { mark: machine.journal.mark(), before: digestOf(machine) };
        for (const [[base, offset, bytes, value], [pe, name, word], [intid, level, owner]] of acts) {
          machine.write(base + offset, bytes as 1 | 2 | 4 | 8, value);
          machine.read(base + offset, bytes as 1 | 2 | 4 | 8);
          machine.setLine?.(intid, level, owner);
          machine.writeSystemRegister?.(pe, name, word);
          machine.readSystemRegister?.(pe, name);
        }
        machine.journal.rewind(mark);
        assert.equal(digestOf(machine), before);
      }),
      { numRuns: 100 },
    );
  });
});
