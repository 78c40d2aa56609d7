import type { Field, FieldValue } from "../field.ts";
import { bit, bits } from "./define.ts";

/** State of a list register, the same in GICH_LR and ICH_LR. */
export const listRegisterStates: readonly FieldValue[] = [
  { value: 0, name: "Invalid" },
  { value: 1, name: "Pending" },
  { value: 2, name: "Active" },
  { value: 3, name: "Pending and active" },
];

/** GICH_HCR, and ICH_HCR_EL2 without its traps. */
export const hypervisorControl: readonly Field[] = [
  bits("EOIcount", 31, 27, "EOIs of the guest that found no list register, minus those since cleared."),
  bit("VGrp1DIE", 7, "1: maintenance interrupt while virtual Group 1 is disabled."),
  bit("VGrp1EIE", 6, "1: maintenance interrupt while virtual Group 1 is enabled."),
  bit("VGrp0DIE", 5, "1: maintenance interrupt while virtual Group 0 is disabled."),
  bit("VGrp0EIE", 4, "1: maintenance interrupt while virtual Group 0 is enabled."),
  bit("NPIE", 3, "1: maintenance interrupt while no list register is pending."),
  bit("LRENPIE", 2, "1: maintenance interrupt while EOIcount is not 0."),
  bit("UIE", 1, "1: maintenance interrupt while at most one list register is valid."),
  bit("En", 0, "1 enables the virtual CPU interface."),
];

/** GICH_MISR and ICH_MISR_EL2. */
export const maintenanceStatus: readonly Field[] = [
  bit("VGrp1D", 7, "virtual Group 1 is disabled."),
  bit("VGrp1E", 6, "virtual Group 1 is enabled."),
  bit("VGrp0D", 5, "virtual Group 0 is disabled."),
  bit("VGrp0E", 4, "virtual Group 0 is enabled."),
  bit("NP", 3, "no list register is pending."),
  bit("LRENP", 2, "EOIcount is not 0."),
  bit("U", 1, "at most one list register is valid."),
  bit("EOI", 0, "an end of interrupt was asked for by a list register, see EISR."),
];

/** PRIbits and PREbits of GICH_VTR and ICH_VTR_EL2. */
export const virtualPriorityBits: readonly Field[] = [
  bits("PRIbits", 31, 29, "number of virtual priority bits, minus one.", { plus: 1, unit: "priority bits" }),
  bits("PREbits", 28, 26, "number of virtual preemption bits, minus one.", { plus: 1, unit: "preemption bits" }),
];
