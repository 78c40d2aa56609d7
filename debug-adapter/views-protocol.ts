/**
 * What live views ask of the debug adapter beyond the Debug Adapter Protocol. Types only: the editor's side imports this file. Numbers of
 * 64 bits and addresses are texts `0x…` on the wire, lines are counted from 1.
 */
import type { InterruptMap } from "../dumps/captures/interrupt-map.ts";

/** A request of a view: its name, what it takes and what it answers. All are refused while the script runs. */
export interface ViewRequests {
  /** A page of the list of all interrupts. */
  readonly "gic/interrupts": { readonly arguments: InterruptsArguments; readonly body: InterruptsBody };
  /** Changes a piece of an interrupt's state as software does it. */
  readonly "gic/setInterrupt": { readonly arguments: SetInterruptArguments; readonly body: SetInterruptBody };
  /** The line that last changed a value, or mapped an event, a device or a collection. */
  readonly "gic/changedBy": { readonly arguments: ChangedByArguments; readonly body: ChangedByBody };
  /** Groups of registers, and the registers and fields of those that are open. */
  readonly "gic/registerTable": { readonly arguments: RegisterTableArguments; readonly body: RegisterTableBody };
  /** Chooses what registers are compared with, besides their values after reset and at the stop before. */
  readonly "gic/compareRegisters": {
    readonly arguments: CompareRegistersArguments;
    readonly body: CompareRegistersBody;
  };
  /** A page of the slots of a command queue. */
  readonly "gic/queue": { readonly arguments: QueueArguments; readonly body: QueueBody };
  /** Where each event of each device goes. */
  readonly "gic/map": { readonly arguments: Readonly<Record<string, never>>; readonly body: MapBody };
  /** The bits of a register, a table's entry or a command. */
  readonly "gic/bits": { readonly arguments: BitsArguments; readonly body: BitsBody };
  /** A script that recreates the machine of this moment. Nothing of it has changed afterwards. */
  readonly "gic/recreate": { readonly arguments: Readonly<Record<string, never>>; readonly body: RecreateBody };
  /** A page of what has run in the session, also of what was taken back since. */
  readonly "gic/timeline": { readonly arguments: TimelineArguments; readonly body: TimelineBody };
  /** Goes to a moment of the timeline, back or forwards. A `stopped` event follows. */
  readonly "gic/goTo": { readonly arguments: GoToArguments; readonly body: Readonly<Record<string, never>> };
}

export type InterruptState = "pending" | "active" | "enabled";

export interface InterruptsArguments {
  /** Words as `runner/inspect/interrupt-filter.ts` takes them. */
  readonly text: string;
  readonly states: readonly InterruptState[];
  /** Only what has changed since the stop before. */
  readonly changed: boolean;
  readonly sort: string;
  readonly descending: boolean;
  readonly from: number;
  /** At most 500. */
  readonly count: number;
}

export interface InterruptsBody {
  /** All interrupts. */
  readonly total: number;
  /** Those that the query leaves, of which `rows` is a page. */
  readonly matching: number;
  /** How many of all are in a state. */
  readonly counts: Readonly<Record<InterruptState, number>>;
  /** Whether what has changed is known: not at the first stop, nor after a step back to a moment that was not looked at. */
  readonly changesKnown: boolean;
  /** Words of the text that mean nothing. */
  readonly unknownWords: readonly string[];
  readonly rows: readonly InterruptRow[];
}

/** A piece of an interrupt's state that can be set. */
export type InterruptPiece = "enabled" | "pending" | "active" | "priority" | "group" | "trigger";

export interface InterruptRow {
  /** The same for the same interrupt at every stop. */
  readonly key: string;
  readonly kind: "SGI" | "PPI" | "SPI" | "LPI" | "vLPI";
  readonly intid: number;
  /** The PE whose own it is. */
  readonly pe?: number;
  readonly enabled?: boolean;
  readonly pending?: boolean;
  readonly active?: boolean;
  readonly priority?: number;
  readonly trigger?: "edge" | "level";
  readonly group?: 0 | 1;
  readonly target: TargetBody;
  readonly listRegister?: { readonly pe: number; readonly index: number; readonly state: string };
  readonly its?: number;
  readonly device?: number;
  readonly event?: number;
  readonly icid?: number;
  readonly vpe?: number;
  /** Pieces that are others than at the stop before; `target` and `mapping` among them. `new`: it was not there. */
  readonly changed: readonly string[];
  /** What the script language calls the pieces: to watch and to evaluate. */
  readonly expressions: Readonly<Partial<Record<InterruptPiece, string>>>;
  readonly settable: readonly InterruptPiece[];
}

export type TargetBody =
  | { readonly kind: "pes"; readonly pes: readonly number[] }
  | { readonly kind: "any" }
  | { readonly kind: "nowhere"; readonly affinity: number }
  | { readonly kind: "vpe"; readonly vpe: number }
  | { readonly kind: "unmapped" };

export interface SetInterruptArguments {
  readonly key: string;
  readonly piece: InterruptPiece;
  /** 0 or 1; a priority 0 to 255; of `trigger` 0 for level and 1 for edge. */
  readonly value: number;
}

export interface SetInterruptBody {
  /** What was carried out, as lines of a script. */
  readonly statements: readonly string[];
  /** That the machine did not take it, for people. */
  readonly note?: string;
}

export type ChangedByArguments =
  | { readonly expression: string }
  | { readonly its?: number; readonly device: number; readonly event?: number }
  | { readonly its?: number; readonly icid: number };

export interface ChangedByBody {
  /** Absent: no line of the script that has run. */
  readonly line?: number;
  /** Path of the script. */
  readonly program?: string;
}

export interface RegisterTableArguments {
  /** Ids of the groups that are open. */
  readonly groups: readonly string[];
  /** Expressions of the registers that are open. */
  readonly fields: readonly string[];
  /**
   * Only registers that match, of all groups: all words of the text, each a part of a name or the number of an address or a value; others
   * than after reset; others than at the stop before; others than what they are compared with.
   */
  readonly find?: {
    readonly text: string;
    readonly differs: boolean;
    readonly changed: boolean;
    readonly base?: boolean | undefined;
  };
}

/** One of the four; none of them: registers are compared with nothing more. */
export interface CompareRegistersArguments {
  /** The moment before a line that has run, from 1. */
  readonly line?: number | undefined;
  /** `before`: the stop before; `here`: the present moment, from now on. */
  readonly stop?: "before" | "here" | undefined;
  /** Values of a file, by what the script language calls the registers, and its name. */
  readonly values?: readonly { readonly expression: string; readonly value: string }[] | undefined;
  readonly name?: string | undefined;
}

export interface CompareRegistersBody {
  /** Registers whose values are known there. */
  readonly registers: number;
}

/** What registers are compared with. */
export interface ComparedWith {
  readonly kind: "line" | "before" | "here" | "file";
  /** Line that was next there, from 1; absent of a file, and where there is no script. */
  readonly line?: number;
  /** Of a file. */
  readonly name?: string;
  readonly registers: number;
}

export interface RegisterTableBody {
  /** "Linux 7.2 KVM" */
  readonly model: string;
  /** Whether what has changed is known of the registers that were asked for. */
  readonly changesKnown: boolean;
  /** Registers that a search has found and that are too many. */
  readonly leftOut: number;
  /** All groups, one under another behind it. */
  readonly groups: readonly TableGroup[];
  /** Of registers that are open, by expression; from the highest bit down. */
  readonly fields: Readonly<Record<string, readonly TableField[]>>;
  /** What registers are compared with, where that was chosen. */
  readonly base?: ComparedWith;
}

export interface TableGroup {
  /** `GITS0`, `GITS0.more`, `GICR2.intids0`: stable within a session. */
  readonly id: string;
  readonly title: string;
  readonly kind: "its" | "redistributor" | "distributor" | "cpu-interface" | "hypervisor" | "timer";
  readonly number: number;
  /** Id of the group that it is shown under. */
  readonly under?: string;
  /** Whether it has what its block has beside the registers that are looked at most. */
  readonly isRest: boolean;
  /** Registers. */
  readonly count: number;
  readonly summary: {
    readonly enabled?: { readonly what: "its" | "lpis" | "group1" | "interface" | "timer"; readonly on: boolean };
    readonly waiting?: number;
    readonly stalled?: boolean;
    readonly pending?: number;
    readonly listRegisters?: number;
  };
  /** Of groups that are open, and in a search. */
  readonly registers?: readonly TableRegister[];
}

export interface TableRegister {
  readonly name: string;
  /** What the script language calls it. */
  readonly expression: string;
  readonly address?: string;
  readonly width: 32 | 64;
  readonly access: string;
  /** `0x` and all digits; absent when it was not read. */
  readonly value?: string;
  /** Why there is no value. */
  readonly text?: string;
  /** What a read changes; such a register is never read unasked. */
  readonly readEffect?: string;
  readonly reset?: string;
  /** The value at the stop before, where it was another. */
  readonly previous?: string;
  /** The value in what it is compared with, where it is known and another. */
  readonly base?: string;
  readonly summary: string;
  readonly hasFields: boolean;
  readonly settable: boolean;
}

export interface TableField {
  readonly name: string;
  readonly expression: string;
  readonly msb: number;
  readonly lsb: number;
  /** The bits as a number. */
  readonly raw: string;
  /** `(raw << shift) + plus`. */
  readonly meaning: string;
  readonly text: string;
  readonly access: string;
  readonly summary: string;
  readonly values: readonly { readonly value: string; readonly name: string }[];
  readonly changed: boolean;
  /** From its value after reset. */
  readonly differs: boolean;
  readonly settable: boolean;
  /** The interrupt that it is about. */
  readonly intid?: number;
  /** What a user reads of it in what the register is compared with, where that is another. */
  readonly base?: string;
}

export interface QueueArguments {
  readonly its: number;
  readonly from: number;
  /** At most 500; 0: no slots. */
  readonly count: number;
}

export interface QueueBody {
  /** ITSs that there are. */
  readonly itss: number;
  /** Why there are no slots: GITS_CBASER.Valid is 0, or there is no ITS. */
  readonly valid: boolean;
  readonly enabled: boolean;
  readonly stalled: boolean;
  readonly address: string;
  readonly slots: number;
  /** Slots of GITS_CREADR and GITS_CWRITER. */
  readonly reader: number;
  readonly writer: number;
  readonly waiting: number;
  readonly rows: readonly QueueSlot[];
}

export interface QueueSlot {
  readonly slot: number;
  /** Bytes from the begin of the queue. */
  readonly offset: string;
  readonly address: string;
  /** The command as a line of a script; absent where it is not in RAM. */
  readonly text?: string;
  readonly words: readonly string[];
  /**
   * next: GITS_CREADR points to it; waiting: before GITS_CWRITER; consumed: the ITS took it in this session; stale: something is there that
   * was not taken in this session, as far as is known; empty: zeros.
   */
  readonly state: "next" | "waiting" | "consumed" | "stale" | "empty";
  readonly outcome?: { readonly text: string; readonly good: boolean };
  /** Line at which the ITS took it. */
  readonly line?: number;
}

export interface MapBody {
  readonly model: string;
  readonly map: InterruptMap;
  /** Whether what has changed is known. */
  readonly changesKnown: boolean;
}

export type BitsArguments =
  | { readonly expression: string }
  /** Slot of a command queue. */
  | { readonly its?: number; readonly slot: number }
  /** A line of the script, from 1: the command that it is, with what its names mean now. `text`: as an editor has it that has not saved it. */
  | { readonly line: number; readonly text?: string };

export interface BitsBody {
  readonly title: string;
  /** What it is: "64-bit register at 0x8080080, RW", "ITT entry". */
  readonly summary: string;
  /** Each `0x` and all digits, the one with bit 0 first. */
  readonly words: readonly string[];
  readonly fields: readonly BitsField[];
  readonly resetValue?: string;
  /** Words at the stop before, where they are known and others. */
  readonly previous?: readonly string[];
  /** Of a command of the script: its line, from 1, and the text of that, which {@link BitsField.edit} is about. */
  readonly source?: { readonly line: number; readonly text: string };
  /** Why no field can be changed here: `slot` of a queue, or a statement `raw`. */
  readonly fixed?: "slot" | "raw";
}

export interface BitsField {
  readonly name: string;
  readonly msb: number;
  readonly lsb: number;
  /** What a user reads: `1 (Devices)`. */
  readonly text: string;
  readonly summary: string;
  readonly access?: string;
  /** What to assign to; absent: it cannot be set. */
  readonly expression?: string;
  /** The part of the line of {@link BitsBody.source} that a new value takes the place of, columns from 0, and what stands before the value. */
  readonly edit?: { readonly start: number; readonly length: number; readonly before: string };
  readonly values: readonly { readonly value: string; readonly name: string }[];
}

export interface TimelineArguments {
  /** Words as `debug-adapter/views/timeline-filter.ts` takes them. */
  readonly text: string;
  /** Only what went wrong. */
  readonly failed: boolean;
  readonly from: number;
  /** At most 500. */
  readonly count: number;
}

export interface TimelineBody {
  /** Lines that have run, with those that were taken back since. */
  readonly lines: number;
  /** Of those, how many were looked through for the filter so far: at most some ten thousand a request. Ask again until it is `lines`. */
  readonly searched: number;
  /** Rows that the filter leaves of those, of which `rows` is a page; without a filter also one for what has not run. */
  readonly matching: number;
  /** Place among the rows that match of the one where the session stands, or would; `matching` when it is behind all. */
  readonly present: number;
  /** Words of the text that mean nothing. */
  readonly unknownWords: readonly string[];
  /** Lines whose numbers the filter asks for and nothing tells: they do not match. */
  readonly notCompared: number;
  readonly rows: readonly TimelineRow[];
}

export interface TimelineRow {
  /** The same for the same moment. */
  readonly key: string;
  /** Place of the line's run among all that have run, from 0. */
  readonly place: number;
  /** Of the script, from 1; of the end the line behind the last one. */
  readonly line: number;
  /**
   * `statement`; `command` that an ITS took from its queue while the statement above ran; `gap`: so many of those are not kept; `end` of
   * the script.
   */
  readonly kind: "statement" | "command" | "gap" | "end";
  /** `next`: where the session stands. `future`: it was taken back, or has not run. */
  readonly moment: "past" | "next" | "future";
  /** The statement, or the command as a line of a script; of a command whose words are not known its name. Empty for a gap and the end. */
  readonly text: string;
  /** Of a command: its place among those of its line, and the ITS that took it. */
  readonly command?: number;
  readonly its?: number;
  /** Of a gap. */
  readonly count?: number;
  readonly outcome?: TimelineOutcome;
  /** Why the session has stopped there, as the protocol's event `stopped` says it. */
  readonly stop?: string;
}

export interface TimelineOutcome {
  /** `outcome`: of a command; `sent`: an MSI got to its LPI; `commands`: so many; `value`: of a read; `kept`: an expectation; `machine`; `problem`. */
  readonly kind: "outcome" | "sent" | "commands" | "value" | "kept" | "machine" | "problem";
  /** What the kind says: a command's outcome, a number, a value, a title, the sentence of a problem. */
  readonly text: string;
  readonly good: boolean;
}

export interface GoToArguments {
  /** Line of the script, from 1, that is to be next; one behind the last line is the end. */
  readonly line: number;
  /** Which of its runs, as `TimelineRow.place` has it; default: the last one. */
  readonly place?: number;
  /** Before this one of its commands, from 0. */
  readonly command?: number;
}

export interface RecreateBody {
  /** The script; what its machine has otherwise stands in comments on top. */
  readonly text: string;
  /** How many sentences those are. */
  readonly left: number;
}
