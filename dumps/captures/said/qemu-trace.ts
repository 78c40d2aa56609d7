import { numberIn, parseTraceLine, peOfAffinity, type TraceEvent, wideNumberIn } from "../../qemu-trace/index.ts";
import type { Work } from "../../work.ts";
import type { Source } from "../facts.ts";
import { SaidTables } from "./said-events.ts";
import { TracedRegisters } from "./traced-registers.ts";

/** What a trace of QEMU's GIC leaves behind at its end. */
export interface Traced {
  readonly its: TracedRegisters;
  /** By PE. */
  readonly redistributors: ReadonlyMap<number, TracedRegisters>;
  readonly tables: SaidTables;
  /** What of it is not understood or left out, in parts of a sentence each. */
  readonly problems: readonly string[];
}

/** Longer lines are no events. */
const MAX_LINE = 4096;
/** Lines between two steps of the work. */
const LINES_A_STEP = 2048;
/** Redistributors that are kept. */
const MAX_PES = 512;
/** Events that say something of registers and tables; a guest error begins with one of their names and a colon. */
const TOLD = /gicv3_(?:its|redist)_\w+ GICv3 /;
/** MAPD and the write of a DTE have the ITT's address in units of 256 bytes, as the command has it; the other events have it in bytes. */
const ITT_UNIT = 256;
/** Interrupt type of an ITE for a physical LPI (QEMU hw/intc/gicv3_internal.h ITE_INTTYPE_PHYSICAL). */
const PHYSICAL = 1;

/**
 * Reads a text as a trace of QEMU's `gicv3_*` events (`-trace 'gicv3_*'`): registers of ITS and redistributors as the accesses leave them, and
 * what is mapped. The last line that says something counts, as it is the guest's last moment.
 * @param text any text; lines that are no events are passed over
 * @returns undefined when no line says anything
 */
export function* readQemuTrace(text: string, file: string): Work<Traced | undefined> {
  if (!text.includes("gicv3_")) return undefined;
  const reader = new TraceReader(file);
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    line++;
    if (end - start <= MAX_LINE) reader.line(text.slice(start, end), line);
    start = end + 1;
    if (line % LINES_A_STEP === 0) yield;
  }
  return reader.result();
}

class TraceReader {
  private readonly file: string;
  private readonly its = new TracedRegisters("its");
  private readonly redistributors = new Map<number, TracedRegisters>();
  /** What commands ask for, and what the ITS wrote into its tables because of them: where a trace has this it is what came of it. */
  private readonly commanded = new SaidTables();
  private readonly written = new SaidTables();
  private hasEntries = false;
  private unreadable = 0;
  private firstUnreadable = 0;

  constructor(file: string) {
    this.file = file;
  }

  line(text: string, line: number): void {
    if (!TOLD.test(text)) return;
    const event = parseTraceLine(text, line);
    if (event === "unreadable") {
      if (this.unreadable++ === 0) this.firstUnreadable = line;
    } else if (event !== "other") this.event(event, { file: this.file, line });
  }

  result(): Traced | undefined {
    const { its, redistributors, hasEntries, written, commanded, unreadable } = this;
    const tables = hasEntries ? written : commanded;
    const problems: string[] = [];
    if (unreadable > 0)
      problems.push(
        `line ${this.firstUnreadable} is no whole event of QEMU's that is known${unreadable > 1 ? `, nor are ${unreadable - 1} more lines` : ""}: what they say is left out`,
      );
    if (tables.leftOut > 0)
      problems.push(
        `${tables.leftOut} times a device or an event of the trace is left out, because there are too many`,
      );
    if (its.isEmpty && redistributors.size === 0 && tables.isEmpty && problems.length === 0) return undefined;
    return { its, redistributors, tables, problems };
  }

  private event(event: TraceEvent, source: Source): void {
    const { name } = event.spec;
    const access = /^gicv3_(its|redist)_(read|write)$/.exec(name);
    if (access !== null) {
      const registers = access[1] === "its" ? this.its : this.redistributor(numberIn(event, "cpu"));
      const [offset, bytes, data] = [numberIn(event, "offset"), numberIn(event, "size"), wideNumberIn(event, "data")];
      registers?.take({ offset, bytes, data, isWrite: access[2] === "write" }, source);
    } else if (event.spec.role === "command") this.command(event, source);
    else this.entry(event, source);
  }

  private redistributor(affinity: number): TracedRegisters | undefined {
    const pe = peOfAffinity(affinity);
    if (pe === undefined || pe >= MAX_PES) return undefined;
    const found = this.redistributors.get(pe) ?? new TracedRegisters("redistributor");
    this.redistributors.set(pe, found);
    return found;
  }

  private command(event: TraceEvent, source: Source): void {
    const { commanded: tables } = this;
    const [deviceId, eventId, icid] = [numberIn(event, "device"), numberIn(event, "event"), numberIn(event, "icid")];
    const valid = numberIn(event, "valid") === 1;
    switch (event.spec.name) {
      case "gicv3_its_cmd_mapd": {
        const [size, itt] = [numberIn(event, "size"), numberIn(event, "itt") * ITT_UNIT];
        if (valid) tables.mapDevice({ deviceId, eventBits: size + 1, itt, source });
        else tables.unmapDevice(deviceId);
        break;
      }
      case "gicv3_its_cmd_mapc":
        tables.mapCollection(icid, valid ? numberIn(event, "rdbase") : undefined);
        break;
      case "gicv3_its_cmd_mapi":
        tables.mapEvent({ deviceId, eventId, intid: eventId, icid, source });
        break;
      case "gicv3_its_cmd_mapti":
        tables.mapEvent({ deviceId, eventId, intid: numberIn(event, "intid"), icid, source });
        break;
      case "gicv3_its_cmd_vmapi":
        tables.mapEvent({ deviceId, eventId, intid: eventId, icid: undefined, source });
        break;
      case "gicv3_its_cmd_vmapti":
        tables.mapEvent({ deviceId, eventId, intid: numberIn(event, "vintid"), icid: undefined, source });
        break;
      case "gicv3_its_cmd_movi":
        tables.moveEvent(deviceId, eventId, icid, source);
        break;
      case "gicv3_its_cmd_discard":
        tables.unmapEvent(deviceId, eventId);
        break;
    }
  }

  /** An entry that the ITS read or wrote. */
  private entry(event: TraceEvent, source: Source): void {
    const found = /^gicv3_its_([cdi])te_(?:read|write)$/.exec(event.spec.name);
    if (found === null) return;
    this.hasEntries = true;
    const { written: tables } = this;
    const valid = numberIn(event, "valid") === 1;
    const isWrite = event.spec.name.endsWith("write");
    const itt = numberIn(event, "itt") * (found[1] === "d" && isWrite ? ITT_UNIT : 1);
    if (found[1] === "c") tables.mapCollection(numberIn(event, "icid"), valid ? numberIn(event, "rdbase") : undefined);
    else if (found[1] === "d") {
      const device = { deviceId: numberIn(event, "device"), eventBits: numberIn(event, "size") + 1, itt, source };
      if (!valid) tables.unmapDevice(device.deviceId);
      else if (isWrite) tables.mapDevice(device);
      else tables.seeDevice(device);
    } else {
      const deviceId = tables.deviceAt(itt);
      if (deviceId === undefined) return;
      const eventId = numberIn(event, "event");
      const icid = numberIn(event, "type") === PHYSICAL ? numberIn(event, "icid") : undefined;
      if (valid) tables.mapEvent({ deviceId, eventId, intid: numberIn(event, "intid"), icid, source });
      else tables.unmapEvent(deviceId, eventId);
    }
  }
}
