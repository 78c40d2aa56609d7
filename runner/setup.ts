import { declaredRegister, type ModelName, offsetOf } from "../architecture/index.ts";
import { MemoryBudget, MemoryLimitError } from "../emulator/index.ts";
import type { Diagnostic, MachineDescription, ScriptLine } from "../language/index.ts";
import { EmulatorTarget, type MachineBounds } from "./emulator-target.ts";
import { runErrors } from "./errors.ts";
import { encodeRegister } from "./registers.ts";
import type { Target } from "./target.ts";

/** Where `setup = ready` puts what a driver allocates at boot, from the start of the first RAM window on, in bytes. */
export const readyLayout = {
  queue: 0,
  queueBytes: 0x10000,
  collectionTable: 0x10000,
  propertyTable: 0x20000,
  /** Of GICv4 alone, one page of 64 KiB. */
  vpeTable: 0x30000,
  deviceTable: 0x100000,
  deviceTableBytes: 0x80000,
  /** One pending table of 64 KiB a PE. */
  pendingTables: 0x200000,
  pendingTableBytes: 0x10000,
  /** Bytes of what each further ITS has, behind the pending tables: queue, collection table, device table, vPE table. */
  furtherItsBytes: 0xb0000,
} as const;

/** Where the tables of one ITS are, from the start of the first RAM window on, in bytes. */
export interface ItsPlaces {
  readonly queue: number;
  readonly collectionTable: number;
  readonly deviceTable: number;
  readonly vpeTable: number;
}

/** @param cpus PEs of the machine */
export function readyPlaces(its: number, cpus: number): ItsPlaces {
  if (its === 0) return readyLayout;
  const { pendingTables, pendingTableBytes, furtherItsBytes, queueBytes, deviceTableBytes } = readyLayout;
  const queue = pendingTables + cpus * pendingTableBytes + (its - 1) * furtherItsBytes;
  const collectionTable = queue + queueBytes;
  const deviceTable = collectionTable + 0x10000;
  return { queue, collectionTable, deviceTable, vpeTable: deviceTable + deviceTableBytes };
}

/** Bytes of the first RAM window that `setup = ready` takes. */
export function readyBytes(itss: number, cpus: number): number {
  const { pendingTables, pendingTableBytes, furtherItsBytes } = readyLayout;
  return pendingTables + cpus * pendingTableBytes + Math.max(itss - 1, 0) * furtherItsBytes;
}

/** Property byte of every LPI: priority 0xA0, bit 1 as Linux writes it, enabled. */
export const READY_PROPERTY = 0xa3;
/** INTID bits minus one: 16-bit INTIDs, LPIs 8192..65535. */
const ID_BITS = 15n;
const LPI_COUNT = 65536 - 8192;
const PAGE_64K = 2n;
const INNER_SHAREABLE = 1n;
const RAWAWB = 7n;

/** GICC_PMR that lets everything pass, as Linux writes it. */
const ALL_PRIORITIES = 0xf0n;

/** Does what a driver of a GICv2 does at boot: distributor and CPU interfaces are enabled. */
export function setUpGicV2(target: Target): void {
  const { map, cpus } = target;
  if (map.gicc === undefined) throw new Error("this machine has no GICv2");
  write(target, map.gicd, "GICD_CTLR", { EnableGrp0: 1n });
  for (let pe = 0; pe < cpus; pe++) {
    write(target, map.gicc, "GICC_PMR", { Priority: ALL_PRIORITIES }, pe);
    write(target, map.gicc, "GICC_CTLR", { EnableGrp0: 1n }, pe);
  }
}

/**
 * Does what a driver does at boot: for each ITS a command queue, device and collection table, property and pending tables, everything enabled.
 * @param gic version of the GIC: from 4 on vPE tables are set up, too
 * @returns a sentence when the first RAM window is too small for it
 */
export function setUpTarget(target: Target, ramBase: number, ramBytes: number, gic = 3): string | undefined {
  const itss = target.map.its.length;
  const needed = readyBytes(itss, target.cpus);
  if (ramBytes < needed) {
    const whose = itss === 1 ? "queue, tables" : `queues and tables of ${itss} ITSs`;
    return `setup = ready needs ${Math.ceil(needed / 0x100000)} MiB in the first RAM window for ${whose} and the pending tables of ${target.cpus} PEs; it has ${Math.floor(ramBytes / 0x100000)}. Give it more, or write setup = reset`;
  }
  target.fillMemory(ramBase + readyLayout.propertyTable, LPI_COUNT, READY_PROPERTY);
  const memory = { InnerCache: RAWAWB, Shareability: INNER_SHAREABLE };
  const { map } = target;
  write(target, map.gicd, "GICD_CTLR", { ARE: 1n, EnableGrp1: 1n });
  for (let pe = 0; pe < target.cpus; pe++) {
    const frame = map.gicr + pe * map.gicrStride;
    const pending = ramBase + readyLayout.pendingTables + pe * readyLayout.pendingTableBytes;
    const property = BigInt(ramBase + readyLayout.propertyTable);
    write(target, frame, "GICR_PROPBASER", { ...memory, IDbits: ID_BITS, Physical_Address: property });
    write(target, frame, "GICR_PENDBASER", { ...memory, Physical_Address: BigInt(pending) });
    write(target, frame, "GICR_CTLR", { EnableLPIs: 1n });
    // In GICv4.1 this is the table of vPEs; before, it is the configuration table of the vLPIs of whom the PE runs.
    if (gic === 4.1) writeVpropbaser(target, frame, BigInt(ramBase + readyLayout.vpeTable), pe);
  }
  for (const its of map.its.keys()) setUpIts(target, its, ramBase, gic);
  return undefined;
}

function setUpIts(target: Target, number: number, ramBase: number, gic: number): void {
  const memory = { InnerCache: RAWAWB, Shareability: INNER_SHAREABLE };
  const its = target.map.its[number];
  const places = readyPlaces(number, target.cpus);
  const page = (offset: number): bigint => BigInt(ramBase + offset);
  const pages64 = (bytes: number): bigint => BigInt(bytes / 0x10000 - 1);
  write(target, its, "GITS_CBASER", {
    ...memory,
    Valid: 1n,
    Physical_Address: page(places.queue),
    Size: BigInt(readyLayout.queueBytes / 4096 - 1),
  });
  write(target, its, "GITS_BASER0", {
    ...memory,
    Valid: 1n,
    Page_Size: PAGE_64K,
    Physical_Address: page(places.deviceTable),
    Size: pages64(readyLayout.deviceTableBytes),
  });
  write(target, its, "GITS_BASER1", {
    ...memory,
    Valid: 1n,
    Page_Size: PAGE_64K,
    Physical_Address: page(places.collectionTable),
    Size: 0n,
  });
  if (gic >= 4) {
    // With GITS_TYPER.SVPET all ITSs of a GICv4.1, and its redistributors, have one vPE table.
    const vpeTable = page(gic === 4.1 ? readyLayout.vpeTable : places.vpeTable);
    write(target, its, "GITS_BASER2", {
      ...memory,
      Valid: 1n,
      Page_Size: PAGE_64K,
      Physical_Address: vpeTable,
      Size: 0n,
    });
  }
  write(target, its, "GITS_CTLR", { Enabled: 1n });
}

/** GICv4.1's form of GICR_VPROPBASER: Valid, pages of 64 KiB, one of them. */
function writeVpropbaser(target: Target, frame: number, table: bigint, pe: number): void {
  target.write(frame + offsetOf("GICR_VPROPBASER"), 8, (1n << 63n) | (PAGE_64K << 53n) | table, pe);
}

function write(target: Target, frame: number, name: string, fields: Readonly<Record<string, bigint>>, pe = 0): void {
  const { register } = declaredRegister(name);
  target.write(frame + offsetOf(name), register.width === 64 ? 8 : 4, encodeRegister(register, fields), pe);
}

/** A target that is set up for a script, or why it cannot be. */
export type Prepared = { readonly target: Target } | { readonly failure: string };

/** Makes the machine of a description. */
export interface Prepare {
  (description: MachineDescription): Prepared;
  /**
   * Makes machines that run the same script beside this one, on another model or, without one, as they are here. Absent where the script
   * does not begin on the machine that it describes, such as a saved one: no other model has that.
   */
  readonly beside?: (model: ModelName | undefined) => Beside;
}

/** Machines beside those of a script. */
export interface Beside {
  readonly prepare: Prepare;
  /** Gives their memory back. */
  release(): void;
}

/** Bytes of the host's memory that the machines of a script may hold together, where nobody says otherwise. */
const SCRIPT_MEMORY_BYTES = 2 ** 30;

/** What the machines of one script may take of their host together. */
export function scriptBounds(): MachineBounds {
  return { budget: new MemoryBudget(SCRIPT_MEMORY_BYTES) };
}

/**
 * Builds the machine that a script describes and sets it up.
 * @param bounds what it may take of its host; default: as much as a script alone may
 */
export function prepareTarget(description: MachineDescription, bounds: MachineBounds = scriptBounds()): Prepared {
  let target: EmulatorTarget | undefined;
  const failed = (failure: string): Prepared => {
    target?.release();
    return { failure };
  };
  try {
    target = EmulatorTarget.of(description, bounds);
    const [first] = description.ram;
    if (description.setup === "ready" && description.gic === 2) setUpGicV2(target);
    else if (description.setup === "ready") {
      const failure =
        first === undefined
          ? "it has no RAM"
          : setUpTarget(target, Number(first.base), Number(first.size), description.gic);
      if (failure !== undefined) return failed(failure);
    }
    target.machine.journal.clear();
    return { target };
  } catch (error) {
    if (error instanceof MemoryLimitError) {
      return failed(`this script's machines may hold ${Math.floor(error.limit / 2 ** 20)} MiB of memory together`);
    }
    if (error instanceof RangeError) return failed(error.message);
    throw error;
  }
}

/**
 * Makes machines within bounds that all of them share, those beside them as well.
 * @param overridden a description with what is said elsewhere than in the script
 */
export function preparing(
  bounds: MachineBounds = scriptBounds(),
  overridden = (description: MachineDescription): MachineDescription => description,
): Prepare {
  const beside = (model: ModelName | undefined): Beside => {
    const all = bounds.budget;
    const budget = new MemoryBudget(all?.limit ?? SCRIPT_MEMORY_BYTES, all);
    const other = (description: MachineDescription): MachineDescription =>
      model === undefined ? overridden(description) : { ...overridden(description), model };
    return {
      prepare: (description) => prepareTarget(other(description), { ...bounds, budget }),
      release: () => budget.release(),
    };
  };
  return Object.assign((description: MachineDescription) => prepareTarget(overridden(description), bounds), { beside });
}

/** The diagnostic of a machine that cannot be built, on a line of the script. */
export function machineProblem(failure: string, line: ScriptLine | undefined): Diagnostic {
  return runErrors.machineFailed({ start: 0, length: line?.text.length ?? 0 }, failure);
}
