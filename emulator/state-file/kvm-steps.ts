import { attributeNumbers, groupNumbers } from "../../architecture/index.ts";
import { Errno } from "../kvm/errno.ts";
import type { KvmMachine } from "../kvm/vmm/machine.ts";
import type { KvmVmm } from "../kvm/vmm/vmm.ts";
import type { HostResult } from "../vmm.ts";
import { faultSentence, watchRestore } from "./explain-restore.ts";
import { getRegisters, itsPlaces, type KvmPlace, placesOf, setRegisters } from "./kvm-registers.ts";
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

/** GITS_IIDR.Revision and the low words of the registers are enough for a sentence. */
const SHOWN_REFUSALS = 3;

/** Saves a guest step by step. */
export class KvmSave {
  private readonly machine: KvmMachine;
  private registers: Pick<SavedState, "distributor" | "redistributors" | "cpuInterfaces" | "itss">;
  private memory: SavedState["memory"] = [];

  constructor(machine: KvmMachine) {
    this.machine = machine;
    this.registers = { distributor: new Map(), redistributors: [], cpuInterfaces: [], itss: [] };
  }

  run(step: SaveStep): StepResult {
    const { machine } = this;
    const { vmm } = machine;
    switch (step) {
      case "SAVE_TABLES":
        return forEachIts(machine, step, (its) => vmm.saveTables(its), "tables are in guest memory");
      case "SAVE_PENDING_TABLES": {
        const { errno } = vmm.savePendingTables();
        return errno === Errno.OK
          ? done(step, "pending bits of the LPIs are in guest memory")
          : refused(step, errno, "a pending table is not in RAM");
      }
      case "registers": {
        this.registers = readRegisters(machine);
        return done(step, `${countOf(this.registers)} registers were read`);
      }
      case "memory": {
        this.memory = nonZeroRuns(machine.memory);
        const bytes = this.memory.reduce((sum, run) => sum + run.bytes.length, 0);
        return done(step, `${bytes / 4096} pages that are not zero were copied`);
      }
    }
  }

  /** What has been saved so far. */
  get state(): SavedState {
    const { model, cpus, map, memory, vmm, details } = this.machine;
    const ram = ramRanges(memory);
    const host = this.machine.host === "arm" ? {} : { host: this.machine.host };
    const shape = { cpus, gicVersion: vmm.generation, secure: false, ...host, ...details, ram, its: map.its };
    return { model: model.name, shape, ...this.registers, memory: this.memory };
  }
}

/** All registers of a guest that are saved, as they are now. */
export function readRegisters(
  machine: KvmMachine,
): Pick<SavedState, "distributor" | "redistributors" | "cpuInterfaces" | "itss"> {
  const { guest, cpus, vmm } = machine;
  const pes = Array.from({ length: cpus }, (_, pe) => pe);
  const places = placesOf(vmm.generation, guest.intids);
  return {
    distributor: getRegisters(vmm, places.distributor, 0),
    redistributors: pes.map((pe) => getRegisters(vmm, [...places.redistributors, ...places.control], pe)),
    cpuInterfaces: pes.map((pe) => getRegisters(vmm, places.cpuInterfaces, pe)),
    itss: guest.itss.map((_, its) => getRegisters(vmm, itsPlaces, its)),
  };
}

function countOf(registers: ReturnType<typeof readRegisters>): number {
  const { distributor, redistributors, cpuInterfaces, itss } = registers;
  return [distributor, ...redistributors, ...cpuInterfaces, ...itss].reduce((sum, values) => sum + values.size, 0);
}

/** Does one step of restoring a saved guest. */
export function restoreKvm(machine: KvmMachine, state: SavedState, step: RestoreStep): StepResult {
  const { vmm } = machine;
  const places = placesOf(vmm.generation, machine.guest.intids);
  switch (step) {
    case "memory":
      for (const { address, bytes } of state.memory) {
        if (!machine.memory.writeBytes(address, bytes)) {
          return refused(step, Errno.EFAULT, `0x${address.toString(16)} is not RAM`);
        }
      }
      return done(step, `${state.memory.reduce((sum, run) => sum + run.bytes.length, 0) / 4096} pages were written`);
    case "distributor":
      return setOf(vmm, step, places.distributor, [state.distributor]);
    case "redistributors":
      return setOf(vmm, step, places.redistributors, state.redistributors);
    case "GICR_CTLR":
      return setOf(vmm, step, places.control, state.redistributors);
    case "CPU interfaces":
      return setOf(vmm, step, places.cpuInterfaces, state.cpuInterfaces);
    case "ITS address":
      return forEachIts(
        machine,
        step,
        (its) => vmm.set(vmm.its(its), groupNumbers.ADDR, attributeNumbers.ADDR_ITS, BigInt(state.shape.its[its])),
        "frames are placed",
      );
    case "RESTORE_TABLES":
      return restoreTables(machine);
    default: {
      const prefix = step.replace("<n>", "");
      const named = itsPlaces.filter(({ name }) => name.replace(/(?<=BASER)\d$/, "") === prefix);
      return setOf(vmm, step, named, state.itss);
    }
  }
}

function restoreTables(machine: KvmMachine): StepResult {
  let explained = "";
  const { itss } = machine.guest;
  const result = forEachIts(
    machine,
    "RESTORE_TABLES",
    (its) => {
      const { result: answer, fault } = watchRestore(itss[its].state, () => machine.vmm.restoreTables(its));
      if (fault !== undefined) explained = `: ${faultSentence(fault)}`;
      return answer;
    },
    "tables were read from guest memory",
  );
  return result.errno === Errno.OK ? result : { ...result, message: result.message + explained };
}

function setOf(
  vmm: KvmVmm,
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
    for (const { name, errno } of setRegisters(vmm, present, unit, values)) {
      first ||= errno;
      const of = units.length === 1 ? "" : ` of ${places[0].group === groupNumbers.ITS_REGS ? "ITS" : "PE"} ${unit}`;
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
  machine: KvmMachine,
  step: SaveStep | RestoreStep,
  act: (its: number) => HostResult,
  what: string,
): StepResult {
  const { length } = machine.guest.itss;
  for (let its = 0; its < length; its++) {
    const { errno, crash } = act(its);
    if (crash !== undefined) return { step, errno: Errno.OK, message: crash, crash: true };
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
