import type { ByteStore } from "../../byte-store.ts";
import type { Remarks } from "../guest.ts";
import { latin1 } from "../latin1.ts";

/** A field of a structure, as the stream's description gives it. */
export interface FieldDescription {
  readonly name: string;
  /** Which element of an array that is described element by element. */
  readonly index: number | undefined;
  /** How many elements of `bytes` bytes follow each other. */
  readonly count: number;
  readonly bytes: number;
  readonly type: string;
  readonly struct: StructDescription | undefined;
}

/** A structure: fields without gaps, then subsections. */
export interface StructDescription {
  readonly name: string;
  readonly version: number;
  readonly fields: readonly FieldDescription[];
  readonly subsections: readonly StructDescription[];
  /** Bytes of all of it in the stream. */
  readonly bytes: number;
}

/** A device, which has a section of its own. */
export interface DeviceDescription extends StructDescription {
  /** Name of the section. */
  readonly section: string;
  readonly instance: number;
}

/** What a stream says of itself at its end (migration/vmstate.c, savevm.c). */
export interface StreamDescription {
  readonly pageBytes: number | undefined;
  /** In the order of their sections. */
  readonly devices: readonly DeviceDescription[];
  /** Where its record begins. */
  readonly offset: number;
}

/** Longer descriptions are not looked for: QEMU's have some 20 KiB, with 512 PEs 3 MiB. */
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_DEPTH = 16;
const MAX_DEVICES = 65_536;
/** Fields of all devices together. */
const MAX_FIELDS = 1_000_000;
/** Bytes of a field, and elements of an array. */
const MAX_SIZE = 2 ** 31;

const RECORD = 6;
const HEADER_BYTES = 5;
const BRACE = 0x7b;

/**
 * The description of a stream: the record of type 6 whose length leads to the end of the file, or near to it.
 * @returns undefined without one; why is among the remarks
 */
export function readDescription(source: ByteStore, remarks: Remarks): StreamDescription | undefined {
  const offset = findRecord(source);
  if (offset === undefined) {
    remarks.add("no-description");
    return undefined;
  }
  const bytes = source.subarray(
    offset + HEADER_BYTES,
    offset + HEADER_BYTES + lengthAt(source.subarray(offset, offset + HEADER_BYTES), 0),
  );
  try {
    const content: unknown = JSON.parse(latin1(bytes));
    return new Reader(remarks, offset).read(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    remarks.add("bad-description", offset, { reason: "it is no JSON" });
    return undefined;
  }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (((bytes[at + 1] << 24) | (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4]) >>> 0) % 2 ** 32;
}

function findRecord(source: ByteStore): number | undefined {
  const start = Math.max(0, source.length - MAX_BYTES);
  const tail = source.subarray(start, source.length);
  for (let at = tail.length - HEADER_BYTES - 1; at >= 0; at--) {
    if (tail[at] !== RECORD || tail[at + HEADER_BYTES] !== BRACE) continue;
    const end = at + HEADER_BYTES + lengthAt(tail, at);
    // libvirt fills its files up behind the stream.
    if (end <= tail.length && tail[end - 1] === BRACE + 2 && isBlank(tail, end)) return start + at;
  }
  return undefined;
}

function isBlank(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}

type Json = Readonly<Record<string, unknown>>;

class Reader {
  private readonly remarks: Remarks;
  private readonly offset: number;
  private fields = 0;

  constructor(remarks: Remarks, offset: number) {
    this.remarks = remarks;
    this.offset = offset;
  }

  read(content: unknown): StreamDescription | undefined {
    const devices = isObject(content) ? content.devices : undefined;
    if (!isObject(content) || !Array.isArray(devices)) {
      this.remarks.add("bad-description", this.offset, { reason: "it has no list of devices" });
      return undefined;
    }
    if (devices.length > MAX_DEVICES) {
      this.remarks.add("bad-description", this.offset, { reason: `it has more than ${MAX_DEVICES} devices` });
      return undefined;
    }
    const found = devices.map((device: unknown, at): DeviceDescription => {
      const section = isObject(device) && typeof device.name === "string" ? device.name : "";
      const instance = isObject(device) ? (sizeOf(device.instance_id) ?? 0) : 0;
      const struct = isObject(device) ? this.struct(device, 0) : undefined;
      if (struct !== undefined) return { ...struct, section, instance };
      const reason = `device ${at} (${section.slice(0, 64)}) is not described as fields with sizes`;
      this.remarks.add("bad-description", this.offset, { reason });
      return { section, instance, name: section, version: 0, fields: [], subsections: [], bytes: Number.NaN };
    });
    const pageBytes = sizeOf(content.page_size);
    return { devices: found, pageBytes, offset: this.offset };
  }

  private struct(json: Json, depth: number): StructDescription | undefined {
    const { fields, subsections = [] } = json;
    if (depth > MAX_DEPTH || !Array.isArray(fields) || !Array.isArray(subsections)) return undefined;
    const read: FieldDescription[] = [];
    let bytes = 0;
    for (const field of fields as readonly unknown[]) {
      const one = isObject(field) ? this.field(field, depth) : undefined;
      if (one === undefined) return undefined;
      read.push(one);
      bytes += one.count * one.bytes;
    }
    const subs: StructDescription[] = [];
    for (const subsection of subsections as readonly unknown[]) {
      const sub = isObject(subsection) ? this.struct(subsection, depth + 1) : undefined;
      if (sub === undefined) return undefined;
      subs.push(sub);
      bytes += subsectionHeaderBytes(sub) + sub.bytes;
    }
    const name = typeof json.vmsd_name === "string" ? json.vmsd_name : "";
    return { name, version: sizeOf(json.version) ?? 0, fields: read, subsections: subs, bytes };
  }

  private field(json: Json, depth: number): FieldDescription | undefined {
    const bytes = sizeOf(json.size);
    const count = json.array_len === undefined ? 1 : sizeOf(json.array_len);
    const { name, type } = json;
    if (bytes === undefined || count === undefined || typeof name !== "string") return undefined;
    if (++this.fields > MAX_FIELDS) return undefined;
    const struct = isObject(json.struct) ? this.struct(json.struct, depth + 1) : undefined;
    // An element whose parts do not add up is kept as bytes.
    const parts = struct !== undefined && struct.bytes === bytes ? struct : undefined;
    const index = sizeOf(json.index);
    return { name, index, count, bytes, type: typeof type === "string" ? type : "", struct: parts };
  }
}

/** A byte 5, a name behind its length, a version. */
export function subsectionHeaderBytes({ name }: Pick<StructDescription, "name">): number {
  return 1 + 1 + name.length + 4;
}

function sizeOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_SIZE ? value : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
