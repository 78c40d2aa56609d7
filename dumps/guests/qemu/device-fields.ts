import type { Remarks } from "../guest.ts";
import { type FieldDescription, type StructDescription, subsectionHeaderBytes } from "./description.ts";

const SUBSECTION = 5;

/** Elements of one field, at its place in a device's bytes. */
interface Place {
  readonly field: FieldDescription;
  readonly at: number;
}

/** A structure of a device's section: its fields by name, at the places that the description gives them. */
export class DeviceFields {
  readonly name: string;
  private readonly bytes: Uint8Array;
  private readonly places = new Map<string, Place[]>();
  private readonly subsections = new Map<string, DeviceFields>();

  /**
   * @param bytes of the section @param at where the structure begins in them
   * @param offset of the section's first byte in the file, for remarks
   */
  constructor(bytes: Uint8Array, at: number, struct: StructDescription, offset: number, remarks: Remarks) {
    this.name = struct.name;
    this.bytes = bytes;
    let next = at;
    for (const field of struct.fields) {
      const places = this.places.get(field.name) ?? [];
      places.push({ field, at: next });
      this.places.set(field.name, places);
      next += field.count * field.bytes;
    }
    for (const sub of struct.subsections) {
      const body = next + subsectionHeaderBytes(sub);
      if (isHeader(bytes, next, sub)) {
        // The part of the name behind the owner's: `arm_gicv3_cpu/virt`.
        const key = sub.name.slice(sub.name.lastIndexOf("/") + 1);
        this.subsections.set(key, new DeviceFields(bytes, body, sub, offset, remarks));
      } else remarks.add("wrong-subsection", offset + next, { name: sub.name });
      next = body + sub.bytes;
    }
  }

  /** An element of a field as an unsigned big-endian number; undefined where there is none, or it is no number. */
  number(name: string, index = 0): bigint | undefined {
    const [place] = this.places.get(name) ?? [];
    if (place === undefined) return undefined;
    const { field, at } = place;
    if (index >= field.count || field.bytes > 8 || field.struct !== undefined) return undefined;
    const from = at + index * field.bytes;
    let value = 0n;
    for (let byte = 0; byte < field.bytes; byte++) value = (value << 8n) | BigInt(this.bytes[from + byte]);
    return value;
  }

  /** As {@link number} of a number of at most 32 bits. */
  word(name: string, index = 0): number | undefined {
    const value = this.number(name, index);
    return value === undefined || value > 0xffff_ffffn ? undefined : Number(value);
  }

  /** Elements of a field. */
  count(name: string): number {
    return (this.places.get(name) ?? []).reduce((sum, { field }) => sum + field.count, 0);
  }

  /** The parts of an element of structures; arrays are described as a whole, or element by element. @param limit elements at most */
  structs(name: string, limit: number, remarks: Remarks, offset: number): DeviceFields[] {
    const found: DeviceFields[] = [];
    for (const { field, at } of this.places.get(name) ?? []) {
      for (let index = 0; field.struct !== undefined && index < field.count && found.length < limit; index++)
        found.push(new DeviceFields(this.bytes, at + index * field.bytes, field.struct, offset, remarks));
    }
    return found;
  }

  /** A subsection by the last part of its name. */
  subsection(name: string): DeviceFields | undefined {
    return this.subsections.get(name);
  }
}

function isHeader(bytes: Uint8Array, at: number, { name, version }: StructDescription): boolean {
  if (bytes[at] !== SUBSECTION || bytes[at + 1] !== name.length) return false;
  for (let index = 0; index < name.length; index++) if (bytes[at + 2 + index] !== name.charCodeAt(index)) return false;
  return bytes[at + 2 + name.length + 3] === (version & 0xff);
}
