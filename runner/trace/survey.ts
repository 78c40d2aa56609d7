import { FIRST_LPI, MAX_PES } from "../../architecture/index.ts";
import { peOfAffinity } from "../../dumps/qemu-trace/affinity.ts";
import { numberIn, type TraceEvent, wideNumberIn } from "../../dumps/qemu-trace/event.ts";
import { eventSpecs, type Role } from "../../dumps/qemu-trace/event-table.ts";
import { parseTraceLine } from "../../dumps/qemu-trace/parse-line.ts";
import { MemoryUse } from "./memory-use.ts";
import { PriorityRecord } from "./priority-record.ts";

const RECORD = "Record one with qemu-system-aarch64 -trace 'gicv3_*' -D FILE.";
/** A guest error of QEMU's memory core (-d guest_errors). */
const NO_MEMORY = /Invalid (?:read|write) at addr (0x[0-9a-f]{1,13}),/;
/** First offset of the VLPI frames, which only GICv4 redistributors have. */
const VLPI_FRAMES = 0x2_0000;
const TYPER = 0x8;
const GICD_TYPER = 0x4;
const PIDR2 = 0xffe8;
const VLPIS = 1 << 1;
const SECURITY_EXTENSIONS = 1 << 10;
const CBASER = 0x80;
const BASER0 = 0x100;
const BASER_END = 0x140;
const PROPBASER = 0x70;
const PENDBASER = 0x78;
const LPIS_BYTES = 0x1_0000;
/** Address bits [51:12] of CBASER, PROPBASER and PENDBASER. */
const ADDRESS = 0xf_ffff_ffff_f000n;
const PAGE_BYTES = [0x1000, 0x4000, 0x1_0000, 0x1_0000];
const ITE_BYTES = 12;
const IDLE = 0xff;
/** DeviceIDs, ICIDs and vPEIDs of QEMU have 16 bits. */
const ID_END = 65536;

/**
 * What a first reading of a trace finds out: the shape of its machine, which events it holds, which memory the guest gave to the
 * GIC, and what the trace says about bytes that no line shows. Its memory is bounded by the number of PEs, events' names, devices and LPIs.
 */
export class TraceSurvey {
  lines = 0;
  /** Of all lines, without their ends. */
  characters = 0;
  /** Lines that are no event, and lines that begin one that is not known or not whole. */
  otherLines = 0;
  unreadableLines = 0;
  firstUnreadable = 0;
  /** Events of each name. */
  readonly counts = new Map<string, number>();
  readonly memory = new MemoryUse();
  readonly priorities = new PriorityRecord();
  /** DeviceIDs and ICIDs and vPEIDs with a valid entry. */
  readonly validDevices = new Set<number>();
  readonly validCollections = new Set<number>();
  readonly validVpes = new Set<number>();
  /** Has redistributors with VLPI frames (GICv4). */
  virtualLpis = false;
  twoSecurityStates = false;
  private readonly pes = new Set<number>();
  /** Registers of 64 bits that hold addresses, as they were written, by frame and offset. */
  private readonly halves = new Map<string, bigint>();
  private foreignAffinity: number | undefined;

  /** Takes the next line. */
  line(text: string): void {
    this.lines++;
    this.characters += text.length;
    const event = parseTraceLine(text, this.lines);
    if (event === "other") {
      this.otherLines++;
      const address = NO_MEMORY.exec(text)?.[1];
      if (address !== undefined) this.memory.addAbsent(Number(address));
    } else if (event === "unreadable") {
      this.unreadableLines++;
      this.firstUnreadable ||= this.lines;
    } else this.event(event);
  }

  get events(): number {
    return this.lines - this.otherLines - this.unreadableLines;
  }

  /** PEs of the machine: all up to the highest that a line names. */
  get cpus(): number {
    return Math.max(1, ...[...this.pes].map((pe) => pe + 1));
  }

  has(name: string): boolean {
    return this.counts.has(name);
  }

  /** Whether the guest used virtual interrupts: list registers, or a resident vPE. */
  get virtualInterrupts(): boolean {
    return this.virtualLpis || [...this.counts.keys()].some((name) => /^gicv3_ic[hv]_/.test(name));
  }

  /** Why the trace cannot be replayed at all, or undefined. */
  problem(): string | undefined {
    if (this.events === 0) return this.noTrace();
    const names = [...this.counts.keys()];
    if (!names.some((name) => roleOf(name) !== "effect" && roleOf(name) !== "command")) {
      return `The trace has no line of an access or input that could be given to a machine. ${RECORD}`;
    }
    if (this.has("gicv3_its_process_command") && !names.some((name) => roleOf(name) === "command")) {
      return `The trace has no gicv3_its_cmd_* line, so nothing says what the ITS's commands were. ${RECORD}`;
    }
    if (this.memory.isFull) {
      return "The guest's tables and queues are spread over more than the 1 GiB of memory that a replay has.";
    }
    return this.strangePe();
  }

  private noTrace(): string {
    const what =
      this.unreadableLines > 0
        ? `line ${this.firstUnreadable} begins an event, but no line has a whole one that is known`
        : `no gicv3_* event is in its ${this.lines} ${this.lines === 1 ? "line" : "lines"}`;
    return `This is no trace of a GIC: ${what}. ${RECORD}`;
  }

  /** PEs that the machine of a replay would not have, or would have beside them. */
  private strangePe(): string | undefined {
    if (this.foreignAffinity !== undefined) {
      const affinity = `0x${this.foreignAffinity.toString(16)}`;
      return `The trace has a PE with affinity ${affinity}, which no PE of QEMU's virt machine has (clusters of 16, at most ${MAX_PES} PEs).`;
    }
    // A write to the distributor updates every PE.
    if (!this.has("gicv3_dist_write") || this.pes.size === this.cpus) return undefined;
    const missing = Array.from({ length: this.cpus }, (_, pe) => pe).find((pe) => !this.pes.has(pe));
    return `The affinities of the trace's ${this.pes.size} PEs are not those of QEMU's virt machine: PE ${missing} is in no line.`;
  }

  private event(event: TraceEvent): void {
    const { name } = event.spec;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    this.affinity(event);
    this.twoSecurityStates ||= numberIn(event, "secure") === 1 || name.includes("_el3_");
    switch (name) {
      case "gicv3_cpuif_update":
        if (numberIn(event, "intid") >= FIRST_LPI && numberIn(event, "priority") !== IDLE) {
          this.priorities.add(numberIn(event, "intid"), event.line, numberIn(event, "priority"));
        }
        break;
      case "gicv3_dist_read":
        if (numberIn(event, "offset") === GICD_TYPER) {
          this.twoSecurityStates ||= (numberIn(event, "data") & SECURITY_EXTENSIONS) !== 0;
        } else if (numberIn(event, "offset") === PIDR2) {
          this.virtualLpis ||= ((numberIn(event, "data") >> 4) & 0xf) >= 4;
        }
        break;
      case "gicv3_redist_read":
      case "gicv3_redist_write":
        this.redistributor(event);
        break;
      case "gicv3_its_write":
        this.itsWrite(event);
        break;
      case "gicv3_its_cmd_mapd":
        if (numberIn(event, "valid") !== 0) {
          this.memory.add(numberIn(event, "itt") * 256, 2 ** (numberIn(event, "size") + 1) * ITE_BYTES);
        }
        break;
      case "gicv3_its_cmd_vmapp":
        this.virtualLpis = true;
        if (numberIn(event, "valid") !== 0) this.memory.add(numberIn(event, "table") * 0x1_0000, LPIS_BYTES);
        break;
      case "gicv3_its_ite_read_fault":
        this.memory.addAbsent(numberIn(event, "itt"));
        break;
      case "gicv3_its_dte_read":
        noteValid(this.validDevices, event, "device");
        break;
      case "gicv3_its_cte_read":
        noteValid(this.validCollections, event, "icid");
        break;
      case "gicv3_its_vte_read":
        noteValid(this.validVpes, event, "vpe");
        break;
    }
  }

  private affinity(event: TraceEvent): void {
    if (!event.spec.fields.some((field) => field.name === "cpu")) return;
    const affinity = numberIn(event, "cpu");
    const pe = peOfAffinity(affinity);
    if (pe === undefined || pe >= MAX_PES) this.foreignAffinity ??= affinity;
    else this.pes.add(pe);
  }

  private redistributor(event: TraceEvent): void {
    const offset = numberIn(event, "offset");
    this.virtualLpis ||= offset >= VLPI_FRAMES;
    if (event.spec.name === "gicv3_redist_read") {
      if (offset === TYPER) this.virtualLpis ||= (Number(wideNumberIn(event, "data") & 0xffn) & VLPIS) !== 0;
      return;
    }
    const register = offset - (offset % 8);
    const inFrame = register >= VLPI_FRAMES ? register - VLPI_FRAMES : register;
    if (inFrame !== PROPBASER && inFrame !== PENDBASER) return;
    const value = this.whole(event, `${numberIn(event, "cpu")}:${register}`);
    this.memory.add(Number(value & ADDRESS), LPIS_BYTES);
  }

  private itsWrite(event: TraceEvent): void {
    const offset = numberIn(event, "offset");
    const register = offset - (offset % 8);
    if (register !== CBASER && (register < BASER0 || register >= BASER_END)) return;
    const value = this.whole(event, `its:${register}`);
    const pages = Number(value & 0xffn) + 1;
    if (register === CBASER) {
      this.memory.add(Number(value & ADDRESS), pages * 0x1000);
      return;
    }
    const pageBytes = PAGE_BYTES[Number((value >> 8n) & 3n)];
    const high = pageBytes === 0x1_0000 ? ((value >> 12n) & 0xfn) << 48n : 0n;
    const address = (value & 0xffff_ffff_f000n & ~BigInt(pageBytes - 1)) | high;
    this.memory.add(Number(address), pages * pageBytes);
  }

  /** A 64-bit register after a write to it or to half of it. */
  private whole(event: TraceEvent, key: string): bigint {
    const data = wideNumberIn(event, "data");
    const before = this.halves.get(key) ?? 0n;
    let value = data;
    if (numberIn(event, "size") === 4) {
      const low = BigInt.asUintN(32, data);
      value =
        numberIn(event, "offset") % 8 === 4
          ? BigInt.asUintN(32, before) | (low << 32n)
          : ((before >> 32n) << 32n) | low;
    }
    this.halves.set(key, value);
    return value;
  }
}

function roleOf(name: string): Role | undefined {
  return eventSpecs.get(name)?.role;
}

function noteValid(ids: Set<number>, event: TraceEvent, field: string): void {
  const id = numberIn(event, field);
  if (numberIn(event, "valid") !== 0 && id < ID_END) ids.add(id);
}
