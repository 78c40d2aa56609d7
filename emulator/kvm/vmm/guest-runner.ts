import { highWord, lowWord, toBigInt } from "../../value64.ts";
import type { KvmGuest } from "../frames/guest.ts";
import { GuestBus } from "../frames/guest-bus.ts";
import { SystemRegisters } from "../frames/system-registers.ts";
import { parseInstruction } from "./guest-instruction.ts";

/** What a load gives that nothing takes: user space is asked, and this one answers with this byte. */
const UNHANDLED_BYTE = 0xee;

/** Runs single instructions of a guest, each between an entry to it and its exit. */
export class GuestRunner {
  private readonly guest: KvmGuest;
  private readonly bus: GuestBus;
  private readonly systemRegisters: SystemRegisters;

  constructor(guest: KvmGuest) {
    this.guest = guest;
    this.bus = new GuestBus(guest);
    this.systemRegisters = new SystemRegisters(guest);
  }

  /**
   * @param vcpu a vCPU that exists @param instruction see {@link parseInstruction}
   * @param address of a load or store; the second value of a `write` that names it
   * @returns what a load or read gives; 0 for all else, and for an Undefined exception
   */
  run(vcpu: number, instruction: string, address: bigint, value: bigint): bigint {
    const parsed = parseInstruction(instruction);
    switch (parsed?.kind) {
      case "load":
        return this.load(vcpu, Number(address), parsed.bytes);
      case "store":
        this.store(vcpu, Number(address), parsed.bytes, value);
        return 0n;
      case "read":
        return this.hasSystemRegisters ? (this.systemRegisters.read(vcpu, parsed.register) ?? 0n) : 0n;
      case "write": {
        const writes = parsed.registers.map(({ name, from }) => ({ name, value: from === "value" ? value : address }));
        if (this.hasSystemRegisters) this.systemRegisters.write(vcpu, writes);
        return 0n;
      }
      case undefined:
        return 0n;
    }
  }

  private get hasSystemRegisters(): boolean {
    return this.guest.gic.ready && this.guest.gic.model === 3;
  }

  /** An access that the kernel emulates is an exit of the guest, at which its list registers come back. */
  private leave(vcpu: number): void {
    if (this.guest.gic.ready) this.guest.worldSwitch.run(vcpu, () => undefined);
  }

  private load(vcpu: number, address: number, bytes: number): bigint {
    this.leave(vcpu);
    const into = { lo: 0, hi: 0 };
    if (this.bus.read(vcpu, address, bytes, into)) return toBigInt(into.lo, into.hi);
    const data = this.guest.memory.readBytes(address, bytes) ?? new Uint8Array(bytes).fill(UNHANDLED_BYTE);
    return data.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }

  private store(vcpu: number, address: number, bytes: number, value: bigint): void {
    this.leave(vcpu);
    if (this.bus.write(vcpu, address, bytes, lowWord(value), highWord(value))) return;
    const data = Uint8Array.from({ length: bytes }, (_, at) => Number((value >> BigInt(at * 8)) & 0xffn));
    this.guest.memory.writeBytes(address, data);
  }
}
