import type {
  CommandOutcome,
  ConformanceTarget,
  GuestResult,
  KvmVmOptions,
  KvmVmTarget,
  QemuMachineTarget,
} from "./target.ts";

/**
 * A target with simple rules of its own, for the tests that prove the harness: registers that keep what is written,
 * memory, and fixed answers. It says nothing about interrupt controllers.
 */
export class FakeTarget implements ConformanceTarget {
  /** Options of the VMs made so far. */
  readonly vmOptions: KvmVmOptions[] = [];

  createKvmVm(options: KvmVmOptions): KvmVmTarget {
    this.vmOptions.push(options);
    return new FakeVm();
  }

  createQemuMachine(): QemuMachineTarget {
    return new FakeMachine();
  }
}

const ENXIO = 6;
const EINVAL = 22;
const EEXIST = 17;

/** Bytes by address, in pages that appear when written. */
class FakeMemory {
  private readonly pages = new Map<bigint, Uint8Array>();

  write(address: bigint, bytes: Uint8Array): void {
    for (const [index, byte] of bytes.entries()) {
      const at = address + BigInt(index);
      let page = this.pages.get(at >> 12n);
      if (page === undefined) {
        page = new Uint8Array(4096);
        this.pages.set(at >> 12n, page);
      }
      page[Number(at & 0xfffn)] = byte;
    }
  }

  read(address: bigint, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const at = address + BigInt(done);
      const offset = Number(at & 0xfffn);
      const part = Math.min(length - done, 4096 - offset);
      const page = this.pages.get(at >> 12n);
      if (page !== undefined) {
        bytes.set(page.subarray(offset, offset + part), done);
      }
      done += part;
    }
    return bytes;
  }
}

/**
 * Attributes below 0x100 exist and keep their low 8 bits, 0x100 and more can be read as 0 and written without effect,
 * 0x1000 and more answer ENXIO. Setting group CTRL, attribute 1, to anything crashes the host when told to by `addMemslot` 99.
 */
class FakeVm implements KvmVmTarget {
  hostCrash: string | undefined = undefined;
  private readonly attributes = new Map<string, bigint>();
  private readonly devices = new Set<string>();
  private readonly memory = new FakeMemory();
  private crashes = false;

  addMemslot(slot: number): number {
    this.crashes ||= slot === 99;
    return 0;
  }
  createVcpus(): number {
    return 0;
  }
  createDevice(name: string): number {
    if (this.devices.has(name)) {
      return EEXIST;
    }
    this.devices.add(name);
    return 0;
  }
  setAttr(device: string, group: number, attr: bigint, value: bigint): number {
    if (group === 4 && this.crashes) {
      this.hostCrash = "NULL dereference in the fake";
    }
    if ((attr & 0xffff_ffffn) >= 0x1000n) {
      return ENXIO;
    }
    if ((attr & 0xffff_ffffn) < 0x100n) {
      this.attributes.set(`${device} ${group} ${attr}`, value & 0xffn);
    }
    return 0;
  }
  getAttr(device: string, group: number, attr: bigint): { errno: number; value: bigint } {
    if ((attr & 0xffff_ffffn) >= 0x1000n) {
      return { errno: ENXIO, value: 0n };
    }
    return { errno: 0, value: this.attributes.get(`${device} ${group} ${attr}`) ?? 0n };
  }
  hasAttr(_device: string, _group: number, attr: bigint): number {
    return (attr & 0xffff_ffffn) < 0x100n ? 0 : ENXIO;
  }
  writeMemory(gpa: bigint, bytes: Uint8Array): number {
    this.memory.write(gpa, bytes);
    return 0;
  }
  fillMemory(gpa: bigint, length: bigint, byte: number): number {
    this.memory.write(gpa, new Uint8Array(Number(length)).fill(byte));
    return 0;
  }
  readMemory(gpa: bigint, length: number): Uint8Array | undefined {
    return this.memory.read(gpa, length);
  }
  signalMsi({ devid }: { devid: number }): { ret: number; errno: number } {
    return { ret: devid === 1 ? 1 : 0, errno: 0 };
  }
  irqLine(irq: number): { ret: number; errno: number } {
    return irq === 0 ? { ret: -1, errno: EINVAL } : { ret: 0, errno: 0 };
  }
  startVcpu(): number {
    return 0;
  }
  stopVcpu(): void {}
  guest(_vcpu: number, instruction: string, address: bigint): GuestResult {
    return { errno: 0, result: instruction.startsWith("ldr") ? address & 0xffn : 0n, events: [] };
  }
  close(): void {}
}

/** Registers and RAM keep what is written; a write to GITS_CWRITER "processes" every command up to it as done. */
class FakeMachine implements QemuMachineTarget {
  private readonly memory = new FakeMemory();
  private commands: CommandOutcome[] = [];

  read(address: bigint, size: 1 | 2 | 4 | 8): bigint {
    const view = new DataView(this.memory.read(address, 8).buffer);
    return BigInt.asUintN(size * 8, view.getBigUint64(0, true));
  }
  write(address: bigint, size: 1 | 2 | 4 | 8, value: bigint): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    if (address === 0x808_0088n) {
      this.process(value);
    }
    this.memory.write(address, bytes.subarray(0, size));
  }
  readBytes(address: bigint, length: number): Uint8Array {
    return this.memory.read(address, length);
  }
  writeBytes(address: bigint, bytes: Uint8Array): void {
    this.memory.write(address, bytes);
  }
  takeCommands(): CommandOutcome[] {
    const commands = this.commands;
    this.commands = [];
    return commands;
  }
  private process(cwriter: bigint): void {
    const base = this.read(0x808_0080n, 8) & 0xf_ffff_ffff_f000n;
    for (let offset = this.read(0x808_0090n, 8); offset < cwriter && offset < 0x1_0000n; offset += 32n) {
      const opcode = this.memory.read(base + offset, 1)[0];
      this.commands.push({ slot: Number(offset / 32n), opcode, outcome: "done" });
    }
    const creadr = new Uint8Array(8);
    new DataView(creadr.buffer).setBigUint64(0, cwriter, true);
    this.memory.write(0x808_0090n, creadr);
  }
}
