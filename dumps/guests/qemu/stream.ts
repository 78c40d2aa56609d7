import type { ByteStore } from "../../byte-store.ts";
import type { Work } from "../../work.ts";
import type { Remarks } from "../guest.ts";
import { Cursor, StreamEnd } from "./cursor.ts";
import { type DeviceDescription, readDescription, type StreamDescription } from "./description.ts";
import { DeviceFields } from "./device-fields.ts";
import { findSection } from "./find-section.ts";
import { StreamRam } from "./ram.ts";

/** What a stream begins with, and its version (migration/savevm.h QEMU_VM_FILE_MAGIC). */
const MAGIC = "QEVM";
const VERSION = 3;
/** What libvirt writes before it: a header of 92 bytes and the domain's XML, whose length is in it (qemu_saveimage.h). */
const LIBVIRT_MAGIC = "LibvirtQemudSave";
const LIBVIRT_HEADER_BYTES = 92;

/** Types of records (QEMU_VM_*). */
const Record = {
  end: 0,
  start: 1,
  part: 2,
  last: 3,
  full: 4,
  subsection: 5,
  description: 6,
  configuration: 7,
  command: 8,
  footer: 0x7e,
} as const;

const PACKAGED = 3;
/** Pages of an Arm guest where nothing says it: TARGET_PAGE_BITS of machines since 2.9 is 12. */
const USUAL_PAGE_BYTES = 4096;
/** A device that is read has at most so many bytes; arm_gicv3 with 512 PEs has 200 KiB. */
const MAX_DEVICE_BYTES = 16 * 1024 * 1024;
const MAX_CAPABILITIES = 256;

/** A device of the stream that was asked for. */
export interface StreamDevice {
  readonly description: DeviceDescription;
  readonly fields: DeviceFields;
  /** Offset of its body in the file. */
  readonly offset: number;
}

/** What was read of a stream. */
export interface QemuStream {
  /** Name of the machine's type, `virt-7.2`. */
  readonly machine: string | undefined;
  readonly description: StreamDescription | undefined;
  readonly ram: StreamRam;
  /** Those that were wanted, in the order of their sections. */
  readonly devices: readonly StreamDevice[];
  /** Names of the other devices' sections. */
  readonly others: readonly string[];
}

/** Whether a file begins like a stream. */
export function isQemuStream(head: Uint8Array): boolean {
  return startsWith(head, MAGIC) || startsWith(head, LIBVIRT_MAGIC);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[at] !== text.charCodeAt(at)) return false;
  return true;
}

/** Why a file is no stream that can be read at all. */
export type StreamRefusal = "compressed by libvirt" | "no stream" | "old version";

/**
 * Reads the records of a stream: RAM, and the devices that are wanted, whose fields are where the description at the stream's end has them.
 * What is wrong is among the remarks, and the rest is read as far as it can be found.
 */
export function* readStream(
  source: ByteStore,
  isWanted: (device: DeviceDescription) => boolean,
  remarks: Remarks,
): Work<QemuStream | StreamRefusal> {
  const start = streamStart(source);
  if (typeof start !== "number") return start;
  const cursor = new Cursor(source, start + MAGIC.length);
  if (cursor.u32() !== VERSION) return "old version";
  const reader = new StreamReader(source, cursor, isWanted, remarks);
  try {
    yield* reader.records();
  } catch (error) {
    if (!(error instanceof StreamEnd)) throw error;
    remarks.add("truncated", error.offset);
  }
  return reader.stream();
}

function streamStart(source: ByteStore): number | StreamRefusal {
  const head = source.subarray(0, LIBVIRT_HEADER_BYTES);
  if (startsWith(head, MAGIC)) return head.length >= 8 ? 0 : "no stream";
  if (!startsWith(head, LIBVIRT_MAGIC) || head.length < LIBVIRT_HEADER_BYTES) return "no stream";
  // In the order of the host's bytes: an Arm host's is little-endian.
  const word = (index: number): number => {
    const at = LIBVIRT_MAGIC.length + index * 4;
    return (head[at] | (head[at + 1] << 8) | (head[at + 2] << 16) | (head[at + 3] << 24)) >>> 0;
  };
  if (word(3) !== 0) return "compressed by libvirt";
  const start = LIBVIRT_HEADER_BYTES + word(1);
  return startsWith(source.subarray(start, start + 8), MAGIC) && start + 8 <= source.length ? start : "no stream";
}

class StreamReader {
  private readonly source: ByteStore;
  private readonly cursor: Cursor;
  private readonly isWanted: (device: DeviceDescription) => boolean;
  private readonly remarks: Remarks;
  private readonly description: StreamDescription | undefined;
  private readonly capabilities: string[] = [];
  private readonly devices: StreamDevice[] = [];
  private readonly others: string[] = [];
  /** Id of the section whose footer comes next. */
  private sectionId: number | undefined;
  private hasFooters = false;
  private machine: string | undefined;
  private pageBytes: number | undefined;
  private ram: StreamRam | undefined;
  private ramId = -1;
  /** Index of the device that is described next. */
  private next = 0;

  constructor(source: ByteStore, cursor: Cursor, isWanted: (device: DeviceDescription) => boolean, remarks: Remarks) {
    this.source = source;
    this.cursor = cursor;
    this.isWanted = isWanted;
    this.remarks = remarks;
    this.description = readDescription(source, remarks);
    const told = this.description?.pageBytes;
    this.pageBytes = told !== undefined && Number.isInteger(Math.log2(told)) && told >= 4096 ? told : undefined;
  }

  stream(): QemuStream {
    const { machine, description, devices, others } = this;
    return { machine, description, ram: this.ramOf(), devices, others };
  }

  private ramOf(): StreamRam {
    this.ram ??= new StreamRam(
      this.source,
      this.cursor,
      {
        pageBytes: this.pageBytes ?? USUAL_PAGE_BYTES,
        hasAddresses: this.capabilities.includes("x-ignore-shared"),
        isMapped: this.capabilities.includes("mapped-ram"),
      },
      this.remarks,
    );
    return this.ram;
  }

  *records(): Work<void> {
    const { cursor, remarks } = this;
    const end = this.description?.offset ?? cursor.size;
    while (cursor.position < end) {
      const at = cursor.position;
      const type = cursor.u8();
      let isKnown = true;
      if (type === Record.end && this.isDone()) return;
      if (type === Record.configuration) isKnown = this.configuration();
      else if (type === Record.command) isKnown = this.command(at);
      else if (type === Record.start || type === Record.full) isKnown = yield* this.section(at, type);
      else if (type === Record.part || type === Record.last) {
        const id = cursor.u32();
        this.sectionId = id;
        isKnown = id === this.ramId;
        if (isKnown) isKnown = yield* this.ramOf().section();
        else remarks.add("unknown-section", at, { id });
      } else {
        isKnown = false;
        remarks.add("unknown-record", at, { type });
      }
      if (isKnown) isKnown = this.footer(at);
      if (!isKnown && !this.findNext()) return;
      yield;
    }
  }

  /** Whether all devices that are described have come. */
  private isDone(): boolean {
    return this.next >= (this.description?.devices.length ?? 0);
  }

  /** Goes to where the next described device's section begins. @returns false when none of them is found */
  private findNext(): boolean {
    const { cursor, description, remarks } = this;
    const from = cursor.position;
    const devices = description?.devices ?? [];
    const found = findSection(this.source, from, description?.offset ?? cursor.size, devices, this.next);
    const count = (found?.index ?? devices.length) - this.next;
    if (count > 0) remarks.add("devices-skipped", from, { count, name: devices[this.next].section });
    if (found === undefined) return false;
    this.next = found.index;
    cursor.position = found.offset;
    remarks.add("found-again", from, { offset: found.offset, name: devices[found.index].section });
    return true;
  }

  /** The footer behind a section, which streams have since QEMU 2.4. @param at where the section begins */
  private footer(at: number): boolean {
    const { cursor, remarks } = this;
    const section = this.sectionId;
    this.sectionId = undefined;
    if (section === undefined) return true;
    const place = cursor.position;
    if (cursor.peek() !== Record.footer) {
      if (!this.hasFooters) return true;
      remarks.add("no-footer", place, { section });
    } else {
      this.hasFooters = true;
      cursor.skip(1);
      const id = cursor.u32();
      if (id === section) return true;
      remarks.add("wrong-footer", place, { id, section });
    }
    // The section may be shorter than it was taken to be.
    cursor.position = at + 1;
    return false;
  }

  /** The machine's name, and what changes the records behind it (vmstate_configuration). */
  private configuration(): boolean {
    const { cursor, remarks } = this;
    this.machine = cursor.text(Math.min(cursor.u32(), 4096));
    while (cursor.peek() === Record.subsection) {
      const at = cursor.position;
      cursor.skip(1);
      const name = cursor.name();
      cursor.skip(4);
      if (name === "configuration/target-page-bits") {
        const bits = cursor.u32();
        if (bits >= 10 && bits <= 16) this.pageBytes ??= 2 ** bits;
      } else if (name === "configuration/capabilities") {
        const count = cursor.u32();
        for (let index = 0; index < Math.min(count, MAX_CAPABILITIES); index++) this.capabilities.push(cursor.name());
      } else if (name === "configuration/x-uuid" || name === "configuration/uuid") cursor.skip(16);
      else {
        remarks.add("unknown-section", at, { name });
        return false;
      }
    }
    return true;
  }

  /** What only a living destination carries out; a package holds a stream of its own. */
  private command(at: number): boolean {
    const { cursor, remarks } = this;
    const command = cursor.u16();
    const length = cursor.u16();
    cursor.skip(length);
    if (command !== PACKAGED) return true;
    remarks.add("postcopy", at);
    return true;
  }

  private *section(at: number, type: number): Work<boolean> {
    const { cursor, remarks } = this;
    const id = cursor.u32();
    const name = cursor.name();
    const instance = cursor.u32();
    const version = cursor.u32();
    this.sectionId = id;
    if (type === Record.start) {
      if (name !== "ram") {
        remarks.add("unknown-section", at, { name });
        return false;
      }
      this.ramId = id;
      return yield* this.ramOf().section();
    }
    const { description } = this;
    if (description === undefined) {
      // Without a description nobody knows where the next one begins.
      remarks.add("unknown-section", at, { name });
      return false;
    }
    const device = description.devices[this.next];
    if (device === undefined || device.section !== name || device.instance !== instance) {
      remarks.add("other-device", at, { name, described: device?.section ?? "" });
      cursor.position = at + 1;
      return false;
    }
    this.next++;
    if (Number.isNaN(device.bytes)) return false;
    return this.body(at, device, version);
  }

  private body(at: number, device: DeviceDescription, version: number): boolean {
    const { cursor, remarks } = this;
    const offset = cursor.position;
    if (offset + device.bytes > (this.description?.offset ?? cursor.size)) {
      remarks.add("wrong-length", at, { name: device.section, bytes: device.bytes });
      return false;
    }
    if (version !== device.version) remarks.add("unknown-version", at, { name: device.section, version });
    if (!this.isWanted(device)) {
      this.others.push(device.section);
      cursor.skip(device.bytes);
      return true;
    }
    if (device.bytes > MAX_DEVICE_BYTES) {
      remarks.add("wrong-length", at, { name: device.section, bytes: device.bytes });
      return false;
    }
    const bytes = cursor.bytes(device.bytes);
    this.devices.push({ description: device, fields: new DeviceFields(bytes, 0, device, offset, remarks), offset });
    return true;
  }
}
