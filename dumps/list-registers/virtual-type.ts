import { extractMeaning, extractRaw } from "../../architecture/field.ts";
import { hex } from "../../architecture/hex.ts";
import { registerByName } from "../../architecture/registers/index.ts";
import { activePriorityRegisters } from "../explain-value/register-facts.ts";
import { SAVED_LIST_REGISTERS } from "./forms.ts";

/** What ICH_VTR_EL2 says about the saved registers. */
export interface VirtualType {
  /** Number of list registers: ListRegs is the largest index. */
  readonly lists: number;
  /** Number of active-priority registers of each group. */
  readonly activePriorities: number;
  /** A sentence for the user. */
  readonly text: string;
}

/** Reads ICH_VTR_EL2; without it everything that the structure has room for counts as there. */
export function virtualType(vtr: bigint | undefined): VirtualType {
  if (vtr === undefined) {
    const text =
      "ICH_VTR_EL2 is not known: all 16 list registers and 4 active-priority registers a group may be there (give vtr)";
    return { lists: SAVED_LIST_REGISTERS, activePriorities: 4, text };
  }
  const meaning = (name: string, extract = extractMeaning): number => {
    const field = registerByName("ICH_VTR_EL2")?.register.fields.find((candidate) => candidate.name === name);
    return field === undefined ? 0 : Number(extract(vtr, field));
  };
  // More than 16 cannot be saved; ListRegs has five bits.
  const lists = Math.min(meaning("ListRegs"), SAVED_LIST_REGISTERS);
  const activePriorities = Math.min(activePriorityRegisters(meaning("PREbits")), 4);
  const registers =
    activePriorities === 1 ? "AP0R0 and AP1R0" : `AP0R0-${activePriorities - 1} and AP1R0-${activePriorities - 1}`;
  const text = `ICH_VTR_EL2 ${hex(vtr)}: ${lists} list registers (largest index ${meaning("ListRegs", extractRaw)}), ${meaning("PRIbits")} priority bits, ${meaning("PREbits")} preemption bits: ${registers} exist`;
  return { lists, activePriorities, text };
}
