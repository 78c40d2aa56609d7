import { offsetOf } from "../../../architecture/index.ts";
import {
  BASER_READ_ONLY_HIGH,
  BASERS,
  baserKind,
  ENABLED,
  INDIRECT,
  QUIESCENT,
  TableType,
} from "../../gicv3/its-fields.ts";
import type { Steps } from "../../pace.ts";
import { extractBytes, updateBytes, type Value64, Width } from "../../value64.ts";
import { Errno } from "../errno.ts";
import { baserValid, sanitiseField, sanitiseInner, sanitiseOuter, sanitiseShareability } from "./baser.ts";
import { ItsWord, type KvmItsState } from "./its-state.ts";

const CTLR = offsetOf("GITS_CTLR");
const IIDR = offsetOf("GITS_IIDR");
const TYPER = offsetOf("GITS_TYPER");
const CBASER = offsetOf("GITS_CBASER");
const CWRITER = offsetOf("GITS_CWRITER");
const CREADR = offsetOf("GITS_CREADR");
const BASER0 = offsetOf("GITS_BASER0");
/** First of the identification registers: GITS_PIDR4. */
const ID_REGISTERS = offsetOf("GITS_PIDR4");

const IIDR_REVISION_SHIFT = 12;
/** ProductID 'K', Implementer 0x43B. */
const IIDR_FIXED = 0x4b00_043b;
/** PLPIS; 16 EventID bits, 16 DeviceID bits. */
const TYPER_FIXED = 0x0001_ef01;
/** Places of GITS_TYPER.ITT_entry_size (bytes - 1) and HCC. */
const TYPER_ITE_SIZE_SHIFT = 4;
const TYPER_HCC_SHIFT = 24;
/** Inner RaWb, outer same as inner, inner shareable: what GITS_BASER<n> holds at creation beside Type and Entry_Size. */
const BASER_RESET_LOW = 0x0000_0600;
const BASER_RESET_HIGH = 0x1800_0000;

/** One register or run of registers: where, how wide, what it does. */
interface Region {
  readonly offset: number;
  readonly bytes: number;
  /** Bit mask of {@link Width}. */
  readonly widths: number;
  read(offset: number, bytes: number, into: Value64): void;
  write(offset: number, bytes: number, lo: number, hi: number): void;
  /** User-space write where it differs from the guest's. @returns errno */
  userWrite?(lo: number): number;
}

/** A table that a GITS_BASER<n> describes. */
interface TableRegister {
  /** First word of the register. */
  readonly word: number;
  /** GITS_BASER<n>.Type. */
  readonly type: number;
  readonly entryBytes: number;
  /** It may have two levels. */
  readonly indirect: boolean;
  /** Forgets what the table has described. */
  free(): Steps<void>;
}

/** What registers ask of the command queue. */
export interface QueueActions {
  /** Runs the commands between GITS_CREADR and GITS_CWRITER. */
  process(): void;
  /** GITS_CREADR changed without a command. */
  changed(): void;
  /**
   * The lock of the queue is wanted: a store to GITS_CWRITER that is in the middle of its steps goes on to its end.
   * @returns false when the pace stops it before
   */
  wait(): boolean;
  /** Brings long work to its end, with the stops that the pace asks for. */
  run(steps: Steps<void>): void;
}

/**
 * The register frame of a KVM ITS: what a guest's load or store does, and what the ITS_REGS attributes do
 * (Linux vgic-its.c `its_registers`).
 */
export class KvmItsRegisters {
  private readonly its: KvmItsState;
  private readonly queue: QueueActions;
  private readonly scratch: Value64 = { lo: 0, hi: 0 };
  private readonly regions: readonly Region[];

  constructor(its: KvmItsState, queue: QueueActions) {
    this.its = its;
    this.queue = queue;
    this.reset();
    const wide = Width.bits32 | Width.bits64;
    const ignore = (): void => undefined;
    this.regions = [
      { offset: CTLR, bytes: 4, widths: Width.bits32, read: this.readCtlr, write: this.writeCtlr },
      {
        offset: IIDR,
        bytes: 4,
        widths: Width.bits32,
        read: this.readIidr,
        write: ignore,
        userWrite: this.userWriteIidr,
      },
      { offset: TYPER, bytes: 8, widths: wide, read: this.readTyper, write: ignore },
      { offset: CBASER, bytes: 8, widths: wide, read: this.reader(ItsWord.cbaser), write: this.writeCbaser },
      { offset: CWRITER, bytes: 8, widths: wide, read: this.reader(ItsWord.cwriter), write: this.writeCwriter },
      {
        offset: CREADR,
        bytes: 8,
        widths: wide,
        read: this.reader(ItsWord.creadr),
        write: ignore,
        userWrite: this.userWriteCreadr,
      },
      { offset: BASER0, bytes: 0x40, widths: wide, read: this.readBaser, write: this.writeBaser },
      { offset: ID_REGISTERS, bytes: 0x30, widths: Width.bits32, read: this.readIdRegister, write: ignore },
    ];
  }

  /** A fresh ITS: GITS_BASER0 for devices, GITS_BASER1 for collections, the newest table ABI; of a draft that compares revisions, none. */
  private reset(): void {
    const { registers, newestAbi, decisions } = this.its;
    registers.set(ItsWord.revision, decisions.revisionWrite === "selects" ? newestAbi.revision : 0);
    for (let index = 0; index < BASERS; index++) {
      const table = this.table(index);
      if (table === undefined) continue;
      registers.set(table.word, BASER_RESET_LOW);
      registers.set(table.word + 1, BASER_RESET_HIGH | baserKind(table.type, table.entryBytes));
    }
  }

  /** The table of GITS_BASER<index> in the table ABI in force; undefined for a register without one, which is RAZ/WI. */
  private table(index: number): TableRegister | undefined {
    const { its } = this;
    const { dteBytes, cteBytes, vpteBytes } = its.abi;
    switch (index) {
      case 0:
        return {
          word: ItsWord.deviceBaser,
          type: TableType.device,
          entryBytes: dteBytes,
          indirect: true,
          free: () => its.freeDevices(),
        };
      case 1:
        return {
          word: ItsWord.collectionBaser,
          type: TableType.collection,
          entryBytes: cteBytes,
          indirect: false,
          free: () => its.freeCollections(),
        };
      case 2:
        if (vpteBytes === 0) return undefined;
        return {
          word: ItsWord.vpeBaser,
          type: TableType.vpe,
          entryBytes: vpteBytes,
          indirect: false,
          free: NOTHING,
        };
      default:
        return undefined;
    }
  }

  private find(offset: number): Region | undefined {
    return this.regions.find((region) => offset >= region.offset && offset < region.offset + region.bytes);
  }

  private forGuest(offset: number, bytes: number): Region | undefined {
    const region = this.find(offset);
    return region !== undefined && (region.widths & bytes) !== 0 && offset % bytes === 0 ? region : undefined;
  }

  /** A guest's load of 1, 2, 4 or 8 bytes: what no register takes reads as zero. */
  read(offset: number, bytes: number, into: Value64): void {
    into.lo = 0;
    into.hi = 0;
    this.forGuest(offset, bytes)?.read(offset, bytes, into);
  }

  /** A guest's store: what no register takes is dropped. */
  write(offset: number, bytes: number, lo: number, hi: number): void {
    if (!this.queue.wait()) {
      this.its.memory.pace.stop(() => this.write(offset, bytes, lo, hi));
      return;
    }
    this.forGuest(offset, bytes)?.write(offset, bytes, lo, hi);
  }

  /**
   * Whether the ITS_REGS group has an offset. The kernel checks the alignment of all 64 bits and looks the register up by the low half
   * (`vgic_find_mmio_region` takes an unsigned int).
   * @param offset low half @param high high half
   * @returns EINVAL when it is not aligned, ENXIO when nothing is there
   */
  hasAttribute(offset: number, high = 0): number {
    const alignment = high !== 0 || offset < TYPER || offset >= ID_REGISTERS ? 4 : 8;
    if (offset % alignment !== 0) return Errno.EINVAL;
    return this.find(offset) === undefined ? Errno.ENXIO : Errno.OK;
  }

  /** KVM_GET_DEVICE_ATTR of a register that {@link hasAttribute} accepts. */
  userRead(offset: number, into: Value64): void {
    const region = this.find(offset);
    into.lo = 0;
    into.hi = 0;
    region?.read(offset, region.widths & Width.bits64 ? 8 : 4, into);
  }

  /** KVM_SET_DEVICE_ATTR of a register that {@link hasAttribute} accepts. @returns errno */
  userWrite(offset: number, lo: number, hi: number): number {
    const region = this.find(offset);
    if (region?.userWrite) return region.userWrite(lo);
    region?.write(offset, region.widths & Width.bits64 ? 8 : 4, lo, hi);
    return Errno.OK;
  }

  private reader(word: number): Region["read"] {
    return (offset, bytes, into) => {
      const { words } = this.its.registers;
      extractBytes(words[word], words[word + 1], offset & 7, bytes, into);
    };
  }

  private readonly readCtlr: Region["read"] = (_offset, _bytes, into) => {
    const { words } = this.its.registers;
    const quiescent = words[ItsWord.creadr] === words[ItsWord.cwriter];
    into.lo = ((quiescent ? QUIESCENT : 0) | (words[ItsWord.enabled] ? ENABLED : 0)) >>> 0;
  };

  private readonly writeCtlr: Region["write"] = (_offset, _bytes, lo) => {
    const { its } = this;
    const { registers } = its;
    const enable = (lo & ENABLED) !== 0;
    const collections = its.collectionTableValid || its.decisions.hardwareCollections > 0;
    const complete = its.deviceTableValid && collections && baserValid(registers.words[ItsWord.cbaser + 1]);
    if (!its.enabled && enable && !complete) return;
    registers.set(ItsWord.enabled, enable ? 1 : 0);
    if (!enable) its.cache.clear();
    this.queue.process();
  };

  private readonly readIidr: Region["read"] = (_offset, _bytes, into) => {
    into.lo = (IIDR_FIXED | (this.its.abi.revision << IIDR_REVISION_SHIFT)) >>> 0;
  };

  private readonly userWriteIidr = (lo: number): number => {
    const revision = (lo >>> IIDR_REVISION_SHIFT) & 0xf;
    const { its } = this;
    if (its.decisions.revisionWrite === "selects" && its.abiOf(revision) === undefined) return Errno.EINVAL;
    its.registers.set(ItsWord.revision, revision);
    return Errno.OK;
  };

  private readonly readTyper: Region["read"] = (offset, bytes, into) => {
    const { typerIteBytes, hardwareCollections } = this.its.decisions;
    const value =
      TYPER_FIXED | ((typerIteBytes - 1) << TYPER_ITE_SIZE_SHIFT) | (hardwareCollections << TYPER_HCC_SHIFT);
    extractBytes(value >>> 0, 0, offset & 7, bytes, into);
  };

  private readonly readIdRegister: Region["read"] = (offset, _bytes, into) => {
    into.lo = ID_VALUES[this.its.decisions.idRegisters][(offset - ID_REGISTERS) >>> 2] ?? 0;
  };

  private readonly writeCbaser: Region["write"] = (offset, bytes, lo, hi) => {
    const { its, scratch } = this;
    if (its.enabled) return;
    const { registers } = its;
    scratch.lo = registers.words[ItsWord.cbaser];
    scratch.hi = registers.words[ItsWord.cbaser + 1];
    updateBytes(scratch, offset & 7, bytes, lo, hi);
    registers.set(ItsWord.cbaser, sanitiseField(scratch.lo, 10, 3, sanitiseShareability) & ~0xf000);
    registers.set(ItsWord.cbaser + 1, sanitiseCacheability(scratch.hi));
    registers.set(ItsWord.creadr, 0);
    registers.set(ItsWord.cwriter, 0);
    this.queue.changed();
  };

  private readonly writeCwriter: Region["write"] = (offset, bytes, lo, hi) => {
    const { its, scratch } = this;
    scratch.lo = its.registers.words[ItsWord.cwriter];
    scratch.hi = 0;
    updateBytes(scratch, offset & 7, bytes, lo, hi);
    const queueOffset = scratch.lo & 0xfffe0;
    if (queueOffset > its.queueBytes || (queueOffset === its.queueBytes && !its.takesCwriterAtEnd)) return;
    its.registers.set(ItsWord.cwriter, queueOffset);
    this.queue.process();
  };

  private readonly userWriteCreadr = (lo: number): number => {
    const { its } = this;
    if (its.enabled) return Errno.EBUSY;
    const queueOffset = lo & 0xfffe0;
    if (queueOffset >= its.queueBytes) return Errno.EINVAL;
    its.registers.set(ItsWord.creadr, queueOffset);
    this.queue.changed();
    return Errno.OK;
  };

  private readonly readBaser: Region["read"] = (offset, bytes, into) => {
    const table = this.table((offset >>> 3) & 7);
    if (table === undefined) return;
    const { words } = this.its.registers;
    extractBytes(words[table.word], words[table.word + 1], offset & 7, bytes, into);
  };

  private readonly writeBaser: Region["write"] = (offset, bytes, lo, hi) => {
    const { its, scratch } = this;
    const table = this.table((offset >>> 3) & 7);
    if (its.enabled || table === undefined) return;
    const { registers } = its;
    const { word, indirect } = table;
    const oldLow = registers.words[word];
    const oldHigh = registers.words[word + 1];
    scratch.lo = oldLow;
    scratch.hi = oldHigh;
    updateBytes(scratch, offset & 7, bytes, lo, hi);
    const kept = scratch.hi & ~BASER_READ_ONLY_HIGH & ~(indirect ? 0 : INDIRECT);
    const high = sanitiseCacheability(kept | baserKind(table.type, table.entryBytes));
    const low = ((sanitiseField(scratch.lo, 10, 3, sanitiseShareability) & ~0x300) | 0x200) >>> 0;
    registers.set(word, low);
    registers.set(word + 1, high);
    const frees = its.decisions.baserChangeFrees ? low !== oldLow || high !== oldHigh : !baserValid(high);
    if (frees) this.queue.run(this.forgetTable(table));
  };

  private *forgetTable(table: TableRegister): Steps<void> {
    yield* table.free();
    if (this.its.decisions.baserChangeFrees) this.its.cache.clear();
  }

  /** KVM_DEV_ARM_ITS_CTRL_RESET: tables and queue are forgotten, addresses and attributes of GITS_BASER<n> stay. @returns errno */
  *resetByUser(): Steps<number> {
    const { its } = this;
    const { registers } = its;
    for (const word of [ItsWord.deviceBaser, ItsWord.collectionBaser, ItsWord.vpeBaser]) {
      registers.set(word + 1, registers.words[word + 1] & 0x7fff_ffff);
    }
    for (const word of [ItsWord.cbaser, ItsWord.creadr, ItsWord.cwriter]) {
      registers.set(word, 0);
      registers.set(word + 1, 0);
    }
    this.queue.changed();
    registers.set(ItsWord.enabled, 0);
    yield* its.freeDevices();
    yield* its.freeCollections();
    return Errno.OK;
  }
}

/** What a table without a memory of its own has to forget. */
function* NOTHING(): Steps<void> {}

/** Inner [61:59] and outer [55:53] cacheability of GITS_CBASER and GITS_BASER<n>, in their high word. */
function sanitiseCacheability(high: number): number {
  return sanitiseField(sanitiseField(high >>> 0, 27, 7, sanitiseInner), 21, 7, sanitiseOuter);
}

/** PIDR4..PIDR7, PIDR0..PIDR3, CIDR0..CIDR3 (`vgic_mmio_read_its_idregs`). */
const ID_VALUES = {
  Arm: [0x40, 0, 0, 0, 0x92, 0xb4, 0x3b, 0, 0x0d, 0xf0, 0x05, 0xb1],
  /** A 64 KiB frame, PIDR2.ArchRev 3, and the class of the component. */
  "architecture alone": [0x40, 0, 0, 0, 0, 0, 0x30, 0, 0x0d, 0xf0, 0x05, 0xb1],
} as const;
