import type { DeviceType, ModelName } from "../../../architecture/index.ts";
import { parsed } from "../hostile/json.ts";

/** Numbers that may need more than 53 bits, as `0x…`. */
export type Hex = `0x${string}`;

/**
 * One step of a stream, in the words of the recordings (`test/vectors/README.md`) where they have some. Beside those: steps of a vCPU and of
 * a register access that a VMM's threads would make in any order (`emulator/vmm.ts`), and what devices of the host do.
 */
export type Step =
  /** A model on which the stream is played, too. */
  | { readonly op: "model"; readonly name: ModelName }
  /** A guest that has booted. */
  | { readonly op: "machine"; readonly gic: 2 | 3; readonly cpus: number; readonly itss: number }
  /** A virtual machine in which nothing was made yet. */
  | { readonly op: "create_vm"; readonly hostGic: 2 | 3; readonly ipaBits: number }
  | { readonly op: "memslot"; readonly gpa: Hex; readonly size: Hex }
  | { readonly op: "create_vcpus"; readonly count: number }
  | { readonly op: "create_device"; readonly dev: string; readonly type: DeviceType | "vfio" }
  | { readonly op: "KVM_CREATE_IRQCHIP" }
  /** Saves the guest, and goes on with the one that is made of what was saved. */
  | { readonly op: "migrate" }
  | { readonly op: "create_device_test"; readonly type: number }
  | { readonly op: "KVM_ARM_SET_DEVICE_ADDR"; readonly id: Hex; readonly addr: Hex }
  | {
      readonly op: "set_attr" | "get_attr" | "has_attr";
      readonly dev: string;
      readonly group: number;
      readonly attr: Hex;
      readonly value?: Hex;
      readonly bad_user_pointer?: boolean;
    }
  | { readonly op: "write_mem"; readonly gpa: Hex; readonly hex: string }
  | { readonly op: "fill_mem"; readonly gpa: Hex; readonly len: number; readonly byte: number }
  | {
      readonly op: "signal_msi";
      readonly addr: Hex;
      readonly devid: number;
      readonly data: number;
      readonly flags: number;
    }
  | { readonly op: "irq_line"; readonly irq: Hex; readonly level: number }
  | { readonly op: "guest"; readonly vcpu: number; readonly insn: string; readonly addr: Hex; readonly value: Hex }
  | { readonly op: "start_vcpu_thread" | "stop_vcpu_thread"; readonly vcpu: number }
  | { readonly op: "begin_cwriter"; readonly vcpu: number; readonly its: number; readonly value: number }
  | { readonly op: "step_cwriter"; readonly vcpu: number }
  | { readonly op: "begin_set"; readonly reg: string; readonly vcpu: number; readonly its: number; readonly value: Hex }
  | { readonly op: "step_set" }
  | {
      readonly op: "host_map";
      readonly intid: number;
      readonly vcpu: number;
      readonly physical: number;
      readonly owner: number;
      readonly software: boolean;
    }
  | { readonly op: "host_unmap" | "host_reset"; readonly intid: number; readonly vcpu: number }
  | { readonly op: "host_line"; readonly physical: number; readonly vcpu: number; readonly level: boolean };

/** Steps that make something the journal does not take back: whole machines, or what they consist of. */
const MAKERS: readonly Step["op"][] = [
  "machine",
  "create_vm",
  "memslot",
  "create_vcpus",
  "create_device",
  "KVM_CREATE_IRQCHIP",
  "migrate",
];

/** Whether a machine cannot be taken back over a step. */
export function makes({ op }: Step): boolean {
  return MAKERS.includes(op);
}

export function hex(value: bigint | number): Hex {
  return `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;
}

/** The steps of a stream's lines. A line that is none, as one that was cut, is left out. */
export function stepsOf(lines: readonly string[]): readonly Step[] {
  return lines.flatMap((line) => {
    const step = parsed(line);
    return typeof step === "object" && step !== null && "op" in step ? [step as Step] : [];
  });
}
