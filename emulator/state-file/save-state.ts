import { ArchMachine } from "../arch/machine.ts";
import { createMachine } from "../create-machine.ts";
import { Errno, errnoName } from "../kvm/errno.ts";
import { KvmMachine } from "../kvm/vmm/machine.ts";
import type { Machine, MachineOptions } from "../machine.ts";
import { modelByName } from "../models/index.ts";
import { QemuMachine } from "../qemu/machine.ts";
import { loadArch, saveArch } from "./arch-state.ts";
import { itsPlaces, placesOf } from "./kvm-registers.ts";
import {
  documentedRestore,
  documentedSave,
  KvmSave,
  restoreKvm,
  restoringV2,
  type StepResult,
  savingV2,
} from "./kvm-steps.ts";
import { loadQemu, saveQemu } from "./qemu-state.ts";
import type { RegisterValues, SavedState, StateFailure } from "./saved-state.ts";

export type SaveResult = { readonly state: SavedState } | { readonly failure: StateFailure };
export type LoadResult = { readonly machine: Machine } | { readonly failure: StateFailure };

/**
 * Saves a machine. A KVM model saves as a virtual machine monitor does: SAVE_TABLES and SAVE_PENDING_TABLES, which write to the
 * machine's RAM, then the registers by their device attributes, then RAM.
 */
export function saveState(machine: Machine): SaveResult {
  if (machine instanceof QemuMachine) return { state: saveQemu(machine) };
  if (machine instanceof ArchMachine) return { state: saveArch(machine) };
  if (!(machine instanceof KvmMachine)) {
    const message = `this program cannot save a machine of ${machine.model.name}`;
    return { failure: { step: "save", message } };
  }
  const running = machine.vmm.pause();
  const result = saveKvm(machine);
  machine.vmm.resume(running);
  return result;
}

function saveKvm(machine: KvmMachine): SaveResult {
  const save = new KvmSave(machine);
  for (const step of machine.map.gicc === undefined ? documentedSave : savingV2) {
    const result = save.run(step);
    if (result.errno !== Errno.OK || result.crash) return { failure: failureOf(result) };
  }
  return { state: save.state };
}

/** What a machine may take of its host. */
export type MachineBounds = Pick<MachineOptions, "budget" | "journalLimit">;

/**
 * Makes a new machine of a saved state, a KVM model in the documented order. Nothing that exists already is touched, so a failure loses
 * nothing: take the new machine only when there is one.
 * @param bounds what it may take of its host @throws MemoryLimitError when it needs more
 */
export function loadState(state: SavedState, bounds: MachineBounds = {}): LoadResult {
  const made = newMachine(state, bounds);
  if ("failure" in made) return made;
  const { machine } = made;
  if (machine instanceof QemuMachine || machine instanceof ArchMachine) {
    const message = machine instanceof QemuMachine ? loadQemu(machine, state) : loadArch(machine, state);
    if (message !== undefined) return { failure: { step: "registers", message } };
  } else if (machine instanceof KvmMachine) {
    const field = strangeRegister(machine, state);
    if (field !== undefined) {
      return { failure: { step: "registers", message: `${field} is no register that ${machine.model.name} saves` } };
    }
    for (const step of machine.map.gicc === undefined ? documentedRestore : restoringV2) {
      const result = restoreKvm(machine, state, step);
      if (result.errno !== Errno.OK) return { failure: failureOf(result) };
    }
    const errno = machine.vmm.prepareVcpus();
    if (errno !== Errno.OK) {
      return {
        failure: {
          step: "machine",
          errno,
          message: `${errnoName(errno)} at the first KVM_RUN of the restored machine`,
        },
      };
    }
  }
  machine.journal.clear();
  return { machine };
}

/** A machine of the state's shape after reset; one of a KVM model has not run, and its ITSs have no address yet. */
export function newMachine({ model, shape }: SavedState, bounds: MachineBounds = {}): LoadResult {
  try {
    const known = modelByName(model);
    const options = { ...shape, ...bounds, model };
    return { machine: "kvm" in known ? new KvmMachine(known, options, false) : createMachine(options) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { failure: { step: "machine", message: error.message } };
  }
}

function failureOf({ step, errno, message, crash }: StepResult): StateFailure {
  if (crash) return { step, message };
  return { step, errno, message: `${errnoName(errno)} at ${step}: ${message}` };
}

/** Place of a register that a KVM machine does not save. */
function strangeRegister(machine: KvmMachine, state: SavedState): string | undefined {
  const places = placesOf(machine.map.gicc === undefined ? 3 : 2, machine.guest.intids);
  const kinds: readonly (readonly [string, readonly RegisterValues[], readonly { readonly name: string }[]])[] = [
    ["distributor", [state.distributor], places.distributor],
    ["redistributors", state.redistributors, [...places.redistributors, ...places.control]],
    ["cpuInterfaces", state.cpuInterfaces, places.cpuInterfaces],
    ["its", state.itss, itsPlaces],
  ];
  for (const [kind, units, own] of kinds) {
    const known = new Set(own.map(({ name }) => name));
    for (const [unit, values] of units.entries()) {
      for (const name of values.keys()) {
        if (!known.has(name)) return `${kind}${kind === "distributor" ? "" : `[${unit}]`}.${name}`;
      }
    }
  }
  return undefined;
}
