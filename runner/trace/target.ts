import type { TraceEvent } from "../../dumps/qemu-trace/event.ts";

/** A frame of registers: the distributor's, the ITS's, or that of a PE's redistributor. */
export type Frame = "distributor" | "its" | { readonly pe: number };

/** Access sizes in bytes. */
export type AccessBytes = 1 | 2 | 4 | 8;

/** What a replay needs of a machine. The emulator is one; tests have smaller ones. */
export interface TraceTarget {
  /** Told of everything that the machine does because of the calls below, in order, as trace events. */
  onEvent: ((event: TraceEvent) => void) | undefined;
  /** Names of the events that {@link onEvent} is told of; of others nothing can be compared. */
  readonly produces: ReadonlySet<string>;
  /** @returns undefined where nothing answers */
  read(frame: Frame, offset: number, bytes: AccessBytes, secure?: boolean): bigint | undefined;
  write(frame: Frame, offset: number, bytes: AccessBytes, value: bigint, secure?: boolean): void;
  /** @returns undefined when the machine has no such register */
  readSystemRegister(pe: number, name: string): bigint | undefined;
  /** @returns false when the machine has no such register */
  writeSystemRegister(pe: number, name: string, value: bigint): boolean;
  /** Level of an SPI's input or, with `pe`, of a PPI's. */
  setLine(intid: number, level: boolean, pe?: number): void;
  /** A device with a DeviceID writes an EventID to GITS_TRANSLATER. */
  signalMsi(deviceId: number, eventId: number): void;
  /** A PE changes its Exception level: its CPU interface tells it again what is pending. */
  changeExceptionLevel(pe: number): void;
  /** Guest memory, 64 bits little-endian; undefined where there is none. */
  readMemory(address: number): bigint | undefined;
  writeMemory(address: number, bytes: 1 | 8, value: bigint): void;
  /** Remembers the present moment and forgets the one before. @returns what takes back everything since; false when it cannot */
  checkpoint(): () => boolean;
  /** State that a person looks at to understand a difference at this event: lines of text. */
  describe(event: TraceEvent): string[];
}
