import { Errno } from "../kvm/errno.ts";
import { explainRestoreFailure, faultSentence } from "./explain-restore.ts";
import type { KvmPort } from "./kvm-port.ts";
import { getRegisters, ITS_REGS, itsPlaces, type KvmPlace, placesOf, setRegisters } from "./kvm-registers.ts";
import { nonZeroRuns, ramRanges } from "./memory-runs.ts";
import type { SavedState } from "./saved-state.ts";

/** What user space does to save a stopped KVM guest. `registers` gets all of them, `memory` copies RAM. */
export type SaveStep = "SAVE_TABLES" | "SAVE_PENDING_TABLES" | "registers" | "memory";

/** What user space does to restore one into a new virtual machine. `GICR_CTLR` is apart from `redistributors`, the rest of them. */
export type RestoreStep =
  | "memory"
  | "distributor"
  | "redistributors"
  | "GICR_CTLR"
  | "CPU interfaces"
  | "ITS address"
  | "GITS_IIDR"
  | "GITS_CBASER"
  | "GITS_CREADR"
  | "GITS_CWRITER"
  | "GITS_BASER<n>"
  | "RESTORE_TABLES"
  | "GITS_CTLR";

/** Saving as QEMU does it: what the kernel writes to RAM comes before RAM is copied for the last time. */
export const documentedSave: readonly SaveStep[] = ["SAVE_TABLES", "SAVE_PENDING_TABLES", "registers", "memory"];

/** Linux Documentation/virt/kvm/devices/arm-vgic-its.rst, "ITS Restore Sequence". */
export const documentedRestore: readonly RestoreStep[] = [
  "memory",
  "distributor",
  "redistributors",
  "GICR_CTLR",
  "CPU interfaces",
  "ITS address",
  "GITS_IIDR",
  "GITS_CBASER",
  "GITS_CREADR",
  "GITS_CWRITER",
  "GITS_BASER<n>",
  "RESTORE_TABLES",
  "GITS_CTLR",
];

/** How a GICv2 guest is saved, which has no LPIs, and restored. */
export const savingV2: readonly SaveStep[] = ["registers", "memory"];
export const restoringV2: readonly RestoreStep[] = ["memory", "distributor", "redistributors", "CPU interfaces"];

/** One step that was done, or refused. */
export interface StepResult {
  readonly step: SaveStep | RestoreStep;
  /** errno of the first call that the kernel refused, 0 = all were taken. */
  readonly errno: number;
  /** What it did, or what the kernel refused. */
  readonly message: string;
  /** Set where the host's kernel would have crashed. */
  readonly crash?: boolean;
}

const CTRL = 4;
const ADDR = 0;
const ADDR_ITS = 4n;
const SAVE_TABLES = 1n;
const RESTORE_TABLES = 2n;
const SAVE_PENDING_TABLES = 3n;
/** GITS_IIDR.Revision and the low words of the registers are enough for a sentence. */
const SHOWN_REFUSALS = 3;

/** Saves a guest step by step. */
export class KvmSave {
  private readonly port: KvmPort;
  private registers: Pick<SavedState, "distributor" | "redistributors" | "cpuInterfaces" | "itss">;
  private memory: SavedState["memory"] = [];

  constructor(port: KvmPort) {
    this.port = port;
    this.registers = { distributor: new Map(), redistributors: [], cpuInterfaces: [], itss: [] };
  }

  run(step: SaveStep): StepResult {
    const { port } = this;
    switch (step) {
      case "SAVE_TABLES":
        return forEachIts(port, step, (its) => port.set(CTRL, SAVE_TABLES, 0n, its), "tables are in guest memory");
      case "SAVE_PENDING_TABLES": {
        const errno = port.set(CTRL, SAVE_PENDING_TABLES, 0n);
        return errno === Errno.OK
          ? done(step, "pending bits of the LPIs are in guest memory")
          : refused(step, errno, "a pending table is not in RAM");
      }
      case "registers": {
        this.registers = readRegisters(port);
        return done(step, `${countOf(this.registers)} registers were read`);
      }
      case "memory": {
        this.memory = nonZeroRuns(port.machine.memory);
        const bytes = this.memory.reduce((sum, run) => sum + run.bytes.length, 0);
        return done(step, `${bytes / 4096} pages that are not zero were copied`);
      }
    }
  }

  /** What has been saved so far. */
  get state(): SavedState {
    const { model, cpus, map, memory } = this.port.machine;
    const ram = ramRanges(memory);
    const shape = { cpus, gicVersion: this.port.generation, secure: false, ram, its: map.its };
    return { model: model.name, shape, ...this.registers, memory: this.memory };
  }
}

/** All registers of a guest that are saved, as they are now. */
export function readRegisters(
  port: KvmPort,
): Pick<SavedState, "distributor" | "redistributors" | "cpuInterfaces" | "itss"> {
  const { guest, cpus } = port.machine;
  const pes = Array.from({ length: cpus }, (_, pe) => pe);
  const places = placesOf(port.generation, guest.intids);
  return {
    distributor: getRegisters(port, places.distributor, 0),
    redistributors: pes.map((pe) => getRegisters(port, [...places.redistributors, ...places.control], pe)),
    cpuInterfaces: pes.map((pe) => getRegisters(port, places.cpuInterfaces, pe)),
    itss: guest.itss.map((_, its) => getRegisters(port, itsPlaces, its)),
  };
}

function countOf(registers: ReturnType<typeof readRegisters>): number {
  const { distributor, redistributors, cpuInterfaces, itss } = registers;
  return [distributor, ...redistributors, ...cpuInterfaces, ...itss].reduce((sum, values) => sum + values.size, 0);
}

/** Does one step of restoring a saved guest. */
export function restoreKvm(port: KvmPort, state: SavedState, step: RestoreStep): StepResult {
  const { machine } = port;
  const places = placesOf(port.generation, machine.guest.intids);
  switch (step) {
    case "memory":
      for (const { address, bytes } of state.memory) {
        if (!machine.memory.writeBytes(address, bytes)) {
          return refused(step, Errno.EFAULT, `0x${address.toString(16)} is not RAM`);
        }
      }
      return done(step, `${state.memory.reduce((sum, run) => sum + run.bytes.length, 0) / 4096} pages were written`);
    case "distributor":
      return setOf(port, step, places.distributor, [state.distributor]);
    case "redistributors":
      return setOf(port, step, places.redistributors, state.redistributors);
    case "GICR_CTLR":
      return setOf(port, step, places.control, state.redistributors);
    case "CPU interfaces":
      return setOf(port, step, places.cpuInterfaces, state.cpuInterfaces);
    case "ITS address":
      return forEachIts(
        port,
        step,
        (its) => port.set(ADDR, ADDR_ITS, BigInt(state.shape.its[its]), its),
        "frames are placed",
      );
    case "RESTORE_TABLES":
      return restoreTables(port);
    default: {
      const prefix = step.replace("<n>", "");
      const named = itsPlaces.filter(({ name }) => name.replace(/(?<=BASER)\d$/, "") === prefix);
      return setOf(port, step, named, state.itss);
    }
  }
}

function restoreTables(port: KvmPort): StepResult {
  let explained = "";
  const { itss } = port.machine.guest;
  const result = forEachIts(
    port,
    "RESTORE_TABLES",
    (its) => {
      const fault = explainRestoreFailure(itss[its].state);
      if (fault !== undefined) explained = `: ${faultSentence(fault)}`;
      return port.set(CTRL, RESTORE_TABLES, 0n, its);
    },
    "tables were read from guest memory",
  );
  return result.errno === Errno.OK ? result : { ...result, message: result.message + explained };
}

function setOf(
  port: KvmPort,
  step: RestoreStep,
  places: readonly KvmPlace[],
  units: readonly SavedState["distributor"][],
): StepResult {
  let count = 0;
  const refusals: string[] = [];
  let first: number = Errno.OK;
  for (const [unit, values] of units.entries()) {
    const present = places.filter(({ name }) => values.has(name));
    count += present.length;
    for (const { name, errno } of setRegisters(port, present, unit, values)) {
      first ||= errno;
      const of = units.length === 1 ? "" : ` of ${places[0].group === ITS_REGS ? "ITS" : "PE"} ${unit}`;
      refusals.push(`${name}${of} = 0x${(values.get(name) ?? 0n).toString(16)}`);
    }
  }
  if (first === Errno.OK) return done(step, `${count} ${count === 1 ? "register was" : "registers were"} written`);
  const more = refusals.length - SHOWN_REFUSALS;
  const shown = refusals.slice(0, SHOWN_REFUSALS).join(", ");
  return refused(
    step,
    first,
    `${more > 0 ? `${shown} and ${more} more are` : `${shown} ${refusals.length === 1 ? "is" : "are"}`} refused`,
  );
}

function forEachIts(
  port: KvmPort,
  step: SaveStep | RestoreStep,
  act: (its: number) => number,
  what: string,
): StepResult {
  const { length } = port.machine.guest.itss;
  for (let its = 0; its < length; its++) {
    const errno = act(its);
    if (port.crash !== undefined) return { step, errno: Errno.OK, message: port.crash, crash: true };
    if (errno !== Errno.OK) return refused(step, errno, length === 1 ? "the ITS refused it" : `ITS ${its} refused it`);
  }
  return done(step, length === 1 ? what : `${what} (${length} ITSs)`);
}

function done(step: StepResult["step"], message: string): StepResult {
  return { step, errno: Errno.OK, message };
}

function refused(step: StepResult["step"], errno: number, message: string): StepResult {
  return { step, errno, message };
}
