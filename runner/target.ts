import { type LayoutName, registerOffset } from "../architecture/index.ts";
import type {
  AccessBytes,
  CommandEvent,
  ItsTables,
  LpiState,
  Mark,
  MemoryMap,
  Outcome,
  QueueState,
  Remark,
  Steps,
  Vmm,
} from "../emulator/index.ts";
import type { RegisterLocation } from "../language/index.ts";

/** Long work of a target, which can be done in stretches. */
export interface TargetWork {
  /** Bounds the next stretch. @param steps about a tenth of a microsecond each; Infinity: there is no bound */
  allow(steps: number): void;
  /** Whether work stopped at the bound; nothing else may be asked of the target until {@link proceed} has brought it to its end. */
  readonly unfinished: boolean;
  proceed(): void;
  /** Forgets what stopped, when the target has been taken back to before it. */
  abandon(): void;
}

/** A target that can go back in time. */
export interface TimeTravel {
  mark(): Mark;
  /** @returns false when the mark is too old to be reached */
  rewind(mark: Mark): boolean;
  /** Brings the target back to what it was at an earlier moment, as a change that can be taken back. @returns false as {@link rewind} */
  returnTo(mark: Mark): boolean;
  /**
   * Shows one earlier moment after another, latest first, and comes back to the present.
   * @param look answers whether to look further back
   * @returns the mark at which `look` answered no
   */
  lookBack(marks: Iterable<Mark>, look: () => boolean): Mark | undefined;
  /**
   * {@link lookBack} in steps. Between them the target is in the past, and nobody else may ask it anything; left before its end the work
   * comes back to the present.
   */
  lookingBack(marks: Iterable<Mark>, look: () => boolean): Steps<Mark | undefined>;
  /** Reads, and takes back what the read has changed. */
  peek<Value>(read: () => Value): Value;
}

/**
 * What scripts run on and views look at: a GIC with ITSs, reached by its bus. The emulator is the first target; a live machine can be
 * another, and offers less.
 */
export interface Target {
  /** Name of the model or machine, for users: "kvm-7.2". */
  readonly name: string;
  readonly title: string;
  readonly cpus: number;
  readonly map: MemoryMap;
  /** Gives back what it holds of its host's memory: nobody asks it anything any more. */
  release?(): void;
  /** Name of the layout of its tables (architecture/layouts). */
  readonly layout: LayoutName;
  /** Told of every command that an ITS takes from its queue. */
  onCommand: ((event: CommandEvent) => void) | undefined;
  /** Told of every command that an ITS is about to carry out, where the target notices: its number, and the command's byte offset in the queue. */
  onCommandBegin?: ((its: number, queueOffset: number) => void) | undefined;
  /** Told of what software may not do and of System errors, where the target notices. */
  onRemark?: ((remark: Remark) => void) | undefined;
  /** A bus access, with its effects. @param pe that makes it, default 0: GICv2's registers are banked @returns undefined on a bus error */
  read(address: number, bytes: AccessBytes, pe?: number): bigint | undefined;
  /** @returns false on a bus error */
  write(address: number, bytes: AccessBytes, value: bigint, pe?: number): boolean;
  /** RAM, without looking at devices. @returns undefined when a byte is not RAM */
  readMemory(address: number, length: number): Uint8Array | undefined;
  /** RAM as little-endian words of 32 bits, as many as `into` holds. @param address multiple of 4 @returns false when a word is not RAM */
  readWords(address: number, into: Uint32Array): boolean;
  writeMemory(address: number, bytes: Uint8Array): boolean;
  fillMemory(address: number, length: number, byte: number): boolean;
  /** Whether all of a range is RAM. */
  hasMemory(address: number, length: number): boolean;
  signalMsi(its: number, deviceId: number, eventId: number): Outcome;
  /** System registers of a PE (ICC_*); undefined when the target has none of that name. */
  readSystemRegister(pe: number, name: string): bigint | undefined;
  writeSystemRegister(pe: number, name: string, value: bigint): boolean;
  /** Hypervisor interface (ICH_*) of a PE as the host's kernel sees it; undefined when there is none of that name. */
  readHypervisorRegister?(pe: number, name: string): bigint | undefined;
  tables(its: number): ItsTables;
  /** Looks at a command queue, without an access. @throws RangeError when there is no such ITS */
  queue(its: number): QueueState;
  lpi(intid: number): LpiState | undefined;
  lpis(): Iterable<LpiState>;
  /** The pending ones of {@link lpis}. @param visit is told the INTID, and the PE or -1 where there is none */
  forEachPendingLpi(visit: (intid: number, pe: number) => void): void;
  /** Sets the level of an SPI's or, of a PE, a PPI's input. @returns false when there is no such input */
  setLine?(intid: number, level: boolean, pe: number): boolean;
  /** Where a PE's redistributor is, where it may be moved; undefined = nowhere. Absent: where {@link map} says. */
  readonly frameOf?: ((pe: number) => number | undefined) | undefined;
  /** The VMM of a KVM guest, and its host. */
  readonly vmm?: Vmm | undefined;
  readonly time: TimeTravel | undefined;
  /** Absent where everything is done at once. */
  readonly work?: TargetWork | undefined;
}

/**
 * Reads a register to look at it: of a target that can go back nothing has changed afterwards, though the read may be the guest's and
 * make KVM enter it.
 */
export function peekRegister(target: Target, location: RegisterLocation): bigint | undefined {
  const { name, pe, register } = location;
  const address = registerAddress(target, location);
  if (address !== undefined) return peekBus(target, address, register.width === 64 ? 8 : 4, pe);
  return peek(target, () => target.readSystemRegister(pe, name) ?? target.readHypervisorRegister?.(pe, name));
}

/** Targets whose reads are taken back together, later. */
const peekedAt = new Set<Target>();

/**
 * Reads many registers to look at them: what the reads change is taken back once, after the last one. A read that has made KVM enter a guest
 * is not undone for the next one, which finds the vCPU as the one before has left it: with many pending interrupts that is a hundred times
 * faster, and shows the same.
 */
export function peekMany<Value>(target: Target, read: () => Value): Value {
  if (target.time === undefined || peekedAt.has(target)) return read();
  peekedAt.add(target);
  try {
    return target.time.peek(read);
  } finally {
    peekedAt.delete(target);
  }
}

/** Reads the bus as {@link peekRegister} reads registers. @returns undefined where nothing answers */
export function peekBus(target: Target, address: number, bytes: 4 | 8, pe?: number): bigint | undefined {
  return peek(target, () => target.read(address, bytes, pe));
}

function peek<Value>(target: Target, read: () => Value): Value {
  const { time } = target;
  return time === undefined || peekedAt.has(target) ? read() : time.peek(read);
}

/** Address of a memory-mapped register; undefined for system registers and for a PE or ITS that the target does not have. */
export function registerAddress(target: Target, location: RegisterLocation): number | undefined {
  const { register, index, pe, its } = location;
  const offset = registerOffset(register, index);
  if (offset === undefined) return undefined;
  switch (register.block) {
    case "GITS":
      return its < target.map.its.length ? target.map.its[its] + offset : undefined;
    case "GICC":
      return target.map.gicc === undefined || pe >= target.cpus ? undefined : target.map.gicc + offset;
    case "GICR": {
      if (pe >= target.cpus || target.map.gicc !== undefined) return undefined;
      const { frameOf, map } = target;
      const base = frameOf === undefined ? map.gicr + pe * map.gicrStride : frameOf(pe);
      return base === undefined ? undefined : base + offset;
    }
    case "GICD":
      return target.map.gicd + offset;
    default:
      return undefined;
  }
}
