import type { Distributor } from "../gicv3/distributor.ts";
import {
  BASERS,
  baserKind,
  ENABLED,
  QUEUE_OFFSET,
  QUIESCENT,
  STALLED,
  TableIndex,
  TableType,
} from "../gicv3/its-fields.ts";
import type { LpiDelivery } from "../gicv3/lpi-delivery.ts";
import type { QemuRedistributor } from "../gicv3/redistributor.ts";
import { Bank } from "../journal/bank.ts";
import type { Journal } from "../journal/journal.ts";
import type { QueueState } from "../machine.ts";
import { toNumber } from "../memory/guest-memory.ts";
import type { QemuDecisions } from "../models/model.ts";
import type { QemuDma } from "./dma.ts";
import { ItsTable } from "./its-tables.ts";
import { CTE_BYTES, DTE_BYTES, VTE_BYTES } from "./table-layout.ts";

/** Words of an ITS's registers; 64-bit ones take two, low first. */
export const ItsWord = {
  ctlr: 0,
  cbaser: 1,
  cwriter: 3,
  creadr: 5,
  baser: 7,
  /** GITS_BASER0..2 and GITS_CBASER as they were when the ITS was last enabled: what its commands go by. */
  latched: 7 + BASERS * 2,
  latchedCbaser: 7 + BASERS * 2 + 6,
  count: 7 + BASERS * 2 + 8,
} as const;

/** GITS_BASER<n> at reset: 64 KiB pages. */
const BASER_LOW = 2 << 8;

/** GITS_TYPER.ID_bits: EventID bits minus one, and the largest Size and VPT_size that MAPD and VMAPP take. */
export const MAX_SIZE = 15;

/** One ITS: its registers, where its tables are, and what is around it. */
export class QemuItsState {
  readonly journal: Journal;
  readonly registers: Bank;
  readonly words: Uint32Array;
  readonly dma: QemuDma;
  readonly decisions: QemuDecisions;
  readonly distributor: Distributor;
  readonly delivery: LpiDelivery;
  readonly redistributors: readonly QemuRedistributor[];
  readonly architecture: 3 | 4;
  readonly devices: ItsTable;
  readonly collections: ItsTable;
  readonly vpes: ItsTable;
  /** Address of the command queue, and commands that it holds; 0 while it is not valid. */
  queueAddress = 0;
  queueCommands = 0;

  constructor(
    journal: Journal,
    parts: {
      dma: QemuDma;
      decisions: QemuDecisions;
      distributor: Distributor;
      delivery: LpiDelivery;
      redistributors: readonly QemuRedistributor[];
      architecture: 3 | 4;
    },
  ) {
    this.dma = parts.dma;
    this.decisions = parts.decisions;
    this.distributor = parts.distributor;
    this.delivery = parts.delivery;
    this.redistributors = parts.redistributors;
    this.architecture = parts.architecture;
    this.devices = new ItsTable(this.dma);
    this.collections = new ItsTable(this.dma);
    this.vpes = new ItsTable(this.dma);
    this.words = new Uint32Array(ItsWord.count);
    this.words[ItsWord.ctlr] = QUIESCENT;
    this.resetBaser(TableIndex.device, TableType.device, DTE_BYTES);
    this.resetBaser(TableIndex.collection, TableType.collection, CTE_BYTES);
    if (this.virtual) this.resetBaser(TableIndex.vpe, TableType.vpe, VTE_BYTES);
    this.journal = journal;
    this.registers = new Bank(journal, this.words);
    journal.onRewind(() => this.useLatched());
  }

  private resetBaser(index: number, type: number, entryBytes: number): void {
    this.words[ItsWord.baser + index * 2] = BASER_LOW;
    this.words[ItsWord.baser + index * 2 + 1] = baserKind(type, entryBytes);
  }

  /** GITS_TYPER.Virtual. */
  get virtual(): boolean {
    return this.architecture === 4;
  }

  get enabled(): boolean {
    return (this.words[ItsWord.ctlr] & ENABLED) !== 0;
  }

  /** By the registers, not by what was latched when the ITS was enabled. */
  get queue(): QueueState {
    const { words } = this;
    const [lo, hi] = [words[ItsWord.cbaser], words[ItsWord.cbaser + 1]];
    return {
      enabled: this.enabled,
      valid: hi >= 0x8000_0000,
      address: queueAddressOf(lo, hi),
      bytes: ((lo & 0xff) + 1) * 4096,
      writer: words[ItsWord.cwriter] & QUEUE_OFFSET,
      reader: words[ItsWord.creadr] & QUEUE_OFFSET,
      stalled: (words[ItsWord.creadr] & STALLED) !== 0,
    };
  }

  get cpus(): number {
    return this.redistributors.length;
  }

  /** The ITS is enabled: tables and queue are from now on where the registers say. */
  latch(): void {
    for (let word = 0; word < 6; word++) {
      this.registers.set(ItsWord.latched + word, this.words[ItsWord.baser + word]);
    }
    for (let word = 0; word < 2; word++) {
      this.registers.set(ItsWord.latchedCbaser + word, this.words[ItsWord.cbaser + word]);
    }
    this.useLatched();
  }

  private useLatched(): void {
    const { words } = this;
    for (const [index, table] of [this.devices, this.collections, this.vpes].entries()) {
      table.describe(words[ItsWord.latched + index * 2], words[ItsWord.latched + index * 2 + 1]);
    }
    const lo = words[ItsWord.latchedCbaser];
    const hi = words[ItsWord.latchedCbaser + 1];
    this.queueCommands = hi >= 0x8000_0000 ? ((lo & 0xff) + 1) * 128 : 0;
    this.queueAddress = queueAddressOf(lo, hi);
  }
}

/** GITS_CBASER [51:12]. */
function queueAddressOf(lo: number, hi: number): number {
  return toNumber(lo & ~0xfff, hi & 0xf_ffff);
}
