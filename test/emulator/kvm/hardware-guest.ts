import type { HostInterrupts } from "../../../emulator/index.ts";
import { EmulatorVm, type Kernel } from "../../conformance/emulator-vm.ts";

export const KERNELS: readonly Kernel[] = ["5.10", "6.1", "6.12", "7.2"];
export const GICD = 0x0800_0000n;
export const GICC = 0x0801_0000n;
const GICR = 0x080a_0000n;
/** INTID of no interrupt. */
export const NONE = 1023;

/** State bits of ICH_LR<n>_EL2, and HW. */
export const Lr = { pending: 1n << 62n, active: 1n << 63n, hw: 1n << 61n, group1: 1n << 60n, eoi: 1n << 41n } as const;

/** What a guest with either GIC and its host have in common: instructions, registers, and the hypervisor interface as KVM uses it. */
abstract class HardwareGuest {
  readonly vm: EmulatorVm;
  /** Accesses of KVM to the hypervisor interface, in order: `ICH_LR0_EL2`, value. */
  readonly accesses: { register: string; write: boolean; value: bigint }[] = [];

  protected constructor(vm: EmulatorVm) {
    this.vm = vm;
  }

  protected watch(): void {
    this.vm.system.worldSwitch.onAccess = ({ register, write, value }) =>
      this.accesses.push({ register, write, value });
  }

  get host(): HostInterrupts {
    return this.vm.hostInterrupts;
  }

  /** What KVM last loaded into a register, not to empty it. */
  loaded(register: string): bigint | undefined {
    return this.accesses.findLast((access) => access.write && access.register === register && access.value !== 0n)
      ?.value;
  }

  /** What KVM last read of a register. */
  seen(register: string): bigint | undefined {
    return this.accesses.findLast((access) => !access.write && access.register === register)?.value;
  }

  store(address: bigint, value: number, cpu = 0): void {
    this.vm.guest(cpu, "str32", address, BigInt(value >>> 0));
  }

  load(address: bigint, cpu = 0): number {
    return Number(this.vm.guest(cpu, "ldr32", address, 0n).result);
  }

  /** Maps a virtual interrupt to a physical one. @returns errno */
  map(intid: number, physical: number, owner = 0, softwareDeactivation = false): number {
    return this.host.map({ intid, physical, owner, softwareDeactivation }).errno;
  }

  /** Whether a physical interrupt is active. */
  active(physical: number): boolean | undefined {
    return this.host.state(physical)?.active;
  }
}

/** A guest with a GICv3. Everything is in Group 1, enabled and of priority 0; SPIs are level-sensitive. */
export class HardwareGuest3 extends HardwareGuest {
  constructor(kernel: Kernel, cpus = 1) {
    super(new EmulatorVm({ kernel }));
    const { vm } = this;
    vm.createVcpus(cpus);
    vm.createDevice("gic", "VGIC_V3");
    vm.setAttr("gic", 3, 0n, 96n);
    vm.setAttr("gic", 0, 2n, GICD);
    vm.setAttr("gic", 0, 3n, GICR);
    vm.setAttr("gic", 4, 0n, 0n);
    this.store(GICD, 0x12);
    for (const word of [1n, 2n]) this.store(GICD + 0x100n + 4n * word, 0xffff_ffff);
    for (const word of [2n, 3n, 4n, 5n]) this.store(GICD + 0xc00n + 4n * word, 0);
    for (let cpu = 0; cpu < cpus; cpu++) {
      this.store(this.sgiFrame(cpu) + 0x100n, 0xffff_ffff);
      vm.guest(cpu, "write ICC_PMR_EL1=val, ICC_IGRPEN1_EL1=addr", 1n, 0xf8n);
    }
    this.watch();
  }

  private sgiFrame(cpu: number): bigint {
    return GICR + BigInt(cpu) * 0x2_0000n + 0x1_0000n;
  }

  /** Address of the GICR register of PE 0 at an offset of the SGI frame. */
  ppi(offset: bigint): bigint {
    return this.sgiFrame(0) + offset;
  }

  read(name: string, cpu = 0): number {
    return Number(this.vm.guest(cpu, `read ICC_${name}_EL1`, 0n, 0n).result);
  }

  write(name: string, value: number, cpu = 0): void {
    this.vm.guest(cpu, `write ICC_${name}_EL1`, 0n, BigInt(value));
  }

  /** Acknowledges and ends what comes, until nothing does. @returns the INTIDs */
  serve(limit = 64): number[] {
    const taken: number[] = [];
    for (let intid = this.read("IAR1"); intid < NONE && taken.length < limit; intid = this.read("IAR1")) {
      taken.push(intid);
      this.write("EOIR1", intid);
    }
    return taken;
  }

  prioritise(intid: number, priority: number): void {
    this.vm.guest(0, "strb", GICD + 0x400n + BigInt(intid), BigInt(priority));
  }
}

/** A guest with a GICv2, on a host with a GICv2. */
export class HardwareGuest2 extends HardwareGuest {
  constructor(kernel: Kernel) {
    super(new EmulatorVm({ kernel, hostGic: 2 }));
    const { vm } = this;
    vm.createVcpus(1);
    vm.createDevice("gic", "VGIC_V2");
    vm.setAttr("gic", 0, 0n, GICD);
    vm.setAttr("gic", 0, 1n, GICC);
    this.store(GICD, 1);
    for (const word of [0n, 1n]) this.store(GICD + 0x100n + 4n * word, 0xffff_ffff);
    this.store(GICD + 0xc08n, 0);
    this.store(GICC, 1);
    this.store(GICC + 4n, 0xf8);
    this.watch();
  }
}
