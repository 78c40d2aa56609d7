import type { ArchGic } from "../arch/gic.ts";
import { type ArchItsState, ItsWord } from "../arch/its-state.ts";
import type { ArchMachine } from "../arch/machine.ts";
import { STALLED } from "../gicv3/its-fields.ts";
import { archItsFields, archRedistributorFields, highestPendingFields, virtualFields } from "./arch-fields.ts";
import { loadMapped, loadMoves, loadVpes, readMapped, readMoves, readVpes } from "./arch-lists.ts";
import { type BankPart, readBank, writeBanks } from "./bank-fields.ts";
import { cpuInterfaceFields, distributorFields } from "./gic-fields.ts";
import { nonZeroRuns, ramRanges } from "./memory-runs.ts";
import type { RegisterValues, SavedState } from "./saved-state.ts";

/**
 * Saves a machine of the strict model: every word that it holds and that does not follow from others, by the names of the registers
 * where it is one. What a rewind finds anew is not saved: the indexes over LPI tables, and the places of tables.
 */
export function saveArch({ model, gic, map, memory, cpus, details }: ArchMachine): SavedState {
  const { features, distributor, redistributors, itss } = gic;
  const { gicVersion, systemErrors, singleVmovp, layout } = features;
  const secure = gic.cpuInterface.hasEl3;
  return {
    model: model.name,
    shape: {
      cpus,
      gicVersion,
      secure,
      systemErrors,
      singleVmovp,
      layout,
      ...details,
      ram: ramRanges(memory),
      its: map.its,
    },
    distributor: readBank(distributor.words, distributorFields(distributor)),
    redistributors: redistributors.map((_, pe) => readParts(redistributorParts(gic, pe))),
    cpuInterfaces: redistributors.map((_, pe) => readParts(interfaceParts(gic, pe))),
    itss: itss.map(({ state }) => readIts(state)),
    vpes: readVpes(gic),
    vmovps: readMoves(gic),
    mapped: readMapped(gic),
    memory: nonZeroRuns(memory),
  };
}

function redistributorParts({ redistributors, distributor, virtual, features }: ArchGic, pe: number): BankPart[] {
  const parts: BankPart[] = [{ bank: redistributors[pe].bank, fields: archRedistributorFields(distributor.intids) }];
  if (virtual !== undefined) parts.push({ bank: virtual.interfaces[pe].bank, fields: virtualFields(features) });
  return parts;
}

function interfaceParts({ redistributors, distributor }: ArchGic, pe: number): BankPart[] {
  const fields = [...cpuInterfaceFields, ...highestPendingFields(distributor.intids)];
  return [{ bank: redistributors[pe].bank, fields }];
}

function readParts(parts: readonly BankPart[]): RegisterValues {
  return new Map(parts.flatMap(({ bank, fields }) => [...readBank(bank.words, fields)]));
}

function readIts(its: ArchItsState): RegisterValues {
  const values = new Map(readBank(its.words, archItsFields(its)));
  const creadr = values.get("GITS_CREADR") ?? 0n;
  return values.set("GITS_CREADR", creadr | BigInt(its.words[ItsWord.stalled]));
}

/**
 * Puts a saved state into a fresh machine of its shape.
 * @returns what is wrong with the first field that is, beginning with its place
 */
export function loadArch({ model, gic, memory }: ArchMachine, state: SavedState): string | undefined {
  const { distributor, redistributors, itss } = gic;
  const { name } = model;
  for (const { address, bytes } of state.memory) memory.writeBytes(address, bytes);
  const parts = [{ bank: distributor.bank, fields: distributorFields(distributor) }];
  const fault = writeBanks(parts, state.distributor, name);
  if (fault !== undefined) return `distributor.${fault}`;
  for (const pe of redistributors.keys()) {
    const wrong = writeBanks(redistributorParts(gic, pe), state.redistributors[pe], name);
    if (wrong !== undefined) return `redistributors[${pe}].${wrong}`;
    const wrongInterface = writeBanks(interfaceParts(gic, pe), state.cpuInterfaces[pe], name);
    if (wrongInterface !== undefined) return `cpuInterfaces[${pe}].${wrongInterface}`;
  }
  for (const [its, unit] of itss.entries()) {
    const wrong = writeIts(unit.state, state.itss[its], name);
    if (wrong !== undefined) return `its[${its}].${wrong}`;
  }
  const lists =
    loadVpes(gic, state.vpes ?? []) ?? loadMoves(gic, state.vmovps ?? []) ?? loadMapped(gic, state.mapped ?? []);
  if (lists !== undefined) return lists;
  for (const pe of redistributors) {
    pe.lpis.invalidate();
    pe.refresh();
  }
  return undefined;
}

function writeIts(its: ArchItsState, values: RegisterValues, model: string): string | undefined {
  const { registers, words } = its;
  const fault = writeBanks([{ bank: registers, fields: archItsFields(its) }], values, model);
  if (fault !== undefined) return fault;
  const creadr = words[ItsWord.creadr];
  registers.set(ItsWord.stalled, creadr & STALLED);
  registers.set(ItsWord.creadr, creadr & ~STALLED);
  if (words[ItsWord.creadr] >= its.queueBytes) {
    return `GITS_CREADR is 0x${creadr.toString(16)}, beyond the queue of 0x${its.queueBytes.toString(16)} bytes`;
  }
  its.describeTables();
  return undefined;
}
