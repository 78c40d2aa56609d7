import type { RecordedOutcome } from "../conformance/qemu-machine.ts";
import type { Access } from "./operations.ts";

/** What a machine did of its own, in order. */
export type MachineEvent =
  | { readonly kind: "command"; readonly offset: number; readonly opcode: number; readonly outcome: RecordedOutcome }
  /** A CPU interface was told of its highest priority pending interrupt. */
  | {
      readonly kind: "priority";
      readonly pe: number;
      readonly intid: number;
      readonly group: number;
      readonly priority: number;
    };

/** What accesses brought about. */
export interface Answer {
  /** Of the reads among them, in order; a refused one reads as 0. */
  readonly reads: readonly bigint[];
  readonly events: readonly MachineEvent[];
  /** Why this machine cannot be compared from here on: the accesses reached a device that the other one does not have. */
  readonly foreign?: string;
}

/** One of the two machines. */
export interface Side {
  readonly name: string;
  perform(accesses: readonly Access[]): Promise<Answer>;
  /** Fills `into` with RAM. */
  readRam(address: number, into: Uint8Array): void;
  close(): Promise<void>;
}

/** An event in one line. */
export function eventText(event: MachineEvent | undefined): string {
  if (event === undefined) return "nothing";
  return event.kind === "command"
    ? `command at queue offset 0x${event.offset.toString(16)}, opcode 0x${event.opcode.toString(16)}: ${event.outcome}`
    : `PE ${event.pe}: highest priority pending interrupt ${event.intid}, group ${event.group}, priority 0x${event.priority.toString(16)}`;
}
