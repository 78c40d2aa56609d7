import { layouts, offsetOf } from "../../architecture/index.ts";
import {
  CaptureFacts,
  CaptureMemory,
  type MsiStep,
  type RegisterSource,
  takeItsRegisters,
  takeRedistributorRegisters,
  traceCte,
  traceMsi,
  traceVte,
} from "../../dumps/captures/index.ts";
import type { Extent, KnownMemory } from "../../dumps/index.ts";
import type { GuestMemory, Machine } from "../../emulator/index.ts";

/** The way of an MSI through tables that the ITS keeps in guest memory, read where they are. */
export function memoryWay(machine: Machine, its: number, deviceId: number, eventId: number): readonly MsiStep[] {
  const { facts, memory } = readable(machine, its);
  return traceMsi(facts, memory, layouts[machine.layout], deviceId, eventId);
}

/** The way to a collection's entry through the table that the ITS keeps in guest memory. */
export function memoryCte(machine: Machine, its: number, icid: number): readonly MsiStep[] {
  const { facts, memory } = readable(machine, its);
  return traceCte(facts, memory, layouts[machine.layout], icid);
}

/** The way to a vPE's entry through the table that the ITS keeps in guest memory. */
export function memoryVte(machine: Machine, its: number, vpeId: number): readonly MsiStep[] {
  const { facts, memory } = readable(machine, its);
  return traceVte(facts, memory, layouts[machine.layout], vpeId);
}

/** What is known of an ITS and the redistributors, and RAM. */
function readable(machine: Machine, its: number): { readonly facts: CaptureFacts; readonly memory: CaptureMemory } {
  const { map, model } = machine;
  const source = { file: model.name, line: 0 };
  /** Reads of these registers have no effect. */
  const registersAt =
    (base: number): RegisterSource =>
    (name) => {
      const value = machine.read(base + offsetOf(name), name.endsWith("CTLR") || name.endsWith("IIDR") ? 4 : 8);
      return value === undefined ? undefined : { value, source };
    };
  const facts = new CaptureFacts();
  facts.its = { address: map.its[its], source };
  takeItsRegisters(registersAt(map.its[its]), map.its[its], facts);
  for (let pe = 0; pe < machine.cpus; pe++) {
    const base = map.gicr + pe * map.gicrStride;
    takeRedistributorRegisters(registersAt(base), pe, base, facts);
  }
  const memory = new CaptureMemory();
  memory.add(new MachineMemory(machine.memory), model.name);
  return { facts, memory };
}

/** RAM of a machine: all of it is known. */
class MachineMemory implements KnownMemory {
  readonly isEmpty = false;
  private readonly memory: GuestMemory;

  constructor(memory: GuestMemory) {
    this.memory = memory;
  }

  holds(address: number): boolean {
    return this.memory.covers(address, 1);
  }

  read(address: number, length: number): Uint8Array | undefined {
    return this.memory.readBytes(address, length);
  }

  *spans(from = 0, limit = Number.POSITIVE_INFINITY): Iterable<Extent> {
    for (const { base, end } of this.memory.windows.toSorted((a, b) => a.base - b.base)) {
      const start = Math.max(base, from);
      const stop = Math.min(end, limit);
      if (start < stop) yield { address: start, length: stop - start };
    }
  }
}
