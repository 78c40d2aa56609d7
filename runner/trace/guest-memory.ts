import { COMMAND_BYTES } from "../../architecture/index.ts";
import { numberIn, type TraceEvent } from "../../dumps/qemu-trace/event.ts";
import { queuedCommands } from "./commands.ts";
import type { TraceSurvey } from "./survey.ts";
import type { TraceTarget } from "./target.ts";

const CBASER = 0x80;
const CBASER_ADDRESS = 0xf_ffff_ffff_f000n;
const BASER0 = 0x100;
const BASERS = 8;
const TableType = { device: 1, vpe: 2, collection: 4 } as const;
const VALID = 1n << 63n;
const INDIRECT = 1n << 62n;
const PAGE_BYTES = [0x1000, 0x4000, 0x1_0000, 0x1_0000];
const LEVEL1_BYTES = 8;

/** Where second-level pages are put: no line says where the guest had them. */
export const LEVEL2_PAGES = { base: 2 ** 50, bytes: 0x200_0000 } as const;

/** Entries of a table whose second level lies in one page. */
interface Level1Slot {
  readonly address: number;
  readonly first: number;
  readonly count: number;
  readonly pageBytes: number;
}

/**
 * What the guest wrote into its memory before it touched a register, as far as the trace lets it be known: the command queue, and the first
 * level of two-level tables. (The property table of LPIs is in lpi-properties.ts.)
 */
export class GuestWrites {
  /** First-level entries that were made up. */
  level1Entries = 0;
  private readonly target: TraceTarget;
  private readonly survey: TraceSurvey;
  private nextPage: number = LEVEL2_PAGES.base;

  constructor(target: TraceTarget, survey: TraceSurvey) {
    this.target = target;
    this.survey = survey;
  }

  /** Before a write to the ITS's registers: the commands that it takes because of it, and the tables that they need. */
  beforeItsWrite(effects: readonly TraceEvent[]): void {
    const commands = queuedCommands(effects);
    if (commands.length === 0) return;
    const queue = Number((this.target.read("its", CBASER, 8) ?? 0n) & CBASER_ADDRESS);
    for (const { slot, words } of commands) {
      const address = queue + slot * COMMAND_BYTES;
      for (const [i, word] of words.entries()) this.target.writeMemory(address + i * 8, 8, word);
    }
    for (const event of effects) this.level1(event);
  }

  private level1(event: TraceEvent): void {
    const { survey } = this;
    const { name } = event.spec;
    if (name === "gicv3_its_cmd_mapd") this.ensure(TableType.device, numberIn(event, "device"), survey.validDevices);
    if (name === "gicv3_its_cmd_mapc")
      this.ensure(TableType.collection, numberIn(event, "icid"), survey.validCollections);
    if (name === "gicv3_its_cmd_vmapp") this.ensure(TableType.vpe, numberIn(event, "vpe"), survey.validVpes);
  }

  /** Gives a table's entry a second level when a later line shows that it had one. */
  private ensure(type: number, index: number, validIndices: ReadonlySet<number>): void {
    const slot = this.slotOf(type, index);
    if (slot === undefined || this.nextPage + slot.pageBytes > LEVEL2_PAGES.base + LEVEL2_PAGES.bytes) return;
    const entry = this.target.readMemory(slot.address);
    if (entry === undefined || (entry & VALID) !== 0n) return;
    if (![...validIndices].some((valid) => valid >= slot.first && valid < slot.first + slot.count)) return;
    this.target.writeMemory(slot.address, 8, VALID | BigInt(this.nextPage));
    this.nextPage += slot.pageBytes;
    this.level1Entries++;
  }

  /** First-level entry of an index of the table of a type, or undefined when that table is flat or missing. */
  private slotOf(type: number, index: number): Level1Slot | undefined {
    for (let n = 0; n < BASERS; n++) {
      const baser = this.target.read("its", BASER0 + n * 8, 8) ?? 0n;
      if (Number((baser >> 56n) & 7n) !== type || (baser & VALID) === 0n || (baser & INDIRECT) === 0n) continue;
      const pageBytes = PAGE_BYTES[Number((baser >> 8n) & 3n)];
      const high = pageBytes === 0x1_0000 ? ((baser >> 12n) & 0xfn) << 48n : 0n;
      const base = Number((baser & 0xffff_ffff_f000n & ~BigInt(pageBytes - 1)) | high);
      const count = pageBytes / (Number((baser >> 48n) & 0x1fn) + 1);
      const page = Math.floor(index / count);
      return { address: base + page * LEVEL1_BYTES, first: page * count, count, pageBytes };
    }
    return undefined;
  }
}
