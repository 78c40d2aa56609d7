import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { offsetOf } from "../../architecture/index.ts";
import { Errno, type MemoryRun } from "../../emulator/index.ts";
import { hexLines } from "../../runner/saved-machines/hex-lines.ts";
import { SavedMemory } from "../../runner/saved-machines/saved-memory.ts";
import { EmulatorVm } from "../conformance/emulator-vm.ts";

/** Groups and attributes of KVM's devices. */
export const CTRL = 4;
export const SAVE_TABLES = 1n;
export const RESTORE_TABLES = 2n;
const ITS_REGS = 8;
const REDIST_REGS = 5;
const ITS_BASE = 0x808_0000;
const GICR_BASE = 0x80a_0000;

const noPage = new Uint8Array(4096);

/** A VM of a recording that can write a capture of itself, as somebody takes it out of a guest. */
export class CapturedVm extends EmulatorVm {
  private readonly slots: { base: number; bytes: number }[] = [];
  private readonly itss: string[] = [];
  private cpus = 0;

  override addMemslot(slot: number, gpa: bigint, size: bigint): number {
    this.slots.push({ base: Number(gpa), bytes: Number(size) });
    return super.addMemslot(slot, gpa, size);
  }

  override createVcpus(count: number): number {
    this.cpus += count;
    return super.createVcpus(count);
  }

  override createDevice(name: string, type: string): number {
    const errno = super.createDevice(name, type);
    if (errno === Errno.OK && type === "VGIC_ITS") this.itss.push(name);
    return errno;
  }

  /** Whether a device is the only ITS, and has its address. */
  protected isOnlyIts(device: string): boolean {
    const isOnly = this.itss.length === 1 && this.itss[0] === device;
    return isOnly && this.getAttr(device, ITS_REGS, 0n).errno === Errno.OK;
  }

  /** Whether the ITS holds nothing. */
  protected isEmpty(): boolean {
    const { tables } = this.system.itss[0].state;
    let count = tables.deviceFrom(0);
    tables.forEachCollection(() => {
      count++;
      return false;
    });
    return count === 0;
  }

  /** Writes the registers, the memory as hex text, and where RAM is. @param place a folder that is not there */
  protected capture(its: string, place: string): void {
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, "registers.txt"), this.registers(its).join("\n"));
    writeFileSync(path.join(place, "memory.txt"), this.memory().join("\n"));
    writeFileSync(path.join(place, "guest.giccap.json"), JSON.stringify({ ram: this.slots }));
  }

  private registers(its: string): string[] {
    const wide = (device: string, group: number, attr: bigint): bigint => this.getAttr(device, group, attr).value;
    const lines: string[] = [];
    const line = (address: number, value: bigint): void => {
      lines.push(`0x${address.toString(16).padStart(8, "0")}: 0x${value.toString(16).padStart(16, "0")}`);
    };
    line(ITS_BASE, wide(its, ITS_REGS, 0n) | (wide(its, ITS_REGS, 4n) << 32n));
    for (const name of ["GITS_TYPER", "GITS_CBASER", "GITS_CWRITER", "GITS_CREADR", "GITS_BASER0", "GITS_BASER1"]) {
      line(ITS_BASE + offsetOf(name), wide(its, ITS_REGS, BigInt(offsetOf(name))));
    }
    for (let pe = 0; pe < this.cpus; pe++) {
      for (const name of ["GICR_PROPBASER", "GICR_PENDBASER"]) {
        const at = (BigInt(pe) << 32n) | BigInt(offsetOf(name));
        const value = wide("gic", REDIST_REGS, at) | (wide("gic", REDIST_REGS, at + 4n) << 32n);
        line(GICR_BASE + pe * 0x2_0000 + offsetOf(name), value);
      }
    }
    return lines;
  }

  private memory(): string[] {
    const memory: MemoryRun[] = [];
    for (const { base, bytes } of this.slots) {
      const view = this.viewMemory(BigInt(base), bytes);
      assert.ok(view !== undefined);
      for (let at = 0; at < bytes; at += 4096) {
        const page = view.subarray(at, at + 4096);
        if (Buffer.compare(page, noPage) !== 0) memory.push({ address: base + at, bytes: page.slice() });
      }
    }
    const shape = { cpus: 1, gicVersion: 3, secure: false, ram: this.slots, its: [] } as const;
    const saved = new SavedMemory({ shape, memory });
    return this.slots.flatMap(({ base, bytes }) => [
      ...hexLines(saved, { from: base, to: base + bytes }, { lineBytes: 16, wordBytes: 8 }),
    ]);
  }
}
