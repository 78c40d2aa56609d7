import type { MsiStep } from "../../dumps/captures/index.ts";
import type { Machine } from "../../emulator/index.ts";
import { delivery, withCached } from "./delivery.ts";
import { hostCte, hostWay } from "./host-way.ts";
import { memoryCte, memoryVte, memoryWay } from "./memory-way.ts";

/**
 * Follows one MSI through a machine: the tables that its ITS goes through, what the GIC has of the LPI, and the CPU interface of the PE, up
 * to the link that is broken. Nothing of the machine has changed afterwards.
 * @param its number of the ITS that the device writes to @param deviceId,eventId any uint32
 * @returns undefined when there is no such ITS
 */
export function traceMachineMsi(
  machine: Machine,
  its: number,
  deviceId: number,
  eventId: number,
): readonly MsiStep[] | undefined {
  if (its >= machine.map.its.length) return undefined;
  return machine.journal.peek(() => {
    const way = machine.vmm === undefined ? memoryWay : hostWay;
    const steps = withCached(machine, way(machine, its, deviceId, eventId));
    return [...steps, ...delivery(machine, steps)];
  });
}

/** The way to one collection's entry, with the links of {@link traceMachineMsi}. @param its that the machine has @param icid any uint16 */
export function traceCollection(machine: Machine, its: number, icid: number): readonly MsiStep[] {
  return machine.journal.peek(() => (machine.vmm === undefined ? memoryCte : hostCte)(machine, its, icid));
}

/** The way to one vPE's entry. A machine that a host's kernel emulates has no vPEs. @param its that the machine has @param vpeId any uint16 */
export function traceVpe(machine: Machine, its: number, vpeId: number): readonly MsiStep[] {
  return machine.vmm === undefined ? machine.journal.peek(() => memoryVte(machine, its, vpeId)) : [];
}
