import type { ByteStore } from "../../byte-store.ts";
import type { Work } from "../../work.ts";
import { FileRuns } from "../file-runs.ts";
import type { Remarks } from "../guest.ts";
import { Cursor } from "./cursor.ts";

/** Flags of a page's header (migration/ram.h RAM_SAVE_FLAG_*), below the page's offset. */
const Flag = {
  zero: 0x02,
  sizes: 0x04,
  page: 0x08,
  end: 0x10,
  sameBlock: 0x20,
  xbzrle: 0x40,
  /** RDMA_SAVE_FLAG_HOOK: the pages went another way. */
  hook: 0x80,
  /** Until QEMU 9.0. */
  compressed: 0x100,
  /** No page: the other channels are at the same point. */
  multifdFlush: 0x200,
} as const;
const FLAGS = 0xfff;

/** Blocks of a guest. A device may have several. */
const MAX_BLOCKS = 65_536;
/** Pages between two turns of others. */
const SLICE = 8192;

/** A block of RAM as the stream names it. */
export interface StreamBlock {
  readonly name: string;
  readonly bytes: number;
  /** Where the stream says it is; with x-ignore-shared alone. */
  readonly address: number | undefined;
  readonly runs: FileRuns;
}

/** Capabilities that change the layout of the section `ram`. */
export interface RamLayout {
  readonly pageBytes: number;
  /** x-ignore-shared: each block has its address. */
  readonly hasAddresses: boolean;
  /** mapped-ram: pages are at fixed places of the file. */
  readonly isMapped: boolean;
}

/** The pages of a guest, from the sections `ram`. */
export class StreamRam {
  readonly blocks = new Map<string, StreamBlock>();
  private readonly source: ByteStore;
  private readonly cursor: Cursor;
  private readonly layout: RamLayout;
  private readonly remarks: Remarks;
  private current: StreamBlock | undefined;
  pages = 0;

  constructor(source: ByteStore, cursor: Cursor, layout: RamLayout, remarks: Remarks) {
    this.source = source;
    this.cursor = cursor;
    this.layout = layout;
    this.remarks = remarks;
  }

  /** Reads what one section has, up to its end. @returns false when what follows cannot be found */
  *section(): Work<boolean> {
    const { cursor, remarks } = this;
    for (let read = 1; ; read++) {
      if (read % SLICE === 0) yield;
      const at = cursor.position;
      const header = cursor.u64();
      // The low bits are exact as long as the offset is one.
      const flags = header % (FLAGS + 1);
      const offset = header - flags;
      if ((flags & Flag.end) !== 0) return true;
      if ((flags & Flag.sizes) !== 0) {
        if (!(yield* this.sizes(offset))) return false;
      } else if ((flags & Flag.hook) !== 0) {
        remarks.add("rdma-pages", at);
        return false;
      } else if (flags !== Flag.multifdFlush && !this.page(at, flags, offset)) return false;
    }
  }

  private *sizes(total: number): Work<boolean> {
    const { cursor, layout, remarks } = this;
    let left = total;
    while (left > 0) {
      if (this.blocks.size >= MAX_BLOCKS) {
        remarks.add("too-many", cursor.position, { what: "blocks of RAM", count: MAX_BLOCKS });
        return false;
      }
      const at = cursor.position;
      const name = cursor.name();
      const bytes = cursor.u64();
      const address = layout.hasAddresses ? cursor.u64() : undefined;
      if (bytes > left || bytes > Number.MAX_SAFE_INTEGER || this.blocks.has(name)) {
        remarks.add("unknown-block", at, { name, bytes });
        return false;
      }
      const block: StreamBlock = { name, bytes, address, runs: new FileRuns(layout.pageBytes) };
      this.blocks.set(name, block);
      left -= bytes;
      if (layout.isMapped && !(yield* this.mapped(block, at))) return false;
    }
    return true;
  }

  /** A page, or another sign. @returns false when the section cannot be followed */
  private page(at: number, flags: number, offset: number): boolean {
    const { cursor, remarks } = this;
    const { pageBytes } = this.layout;
    if ((flags & Flag.sameBlock) === 0) {
      const name = cursor.name();
      this.current = this.blocks.get(name);
      if (this.current === undefined) {
        remarks.add("unknown-block", at, { name, bytes: 0 });
        return false;
      }
    }
    const block = this.current;
    if (block === undefined) {
      remarks.add("unknown-block", at, { name: "", bytes: 0 });
      return false;
    }
    const isInside = offset + pageBytes <= block.bytes;
    if (!isInside) remarks.add("page-outside", at, { name: block.name, page: offset, bytes: block.bytes });
    const kind = flags & (Flag.zero | Flag.page | Flag.xbzrle | Flag.compressed);
    let added = true;
    if (kind === Flag.zero) {
      const byte = cursor.u8();
      if (isInside) added = block.runs.addFilled(offset, offset + pageBytes, byte);
    } else if (kind === Flag.page) {
      const place = cursor.position;
      cursor.skip(pageBytes);
      if (isInside) added = block.runs.addPage(offset, place);
    } else if (kind === Flag.xbzrle || kind === Flag.compressed) {
      // XBZRLE: a flag, then 16 bits of length; compressed: 32 bits of length.
      if (kind === Flag.xbzrle) cursor.skip(1);
      cursor.skip(kind === Flag.xbzrle ? cursor.u16() : cursor.u32());
      remarks.add("compressed-pages", at, { name: block.name, page: offset });
      if (isInside) added = block.runs.addUnknown(offset, offset + pageBytes);
    } else {
      remarks.add("unknown-record", at, { type: flags });
      return false;
    }
    this.pages++;
    if (!added) remarks.add("too-many", at, { what: "pieces of memory", count: block.runs.count });
    return added;
  }

  /** mapped-ram (migration/ram.c MappedRamHeader): a bitmap of the pages that are in the file, the others are zero. */
  private *mapped({ bytes, runs, name }: StreamBlock, at: number): Work<boolean> {
    const { cursor, remarks, source, layout } = this;
    cursor.skip(4);
    const pageBytes = cursor.u64();
    const bitmap = cursor.u64();
    const pages = cursor.u64();
    if (bitmap === 0 && pages === 0) return true; // A shared block that was left out.
    const count = Math.ceil(bytes / pageBytes);
    const isOrdered = bitmap >= cursor.position && bitmap + Math.ceil(count / 8) <= pages;
    if (pageBytes !== layout.pageBytes || !isOrdered) {
      remarks.add("unknown-block", at, { name, bytes });
      return false;
    }
    const bits = new Cursor(source, bitmap);
    for (let page = 0; page < count; ) {
      if (page % SLICE === 0) yield;
      const byte = bits.u8();
      for (let bit = 0; bit < 8 && page < count; bit++, page++) {
        const start = page * pageBytes;
        const end = Math.min(start + pageBytes, bytes);
        const added = ((byte >> bit) & 1) === 1 ? runs.addPage(start, pages + start) : runs.addFilled(start, end, 0);
        if (((byte >> bit) & 1) === 1) this.pages++;
        if (!added) {
          remarks.add("too-many", at, { what: "pieces of memory", count: runs.count });
          return false;
        }
      }
    }
    cursor.skip(pages + bytes - cursor.position);
    return true;
  }
}
