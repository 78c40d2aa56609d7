import { KvmVm } from "../../emulator/index.ts";
import type { KvmVmOptions, KvmVmTarget } from "./target.ts";

/** A VM of the emulator as the target of a recording: its memory can be looked at where it lies. */
export class EmulatorVm extends KvmVm implements KvmVmTarget {
  constructor({ kernel, ipaBits, host }: KvmVmOptions) {
    super({ kernel, ipaBits, hostGic: host.gicVersion });
  }

  viewMemory(gpa: bigint, length: number): Uint8Array | undefined {
    return this.system.memory.view(Number(gpa), length);
  }
}
