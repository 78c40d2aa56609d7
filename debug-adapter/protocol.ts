/**
 * What the debug adapter says beyond the Debug Adapter Protocol. Types only: the editor's side imports this file.
 * Numbers of 64 bits are texts `0x…` on the wire; addresses are such texts too.
 */

import type { ViewRequests } from "./views-protocol.ts";

/** A custom request: its name, what it takes and what it answers. */
export interface CustomRequests extends ViewRequests {
  /** Registers with their fields. Without `groups`: the groups alone, without reading a register. */
  readonly "gic/registers": { readonly arguments: RegistersArguments; readonly body: RegistersBody };
  /** The machine of this moment as a saved machine. Nothing of it has changed afterwards. */
  readonly "gic/savedMachine": { readonly arguments: Readonly<Record<string, never>>; readonly body: SavedMachineBody };
}

export interface SavedMachineBody {
  /** Text of a state file, memory and all. */
  readonly json: string;
  /** Line of the script that runs next, from 1; absent where there is no script. */
  readonly line?: number;
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
  /** Path of a saved machine, which takes the place of the one that the script's first machine block describes. */
  readonly state?: string;
  /** Stop before the first statement. Default: false. */
  readonly stopOnEntry?: boolean;
  /** Stop once at the end of the script when nothing has stopped it before. Default: false; the extension's setting says otherwise. */
  readonly stopAtEnd?: boolean;
  /** Run without stopping anywhere (VS Code's "Run Without Debugging"). */
  readonly noDebug?: boolean;
  /** Overrides the machine block: `kvm-7.2`, `kvm`, … */
  readonly model?: string;
  /** Overrides the machine block: 1 to 512 PEs. */
  readonly cpus?: number;
}
