import type { RecordedOutcome } from "../conformance/qemu-machine.ts";
import type { MachineEvent } from "./side.ts";

/** Trace events that tell what QEMU did (hw/intc/trace-events, hw/block/trace-events of QEMU 7.2). */
export const TRACE_EVENTS = [
  "gicv3_its_process_command",
  "gicv3_its_cmd_*",
  "gicv3_its_cte_read*",
  "gicv3_its_vte_read*",
  "gicv3_its_dte_read_fault",
  "gicv3_its_ite_read_fault",
  "gicv3_its_write",
  "gicv3_its_translation_write",
  "gicv3_cpuif_update",
  "pflash_io_write",
] as const;

/** Some guest errors end without a newline, so an event may begin anywhere in a line. */
const EVENT_START = /(?=gicv3_[a-z_]+ GICv3 |pflash_io_write )/;
const COMMAND = /^gicv3_its_process_command .* offset 0x([0-9a-f]+): 0x([0-9a-f]+)/;
const PRIORITY = /^gicv3_cpuif_update GICv3 CPU i\/f 0x([0-9a-f]+) HPPI update: irq (-?\d+) group (\d+) prio (-?\d+)/;
const TARGET = /^gicv3_its_[cv]te_read .* valid 1 .*RD[Bb]ase 0x([0-9a-f]+)$/;
/** Guest errors of the functions that execute commands (arm_gicv3_its.c). */
const COMMAND_ERROR = /^(?:process_|do_process_|vmovp_callback|lookup_|ITS MAP)/;
const COMMAND_BYTES = 32;
const VMOVP = 0x22;

export interface LogReading {
  readonly events: readonly MachineEvent[];
  /** Set when a device that is no part of the GIC was written to. */
  readonly foreign?: string;
}

/** Takes QEMU's log apart. @param cpus PEs of the machine */
export function readLog(log: string, cpus: number): LogReading {
  const reader = new LogReader(cpus);
  for (const whole of log.split("\n")) for (const line of whole.split(EVENT_START)) reader.line(line);
  return reader.end();
}

/** What the log says of one command. */
interface CommandLog {
  readonly at: number;
  readonly offset: number;
  readonly opcode: number;
  stall: boolean;
  fault: boolean;
  unknown: boolean;
  error: boolean;
  /** It was known to the point of being traced by name. */
  traced: boolean;
  vpeRead: boolean;
  /** A collection or vPE that it met is on a PE that does not exist. */
  noTarget: boolean;
}

class LogReader {
  private readonly events: MachineEvent[] = [];
  private readonly cpus: number;
  private command: CommandLog | undefined;
  private foreign: string | undefined;

  constructor(cpus: number) {
    this.cpus = cpus;
  }

  line(line: string): void {
    if (!line.startsWith("gicv3_cpuif_update ")) {
      this.otherLine(line);
      return;
    }
    const [, pe, intid, group, priority] = PRIORITY.exec(line) ?? [];
    this.events.push({
      kind: "priority",
      pe: Number.parseInt(pe, 16),
      intid: Number(intid),
      group: Number(group),
      priority: Number(priority),
    });
  }

  private otherLine(line: string): void {
    const started = COMMAND.exec(line);
    if (started !== null) {
      this.begin(Number.parseInt(started[1], 16) * COMMAND_BYTES, Number.parseInt(started[2], 16));
    } else if (line.startsWith("gicv3_its_write ") || line.startsWith("gicv3_its_translation_write ")) {
      // What follows belongs to no command of this queue.
      this.finish();
    } else if (line.startsWith("pflash_io_write ")) {
      this.foreign ??= "a table of the ITS was written to flash memory";
    } else if (this.command !== undefined) {
      this.note(this.command, line);
    }
  }

  private begin(offset: number, opcode: number): void {
    this.finish();
    const at = this.events.length;
    const nothing = { stall: false, fault: false, unknown: false, error: false, traced: false };
    this.command = { at, offset, opcode, ...nothing, vpeRead: false, noTarget: false };
    this.events.push({ kind: "command", offset, opcode, outcome: "done" });
  }

  private note(command: CommandLog, line: string): void {
    if (/stalling/.test(line)) command.stall = true;
    else if (/^gicv3_its_.te_read_fault/.test(line)) command.fault = true;
    else if (line.startsWith("gicv3_its_cmd_unknown")) command.unknown = true;
    else if (line.startsWith("gicv3_its_cmd_")) command.traced = true;
    else if (COMMAND_ERROR.test(line)) command.error = true;
    const target = TARGET.exec(line);
    if (target !== null && Number.parseInt(target[1], 16) >= this.cpus) command.noTarget = true;
    if (line.startsWith("gicv3_its_vte_read ")) command.vpeRead = true;
  }

  private finish(): void {
    const { command } = this;
    if (command === undefined) return;
    const { at, offset, opcode } = command;
    this.events[at] = { kind: "command", offset, opcode, outcome: outcomeOf(command) };
    this.command = undefined;
  }

  end(): LogReading {
    this.finish();
    const { events, foreign } = this;
    return foreign === undefined ? { events } : { events, foreign };
  }
}

function outcomeOf(command: CommandLog): RecordedOutcome {
  if (command.stall) return "stall";
  if (command.fault) return "fault-swallowed";
  if (command.unknown) return "unknown-ignored";
  if (command.error) return "error-ignored";
  // QEMU goes on without a word when VMOVP names no PE, and when a collection or vPE is on none.
  const silent = !command.traced || command.noTarget || (command.opcode === VMOVP && !command.vpeRead);
  return silent ? "silently-ignored" : "done";
}
