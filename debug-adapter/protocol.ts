/**
 * What the debug adapter says beyond the Debug Adapter Protocol. Types only: the editor's side imports this file.
 * Numbers of 64 bits are texts `0x…` on the wire; addresses are such texts too.
 */

import type { ViewRequests } from "./views-protocol.ts";

/** A custom request: its name, what it takes and what it answers. */
export interface CustomRequests extends ViewRequests {
  /** Registers with their fields. Without `groups`: the groups alone, without reading a register. */
  readonly "gic/registers": { readonly arguments: RegistersArguments; readonly body: RegistersBody };
  /**
   * Goes back to before the line that wrote a value last, as `goto` does: of a variable, or of an expression. A `stopped` event follows.
   */
  readonly "gic/runBack": { readonly arguments: RunBackArguments; readonly body: RunBackBody };
  /** The machine of this moment as a saved machine. Nothing of it has changed afterwards. */
  readonly "gic/savedMachine": { readonly arguments: Readonly<Record<string, never>>; readonly body: SavedMachineBody };
}

/** Either `expression`, or `variablesReference` and `name` as in `setVariable`. */
export interface RunBackArguments {
  readonly expression?: string;
  readonly variablesReference?: number;
  readonly name?: string;
}

export interface RunBackBody {
  /** What was looked for. */
  readonly expression: string;
  /** The line that wrote it, as the client counts. */
  readonly line: number;
}

export interface SavedMachineBody {
  /** Text of a state file, memory and all. */
  readonly json: string;
  /** Line of the script that runs next, from 1; absent where there is no script. */
  readonly line?: number;
}

/** What `exceptionInfo` says beyond the protocol, as its member `gic`. */
export interface ExceptionBody {
  /** Filter that it belongs to: `command-errors`, … */
  readonly kind: string;
  /** From 1. */
  readonly line: number;
  /** ITS whose command it was, and the address of its slot in the queue. */
  readonly its?: number;
  readonly address?: string;
  /** Doublewords of the command. */
  readonly words?: readonly string[];
  /** `ignored`, `stalled`, … */
  readonly outcome?: string;
  /** Of a command that the host's kernel gave up with an error number. */
  readonly errno?: string;
  /** The rule that was broken. */
  readonly error?: {
    readonly name: string;
    /** `0x01CCEE` */
    readonly code: string;
    readonly summary: string;
    readonly advice: string;
    readonly source: string;
    /** False when no public source lists the code. */
    readonly confirmed: boolean;
  };
  /** The part of the command that is to blame. */
  readonly field?: {
    readonly name: string;
    /** Doubleword, and bits in it. */
    readonly word: number;
    readonly msb: number;
    readonly lsb: number;
    readonly raw: string;
  };
  /** What other models do with the same command. */
  readonly others?: readonly { readonly model: string; readonly outcome: string }[];
  /** Of an ignored write. */
  readonly write?: {
    readonly register: string;
    readonly wanted: string;
    readonly value: string;
    /** Field that makes it read-only, which is 1. */
    readonly lock?: string;
  };
}

export interface RegistersArguments {
  /** Ids of the groups whose registers are wanted. */
  readonly groups?: readonly string[];
}

export interface RegistersBody {
  /** "Linux 7.2 KVM" */
  readonly model: string;
  /** Groups in the order of ITSs, PEs, distributor; with `groups` in the request, those alone, unknown ids left out. */
  readonly groups: readonly RegisterGroupBody[];
}

export interface RegisterGroupBody {
  /** `GITS0`, `GITS0.more`, `GICR2`, `GICD`: stable within a session. */
  readonly id: string;
  readonly title: string;
  readonly kind: "its" | "redistributor" | "distributor" | "cpu-interface" | "hypervisor" | "timer";
  /** PE or ITS number. */
  readonly number: number;
  /** Registers that are seldom looked at. */
  readonly secondary: boolean;
  /** Number of registers. */
  readonly count: number;
  /** Present when the request named the group. */
  readonly registers?: readonly RegisterBody[];
}

export interface RegisterBody {
  /** The manual's spelling. */
  readonly name: string;
  /** What the script language calls it: `GICR_CTLR[1]`. Evaluate and setExpression take it. */
  readonly expression: string;
  readonly address?: string;
  /** Bits. */
  readonly width: 32 | 64;
  /** RW, RO, WO, W1C, W1S, … */
  readonly access: string;
  /** `0x` and all digits; absent when it was not read, see `text`. */
  readonly value?: string;
  /** The value, or why there is none: "write-only". */
  readonly text: string;
  readonly resetValue?: string;
  readonly summary: string;
  /** What a read changes; such a register is never read unasked. */
  readonly readEffect?: string;
  readonly fields: readonly FieldBody[];
}

export interface FieldBody {
  readonly name: string;
  readonly expression: string;
  readonly msb: number;
  readonly lsb: number;
  /** The bits as a number. */
  readonly raw: string;
  /** `(raw << shift) + plus`. */
  readonly meaning: string;
  /** What a user reads: `1 (Devices)`. */
  readonly text: string;
  /** Absent: the register's. */
  readonly access?: string;
  readonly summary: string;
}

/** Custom events. */
export interface CustomEvents {
  /** The machine may look different: after a stop, an edit, a statement in the console. Views read anew what they show. */
  readonly "gic/stateChanged": StateChangedBody;
}

export interface StateChangedBody {
  /** Line that runs next, from 1; the number of lines + 1 at the end. */
  readonly line: number;
  readonly ended: boolean;
  /** Lines that have run. */
  readonly executed: number;
}

/** Attributes of a launch configuration of type `gic`. */
export interface LaunchAttributes {
  /** Path of the script. Absent: there is none, and the session stands on the machine of `state`. */
  readonly program?: string;
  /** Path of a log of ITS commands, such as a trace of QEMU: the script that it becomes is run, in place of `program`. */
  readonly trace?: string;
  /** Path of a saved machine, or of a text dump of tables that is restored into `model`, which takes the place of the one that the script's first machine block describes. */
  readonly state?: string;
  /** Stop before the first statement. Default: false. */
  readonly stopOnEntry?: boolean;
  /** Stop once at the end of the script when nothing has stopped it before. Default: false; the extension's setting says otherwise. */
  readonly stopAtEnd?: boolean;
  /** Run without stopping anywhere (VS Code's "Run Without Debugging"). */
  readonly noDebug?: boolean;
  /** Overrides the machine block: `kvm-7.2`, `kvm`, … */
  readonly model?: string;
  /** A model on which the same script runs beside: the session stops where the two first differ. */
  readonly compareWith?: string;
  /** Values that take the place of those that the script's `let` lines give, by name: numbers, or expressions of numbers as texts. */
  readonly args?: Readonly<Record<string, number | string>>;
  /** Title of the `test` block that the session is about: the script's other tests are passed over. */
  readonly test?: string;
  /** Absolute path of the folder around the script that `load` and `include` read files in. Default: the script's folder. */
  readonly filesRoot?: string;
  /** Overrides the machine block: 1 to 512 PEs. */
  readonly cpus?: number;
}
