import { toBigInt } from "../../value64.ts";
import { gichListRegister } from "../cpu/hypervisor-fields.ts";
import { InterfaceWord, type VirtualCpu } from "../cpu/virtual-cpu.ts";
import type { KvmGuest } from "./guest.ts";

/**
 * The hypervisor interface of a PE by the names of its registers, as the host's kernel sees it: the registers themselves while the vCPU is
 * in its guest, else what KVM keeps of them in memory (`struct vgic_v3_cpu_if`, `struct vgic_v2_cpu_if`).
 * @param name in the manual's spelling, `ICH_LR0_EL2` or `GICH_LR0` @returns undefined for a register that the host does not have
 */
export function hypervisorRegister(guest: KvmGuest, pe: number, name: string): bigint | undefined {
  const cpu = guest.cpus[pe];
  if (cpu === undefined) return undefined;
  const v2 = guest.cpuInterface.version === 2;
  const pattern = v2 ? /^GICH_([A-Z]+?)(0|[1-9]\d?)?$/ : /^ICH_(AP[01]R|[A-Z]+)(0|[1-9]\d?)?_EL2$/;
  const match = pattern.exec(name);
  if (match === null) return undefined;
  const [, stem, number] = match;
  if (number === undefined) return single(guest, pe, cpu, stem);
  const registers = cpu.inGuest ? cpu.hardware : cpu.saved;
  const { features, activePriorityRegisters } = guest.cpuInterface;
  if (v2 && (stem === "EISR" || stem === "ELRSR")) return Number(number) === 0 ? single(guest, pe, cpu, stem) : 0n;
  const index = Number(number);
  if (stem === "LR") {
    if (index >= features.listRegisters) return undefined;
    const [low, high] = [registers.lrLow(index), registers.lrHigh(index)];
    return v2 ? BigInt(gichListRegister(low, high)) : toBigInt(low, high);
  }
  if (v2 || index >= activePriorityRegisters) return undefined;
  if (stem === "AP0R") return BigInt(registers.get(InterfaceWord.ap0r + index));
  return stem === "AP1R" ? BigInt(registers.get(InterfaceWord.ap1r + index)) : undefined;
}

/** A register that is no array. */
function single(guest: KvmGuest, pe: number, cpu: VirtualCpu, stem: string): bigint | undefined {
  const registers = cpu.inGuest ? cpu.hardware : cpu.saved;
  const { features, version } = guest.cpuInterface;
  switch (stem) {
    case "VTR":
      return BigInt(features.vtr);
    case "HCR":
      return BigInt(registers.get(InterfaceWord.hcr));
    case "VMCR":
      return BigInt(registers.get(InterfaceWord.vmcr));
    case "MISR":
      return BigInt(cpu.inGuest ? guest.worldSwitch.maintenanceState(pe) : 0);
    case "EISR":
      return BigInt(guest.worldSwitch.endedListRegisters(pe));
    case "ELRSR":
      return BigInt(guest.worldSwitch.emptyListRegisters(pe));
    case "APR":
      return version === 2 ? BigInt(registers.get(InterfaceWord.ap0r)) : undefined;
    default:
      return undefined;
  }
}
