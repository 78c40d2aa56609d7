import type { KvmGuest } from "./guest.ts";
import { toBigInt } from "./mmio.ts";
import { InterfaceWord } from "./virtual-cpu.ts";

/**
 * The hypervisor interface of a PE by the names of its registers, as the host's kernel sees it: the registers themselves while the vCPU is
 * in its guest, else what KVM keeps of them in memory (`struct vgic_v3_cpu_if`).
 * @param name in the manual's spelling, `ICH_LR0_EL2` @returns undefined for a register that the host does not have
 */
export function hypervisorRegister(guest: KvmGuest, pe: number, name: string): bigint | undefined {
  const cpu = guest.cpus[pe];
  if (cpu === undefined) return undefined;
  const registers = cpu.inGuest ? cpu.hardware : cpu.saved;
  const { features, activePriorityRegisters } = guest.cpuInterface;
  const array = /^ICH_(LR|AP0R|AP1R)(0|[1-9]\d?)_EL2$/.exec(name);
  if (array === null) {
    switch (name) {
      case "ICH_VTR_EL2":
        return BigInt(features.vtr);
      case "ICH_HCR_EL2":
        return BigInt(registers.get(InterfaceWord.hcr));
      case "ICH_VMCR_EL2":
        return BigInt(registers.get(InterfaceWord.vmcr));
      case "ICH_MISR_EL2":
        return BigInt(cpu.inGuest ? guest.worldSwitch.maintenanceState(pe) : 0);
      default:
        return undefined;
    }
  }
  const index = Number(array[2]);
  if (array[1] === "LR") {
    return index < features.listRegisters ? toBigInt(registers.lrLow(index), registers.lrHigh(index)) : undefined;
  }
  if (index >= activePriorityRegisters) return undefined;
  return BigInt(registers.get((array[1] === "AP0R" ? InterfaceWord.ap0r : InterfaceWord.ap1r) + index));
}
