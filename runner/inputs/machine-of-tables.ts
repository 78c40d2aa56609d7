import { defaultModel, type KernelModelName, type ModelName } from "../../architecture/index.ts";
import { registerField } from "../../dumps/captures/frames.ts";
import type { CaptureFacts } from "../../dumps/captures/index.ts";
import { createMachine, loadState, type RegisterValues, type SavedState, saveState } from "../../emulator/index.ts";
import { stateOfGuest } from "../saved-machines/index.ts";
import { judgeTables, refusalText } from "../verdict/index.ts";
import { restoredGuest } from "../verdict/restored-guest.ts";
import { assumptionText } from "../verdict/verdict-text.ts";
import type { InputContent, InputTables } from "./tables-input.ts";

/** A machine with the tables of an input, as a state; and what the input has or does not have of it, a sentence each. */
export interface TablesMachine {
  readonly state: SavedState;
  readonly left: readonly string[];
}

type RamWindow = SavedState["shape"]["ram"][number];

/** RAM of the machine whose registers after reset are asked for. */
const SMALL_RAM = [{ base: 0x4000_0000, bytes: 0x10_0000 }];
/** Registers whose values decide whether anything works, and what they are taken for when nothing says it. */
const ENABLED = 1n;
/** GITS_CBASER.Valid, and what its Size counts. */
const VALID = 1n << 63n;
const QUEUE_PAGE = 4096;
const QUEUE_BYTES = 0x1_0000;
/** Tables that are made up lie beyond. */
const MAX_RAM = 2 ** 45;
const MAX_BYTES = 0x400_0000;

/**
 * Makes a machine of tables: a saved machine or guest as it is, of a capture or a dump one with its tables, its RAM and the registers that
 * are known of it.
 * @param wanted kernel's model; what is no KVM's layout goes into the model that has it
 * @returns a sentence when the tables cannot be restored
 */
export function machineOfTables(
  content: InputContent,
  tables: InputTables,
  wanted?: ModelName,
): TablesMachine | { readonly failure: string } {
  if ("state" in content) return { state: content.state, left: [] };
  const guests = tables.captures.flatMap(({ guests }) => guests);
  if (guests.length === 1) return loadable(stateOfGuest(guests[0].guest, wanted));
  const [
    {
      layout: { name: layout },
    },
  ] = tables.itss;
  const model = wanted ?? (layout === "kvm-rev0" ? defaultModel : layout === "qemu" ? "qemu-7.2" : undefined);
  if (model === undefined) return { failure: `No model has tables of the layout ${layout}.` };
  const isKvm = layout === "kvm-rev0";
  if (isKvm) {
    const { models } = judgeTables(tables.itss, [model as KernelModelName]);
    const refusal = models[0]?.answer === "refused" ? models[0].refusal : undefined;
    if (refusal !== undefined) return { failure: `${model} refuses the tables: ${refusalText(refusal)}.` };
  }
  if (!isKvm && tables.itss.some(({ facts }) => !facts.registers.has("GITS_BASER0"))) {
    return {
      failure: `The registers GITS_BASER<n> are not in the input; an ITS of ${model} finds its tables by nothing else.`,
    };
  }
  const { state, assumptions } = restoredGuest(tables.itss);
  const template = templateOf(state, model);
  if ("failure" in template) return template;
  const left = assumptions.map((assumption) => `Taken for granted: ${assumptionText(assumption)}.`);
  const ram = [...state.shape.ram];
  const itss = template.itss.map((atReset, its) => {
    const { facts } = tables.itss[its];
    const found = withKnown(atReset, facts, "", isKvm ? state.itss[its] : new Map());
    giveQueue(found, ram, left, its);
    return turnedOn(found, "GITS_CTLR", isRead(facts), left, `ITS ${its}`);
  });
  const redistributors = template.redistributors.map((atReset, pe) => {
    const { facts } = tables.itss[0];
    const prefix = `PE ${pe} `;
    const found = withKnown(atReset, facts, prefix, state.redistributors[pe] ?? new Map());
    return turnedOn(found, "GICR_CTLR", facts.registers.has(`${prefix}GICR_CTLR`), left, `PE ${pe}`);
  });
  left.push(
    "The distributor and the CPU interfaces are as after reset: GICD_CTLR, ICC_PMR_EL1 and ICC_IGRPEN1_EL1 are in no table.",
  );
  const bytes = state.memory.reduce((sum, run) => sum + run.bytes.length, 0);
  if (bytes > MAX_BYTES) {
    return {
      failure: `The tables have ${bytes >> 20} MiB that are not zero; a machine is made of ${MAX_BYTES >> 20} at most.`,
    };
  }
  return loadable({
    state: {
      ...template,
      ...state,
      shape: { ...state.shape, ram: ram.sort((a, b) => a.base - b.base) },
      model,
      distributor: template.distributor,
      cpuInterfaces: template.cpuInterfaces,
      redistributors,
      itss,
    },
    left,
  });
}

/** A machine that its model takes. */
function loadable(made: TablesMachine | { readonly failure: string }): TablesMachine | { readonly failure: string } {
  if ("failure" in made) return made;
  const loaded = loadState(made.state);
  return "failure" in loaded ? { failure: `${made.state.model} refuses it: ${loaded.failure.message}.` } : made;
}

function templateOf({ shape }: Pick<SavedState, "shape">, model: ModelName): SavedState | { readonly failure: string } {
  try {
    const saved = saveState(createMachine({ ...shape, ram: SMALL_RAM, model }));
    return "state" in saved ? saved.state : { failure: saved.failure.message };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { failure: error.message };
  }
}

/** Registers after reset, with those that are known, and with `given` before all. */
function withKnown(
  atReset: RegisterValues,
  { registers }: CaptureFacts,
  prefix: string,
  given: RegisterValues,
): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [name, value] of atReset) found.set(name, given.get(name) ?? registers.get(`${prefix}${name}`) ?? value);
  return found;
}

/**
 * An ITS without a valid command queue in RAM cannot be enabled (Linux vgic-its.c vgic_mmio_write_its_ctlr), and takes no commands: it gets an empty
 * one behind its RAM.
 */
function giveQueue(registers: Map<string, bigint>, ram: RamWindow[], left: string[], its: number): void {
  const field = (name: string) => Number(registerField("GITS_CBASER", name, registers.get("GITS_CBASER") ?? 0n));
  const from = field("Physical_Address");
  const to = from + field("Size") * QUEUE_PAGE;
  const isInRam = ram.some(({ base, bytes }) => base <= from && to <= base + bytes);
  if (field("Valid") === 1 && isInRam) return;
  const end = Math.max(...ram.map(({ base, bytes }) => base + bytes).filter((limit) => limit <= MAX_RAM), 0);
  const base = Math.ceil(end / QUEUE_BYTES) * QUEUE_BYTES;
  ram.push({ base, bytes: QUEUE_BYTES });
  registers.set("GITS_CBASER", VALID | BigInt(base) | BigInt(QUEUE_BYTES / QUEUE_PAGE - 1));
  for (const name of ["GITS_CREADR", "GITS_CWRITER"]) if (registers.has(name)) registers.set(name, 0n);
  left.push(
    `ITS ${its}: no command queue in RAM is known from the input; it has an empty one at 0x${base.toString(16)}.`,
  );
}

/** Whether GITS_CTLR is known. QEMU answers with 0 where it is read together with GITS_IIDR, as 8 bytes: that is no value of theirs. */
function isRead({ registers }: CaptureFacts): boolean {
  const value = registers.get("GITS_CTLR");
  return value !== undefined && (value !== 0n || registers.get("GITS_IIDR") !== 0n);
}

/** A control register that nothing is known of is taken as on: tables of an ITS that is off do nothing. */
function turnedOn(
  registers: Map<string, bigint>,
  name: string,
  isKnown: boolean,
  left: string[],
  unit: string,
): RegisterValues {
  const value = registers.get(name);
  if (value === undefined || isKnown) return registers;
  left.push(`${unit}: ${name} is not in the input; it is taken as enabled.`);
  return registers.set(name, value | ENABLED);
}
