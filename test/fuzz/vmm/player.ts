import type { ModelName } from "../../../architecture/index.ts";
import {
  createMachine,
  decodeState,
  encodeState,
  type Journal,
  KvmVmm,
  loadState,
  type Machine,
  modelByName,
  type SavedState,
  saveState,
} from "../../../emulator/index.ts";
import { EmulatorVm } from "../../conformance/emulator-vm.ts";
import { arena, frames, RAM_BYTES } from "./arena.ts";
import { hasOrphans, hasStrays, lossOf } from "./loss.ts";
import type { Step } from "./steps.ts";

/** A virtual machine that steps are done to; one that was not booted from its set-up on is no {@link Machine}. */
interface Guest {
  readonly vm: EmulatorVm;
  readonly journal: Journal;
  readonly machine: Machine | undefined;
}

/** What a step came to: its answer, and whether the host would have crashed there. */
export interface Answer {
  readonly text: string;
  readonly crash: boolean;
}

/** Something that must not be, found by a step itself. */
export class Broken extends Error {}

/** Does the steps of a stream on a model of KVM, and tells their answers. */
export class Player {
  private readonly model: ModelName;
  private readonly logs: boolean;
  private guest: Guest | undefined;

  /** @param logs whether machines that boot have a journal */
  constructor(model: ModelName, logs: boolean) {
    this.model = model;
    this.logs = logs;
  }

  get journal(): Journal | undefined {
    return this.guest?.journal;
  }

  /** @returns undefined for a step that there is no machine for */
  play(step: Step): Answer | undefined {
    if (step.op === "machine") return this.boot(step);
    if (step.op === "create_vm") return this.create(step);
    const { guest } = this;
    if (guest === undefined) return undefined;
    const text = step.op === "migrate" ? this.migrate(guest) : perform(guest.vm, step);
    const crash = guest.vm.vmm.takeCrash();
    return { text: crash === undefined ? text : `${text}, crash: ${crash}`, crash: crash !== undefined };
  }

  private boot({ gic, cpus, itss }: Step & { readonly op: "machine" }): Answer {
    const machine = createMachine({
      model: this.model,
      cpus,
      gicVersion: gic,
      its: frames.itss.slice(0, itss),
      ram: [{ base: arena.ram, bytes: RAM_BYTES }],
      journal: this.logs,
    });
    this.guest = guestOf(machine);
    return { text: "booted", crash: false };
  }

  private create({ hostGic, ipaBits }: Step & { readonly op: "create_vm" }): Answer {
    const model = modelByName(this.model);
    if (!("kvm" in model)) throw new Error(`${model.name} is no model of KVM`);
    const vmm = new KvmVmm({ decisions: model.kvm, hostGic, ipaBits });
    this.guest = { vm: new EmulatorVm(vmm), journal: vmm.guest.journal, machine: undefined };
    return { text: "created", crash: false };
  }

  /** What a VMM cannot save, or not restore, stays as it is, with the reason. */
  private migrate({ machine }: Guest): string {
    if (machine === undefined) return "not booted";
    const orphaned = hasOrphans(machine);
    const saved = saveState(machine);
    if ("failure" in saved) return `not saved: ${saved.failure.message}`;
    const before = textOf(saved.state);
    const read = decodeState(before);
    if ("problem" in read) throw new Broken(`A saved state cannot be read: ${read.problem.message}`);
    const loaded = loadState(read.state);
    if ("failure" in loaded) return `not loaded: ${loaded.failure.message}`;
    const again = saveState(loaded.machine);
    if ("failure" in again) throw new Broken(`A restored machine cannot be saved: ${again.failure.message}`);
    const lost = lossOf(saved.state, again.state);
    if (lost !== undefined && !orphaned && !hasStrays(machine))
      throw new Broken(`A restored machine is saved differently: ${lost}`);
    this.guest = guestOf(loaded.machine);
    return "migrated";
  }
}

function textOf(state: SavedState): string {
  return encodeState(state).json;
}

function guestOf(machine: Machine): Guest {
  const { vmm, journal } = machine;
  if (!(vmm instanceof KvmVmm)) throw new Error(`${machine.model.name} is no model of KVM`);
  const vm = new EmulatorVm(vmm);
  vm.name("gic", vmm.gic);
  vm.name("its", vmm.device("VGIC_ITS", 0));
  vm.name("its2", vmm.device("VGIC_ITS", 1));
  return { vm, journal, machine };
}

function perform(vm: EmulatorVm, step: Step): string {
  const { vmm } = vm;
  switch (step.op) {
    case "memslot":
      return String(vm.addMemslot(0, BigInt(step.gpa), BigInt(step.size)));
    case "create_vcpus":
      return String(vm.createVcpus(step.count));
    case "create_device":
      return String(vm.createDevice(step.dev, step.type));
    case "KVM_CREATE_IRQCHIP":
      return String(vm.createIrqchip());
    case "create_device_test":
      return String(vm.testDevice(step.type));
    case "KVM_ARM_SET_DEVICE_ADDR":
      return String(vm.setDeviceAddr(BigInt(step.id), BigInt(step.addr)));
    case "set_attr":
    case "get_attr":
    case "has_attr":
      return attribute(vm, step);
    case "write_mem":
      return String(vm.writeMemory(BigInt(step.gpa), Uint8Array.from(Buffer.from(step.hex, "hex"))));
    case "fill_mem":
      return String(vm.fillMemory(BigInt(step.gpa), BigInt(step.len), step.byte));
    case "signal_msi":
      return told(vm.signalMsi({ ...step, address: BigInt(step.addr) }));
    case "irq_line":
      return told(vm.irqLine(Number(step.irq), step.level));
    case "guest":
      return told(vm.guest(step.vcpu, step.insn, BigInt(step.addr), BigInt(step.value)));
    case "start_vcpu_thread":
      return String(vm.startVcpu(step.vcpu));
    case "stop_vcpu_thread":
      return String(vm.stopVcpu(step.vcpu));
    case "begin_cwriter":
      return String(vmm.beginCwriter(step.vcpu, step.its, step.value));
    case "step_cwriter":
      return String(vmm.stepCwriter(step.vcpu));
    case "begin_set":
      return told(vmm.beginSet({ name: step.reg, pe: step.vcpu, its: step.its }, BigInt(step.value)));
    case "step_set":
      return told(vmm.stepSet());
    default:
      return hostStep(vm, step);
  }
}

function hostStep(vm: EmulatorVm, step: Step): string {
  const { hostInterrupts: host } = vm;
  switch (step.op) {
    case "host_map": {
      const { intid, vcpu: pe, physical, owner, software: softwareDeactivation } = step;
      return told(host.map({ intid, pe, physical, owner, softwareDeactivation }));
    }
    case "host_unmap":
      return told(host.unmap(step.intid, step.vcpu));
    case "host_reset":
      return told([host.reset(step.intid, step.vcpu), host.mapping(step.intid, step.vcpu)]);
    case "host_line":
      return told([host.setLine(step.physical, step.level, step.vcpu), host.state(step.physical, step.vcpu)]);
    default:
      throw new Error(`${step.op} is no step`);
  }
}

function attribute(vm: EmulatorVm, step: Step & { readonly op: "set_attr" | "get_attr" | "has_attr" }): string {
  const { op, dev, group, bad_user_pointer: bad } = step;
  const [attr, value] = [BigInt(step.attr), BigInt(step.value ?? 0)];
  if (op === "has_attr") return String(vm.hasAttr(dev, group, attr));
  if (op === "set_attr")
    return String(bad ? vm.setAttrBadPointer(dev, group, attr) : vm.setAttr(dev, group, attr, value));
  return bad ? String(vm.getAttrBadPointer(dev, group, attr)) : told(vm.getAttr(dev, group, attr, value));
}

function told(answer: unknown): string {
  return (
    JSON.stringify(answer, (_, value: unknown) => (typeof value === "bigint" ? `0x${value.toString(16)}` : value)) ??
    "none"
  );
}
