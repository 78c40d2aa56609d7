import { type Capture, type CaptureFile, memoryOf, openCapture, walkCapture } from "../../dumps/captures/index.ts";
import { type CheckedTables, checkedTables } from "../../dumps/checks/index.ts";
import { finish, readDump } from "../../dumps/index.ts";

/** Where the tables of {@link GuestCapture} are. */
export const at = {
  ram: 0x4000_0000,
  ramBytes: 0x20_0000,
  queue: 0x4000_0000,
  collections: 0x4001_0000,
  properties: 0x4002_0000,
  pending: (pe: number): number => 0x4003_0000 + pe * 0x1_0000,
  /** A flat table, or level 1 of a two-level one. */
  devices: 0x4010_0000,
  page: (index: number): number => 0x4011_0000 + index * 0x1_0000,
  itt: (device: number): number => 0x4018_0000 + device * 0x100,
} as const;

const PES = 2;
const VALID = 1n << 63n;

export const cte = (icid: number, pe: number | bigint): bigint => VALID | (BigInt(pe) << 16n) | BigInt(icid);
export const dte = (itt: number, eventBits: number, next: number): bigint =>
  VALID | (BigInt(next) << 49n) | (BigInt(itt / 256) << 5n) | BigInt(eventBits - 1);
export const ite = (intid: number, icid: number, next: number): bigint =>
  (BigInt(next) << 48n) | (BigInt(intid) << 16n) | BigInt(icid);
export const level1 = (page: number): bigint => VALID | BigInt(page);

/** A file as it can be written to a folder. */
type WrittenFile = CaptureFile & {
  readonly content: Exclude<CaptureFile["content"], { readonly core: unknown } | { readonly guest: unknown }>;
};

/**
 * Memory and registers of a guest of KVM after SAVE_TABLES: DeviceIDs 8, 12 and 20 with four EventID bits, events 0, 5 and 15 of the first
 * and 3 of the others, ICIDs 0 and 1 on PEs 0 and 1, LPIs 8192 to 8196, all enabled.
 */
export class GuestCapture {
  readonly memory = new DataView(new ArrayBuffer(at.ramBytes));
  readonly registers = new Map<number, bigint>([
    [0x808_0000, 0x4b00_043b_0000_0001n],
    [0x808_0080, 0xb800_0000_4000_000fn],
    [0x808_0100, 0xb107_0000_0000_0200n | BigInt(at.devices)],
    [0x808_0108, 0xb407_0000_0000_0200n | BigInt(at.collections)],
  ]);
  /** Addresses that the capture does not have, ascending. */
  missing: readonly { readonly from: number; readonly to: number }[] = [];
  /** What `guest.giccap.json` says. */
  list: Record<string, unknown> = { ram: [{ base: at.ram, bytes: at.ramBytes }] };

  constructor() {
    for (let pe = 0; pe < PES; pe++) {
      this.registers.set(0x80a_0070 + pe * 0x2_0000, BigInt(at.properties) | 0xfn);
      this.registers.set(0x80a_0078 + pe * 0x2_0000, BigInt(at.pending(pe)));
    }
    this.word(at.collections, cte(0, 0)).word(at.collections + 8, cte(1, 1));
    this.device(8, 4).device(12, 8).device(20, 0);
    this.event(8, 0, ite(8192, 0, 5))
      .event(8, 5, ite(8193, 1, 10))
      .event(8, 15, ite(8194, 0, 0));
    this.event(12, 3, ite(8195, 1, 0)).event(20, 3, ite(8196, 0, 0));
    for (let lpi = 8192; lpi <= 8196; lpi++) this.byte(at.properties + lpi - 8192, 0xa1);
  }

  word(address: number, value: bigint): this {
    this.memory.setBigUint64(address - at.ram, value, true);
    return this;
  }

  byte(address: number, value: number): this {
    this.memory.setUint8(address - at.ram, value);
    return this;
  }

  /** The DTE of a device of the flat table. */
  device(id: number, next: number, eventBits = 4, itt = at.itt(id)): this {
    return this.word(at.devices + id * 8, dte(itt, eventBits, next));
  }

  event(device: number, event: number, entry: bigint): this {
    return this.word(at.itt(device) + event * 8, entry);
  }

  /** Makes the device table one of two levels, with devices 8 and 12 on page 0 and 20 as 8192 + 20 on page 1. */
  twoLevels(): this {
    const baser = this.registers.get(0x808_0100) ?? 0n;
    this.registers.set(0x808_0100, baser | (1n << 62n));
    for (const id of [8, 12, 20]) this.word(at.devices + id * 8, 0n);
    this.word(at.devices, level1(at.page(0))).word(at.devices + 8, level1(at.page(1)));
    this.word(at.page(0) + 8 * 8, dte(at.itt(8), 4, 4));
    this.word(at.page(0) + 12 * 8, dte(at.itt(12), 4, 8200));
    return this.word(at.page(1) + 20 * 8, dte(at.itt(20), 4, 0));
  }

  get files(): WrittenFile[] {
    const lines = [...this.registers].map(
      ([address, value]) => `0x${address.toString(16).padStart(8, "0")}: 0x${value.toString(16).padStart(16, "0")}`,
    );
    const memory: WrittenFile[] = [];
    let from: number = at.ram;
    for (const gap of [...this.missing, { from: at.ram + at.ramBytes, to: at.ram + at.ramBytes }]) {
      const bytes = new Uint8Array(this.memory.buffer, from - at.ram, Math.max(0, gap.from - from));
      if (bytes.length > 0) memory.push({ name: `mem-0x${from.toString(16)}.bin`, content: { bytes } });
      from = Math.max(from, gap.to);
    }
    return [text("guest.giccap.json", JSON.stringify(this.list)), ...memory, text("registers.txt", lines.join("\n"))];
  }
}

function text(name: string, content: string): WrittenFile {
  return { name, content: { text: content, dump: readDump(content) } };
}

/** The tables of a capture, as its layout reads them. */
export function tablesOf(capture: Capture): CheckedTables {
  const report = finish(walkCapture(capture));
  return checkedTables(capture.facts, memoryOf(capture, report.layout), report);
}

/** The tables of a guest. */
export function tablesOfGuest(guest: GuestCapture): CheckedTables {
  return tablesOf(openCapture(guest.files));
}
