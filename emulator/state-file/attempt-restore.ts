import { Errno } from "../kvm/errno.ts";
import type { RestoreWitness } from "../kvm/its/restore-refusal.ts";
import { KvmMachine } from "../kvm/vmm/machine.ts";
import type { Machine } from "../machine.ts";
import { type RestoreFault, watchRestore } from "./explain-restore.ts";
import { type RestoreStep, restoreKvm, type StepResult } from "./kvm-steps.ts";
import { newMachine } from "./save-state.ts";
import type { SavedState, StateFailure } from "./saved-state.ts";

/** What RESTORE_TABLES reads, and where it finds it. */
const stepsBefore: readonly RestoreStep[] = [
  "memory",
  "redistributors",
  "ITS address",
  "GITS_IIDR",
  "GITS_CBASER",
  "GITS_BASER<n>",
];

/** What a kernel answers to RESTORE_TABLES of one ITS. */
export interface ItsAttempt {
  /** errno, 0 = restored. */
  readonly errno: number;
  /** The entry that makes it fail; undefined where none does. */
  readonly fault: RestoreFault | undefined;
}

/** How a kernel takes the tables of a saved guest. */
export interface RestoreAttempt {
  /** The new guest, as the restore leaves it. */
  readonly machine: Machine;
  /** A register that the kernel refuses before RESTORE_TABLES; the restore was not tried then. */
  readonly refused: StepResult | undefined;
  /** By ITS, up to the first one that fails: no VMM goes on behind it. */
  readonly itss: readonly ItsAttempt[];
}

/** Told of the walk of a restore. */
export type WalkWitness = Omit<RestoreWitness, "refused">;

/**
 * Restores the tables of a saved guest of a KVM model into a new machine, failing as the kernel does, and nothing else: registers that
 * RESTORE_TABLES does not read are left alone.
 * @param witness of the walk, by ITS
 */
export function attemptRestore(
  state: SavedState,
  witness: (its: number) => WalkWitness = () => ({}),
): RestoreAttempt | { readonly failure: StateFailure } {
  const made = newMachine(state);
  if ("failure" in made) return made;
  const { machine } = made;
  if (!(machine instanceof KvmMachine)) {
    return { failure: { step: "machine", message: `a machine of ${state.model} has no RESTORE_TABLES` } };
  }
  for (const step of stepsBefore) {
    const result = restoreKvm(machine, state, step);
    if (result.errno !== Errno.OK) return { machine, refused: result, itss: [] };
  }
  const itss: ItsAttempt[] = [];
  for (const [its, { state: tables }] of machine.guest.itss.entries()) {
    const restore = () => machine.vmm.restoreTables(its).errno;
    const { result: errno, fault } = watchRestore(tables, restore, witness(its));
    itss.push({ errno, fault });
    if (errno !== Errno.OK) break;
  }
  return { machine, refused: undefined, itss };
}
