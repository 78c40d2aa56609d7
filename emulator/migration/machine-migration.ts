import { commandByOpcode, type ModelName } from "../../architecture/index.ts";
import { Errno } from "../kvm/errno.ts";
import { KvmMachine } from "../kvm/vmm/machine.ts";
import type { CommandEvent, Machine } from "../machine.ts";
import { KvmSave, type RestoreStep, readRegisters, restoreKvm, type SaveStep } from "../state-file/kvm-steps.ts";
import { newMachine } from "../state-file/save-state.ts";
import { type Loss, registerLosses, tableLosses } from "./compare-machines.ts";
import type { MigrationOrder } from "./orders.ts";

/** One step of a migration, in the order in which they were done. */
export interface MigrationStep {
  readonly side: "source" | "destination";
  readonly step: SaveStep | RestoreStep;
  /** errno of the first call that the kernel refused; 0 = all were taken. */
  readonly errno: number;
  readonly message: string;
}

/** What a migration did and what the destination has not, or has otherwise. */
export interface MigrationReport {
  readonly order: MigrationOrder;
  readonly steps: readonly MigrationStep[];
  /** The new machine; undefined when saving failed. */
  readonly destination: Machine | undefined;
  /** Differences between source and destination, the first {@link MAX_LOSSES}. */
  readonly losses: readonly Loss[];
  /** Differences beyond those. */
  readonly more: number;
}

/** Differences that a report tells one by one. */
const MAX_LOSSES = 1000;
/** Names of replayed commands in a sentence. */
const SHOWN_COMMANDS = 8;

/**
 * Migrates a stopped machine of a KVM model to a new one, in any order of steps. A step that the kernel refuses does not end it, so that
 * what is lost can be seen; a virtual machine monitor that looks at its errnos would stop there. A failing save ends it.
 * @param to model of the destination; default: the source's
 * @returns a sentence instead, for a machine that has no such steps or a destination that cannot be made
 */
export function migrateMachine(
  source: Machine,
  order: MigrationOrder,
  to: ModelName = source.model.name,
): MigrationReport | { readonly failure: string } {
  if (!(source instanceof KvmMachine)) {
    return {
      failure: `a machine of the model ${source.model.name} is not saved step by step: its tables are in RAM at all times, so that registers and RAM are all of it (gicwb state save)`,
    };
  }
  if (source.map.gicc !== undefined) {
    return {
      failure: "the orders are about LPIs and ITSs, which a machine with GICv2 does not have (gicwb state save)",
    };
  }
  const steps: MigrationStep[] = [];
  const save = new KvmSave(source);
  for (const step of order.save) {
    const { errno, message, crash } = save.run(step);
    steps.push({ side: "source", step, errno, message: crash ? `the host crashes: ${message}` : message });
    if (errno !== Errno.OK || crash) return { order, steps, destination: undefined, losses: [], more: 0 };
  }
  const { state } = save;
  const made = newMachine({ ...state, model: to });
  if ("failure" in made) return { failure: made.failure.message };
  const destination = made.machine;
  if (!(destination instanceof KvmMachine)) {
    return { failure: `a KVM machine cannot be restored as ${to}: it does not have KVM's device attributes` };
  }
  const replayed: CommandEvent[] = [];
  destination.onCommand = (event) => replayed.push(event);
  for (const step of order.restore) {
    const { errno, message } = restoreKvm(destination, state, step);
    steps.push({ side: "destination", step, errno, message });
  }
  destination.onCommand = undefined;
  const losses: Loss[] = [];
  let more = 0;
  for (const loss of differences(source, destination, replayed)) {
    if (losses.length < MAX_LOSSES) losses.push(loss);
    else more++;
  }
  destination.journal.clear();
  return { order, steps, destination, losses, more };
}

function* differences(source: KvmMachine, destination: KvmMachine, replayed: readonly CommandEvent[]): Iterable<Loss> {
  if (replayed.length > 0) {
    const names = replayed
      .slice(0, SHOWN_COMMANDS)
      .map(({ opcode }) => commandByOpcode(opcode)?.name ?? `opcode 0x${opcode.toString(16)}`);
    const rest = replayed.length > names.length ? ", …" : "";
    const count = replayed.length === 1 ? "1 command" : `${replayed.length} commands`;
    yield {
      kind: "command",
      message: `${count} of the queue ran on the destination, which the source had done or never had: ${names.join(", ")}${rest}.`,
    };
  }
  yield* registerLosses(readRegisters(source), readRegisters(destination));
  yield* tableLosses(source, destination);
}
