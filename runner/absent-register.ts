import { nmiModels, registerByName } from "../architecture/index.ts";

/** Says that a model does not have a register of a name, and why where that is no matter of the GIC. */
export function absentRegister(name: string, model: string): string {
  if (registerByName(name)?.register.block === "CNT") {
    return `The model ${model} has no ${name}; vCPUs of KVM's models have timers.`;
  }
  const having = nmiModels.join(", ");
  const ofNmi = name === "ICC_NMIAR1_EL1" || name.startsWith("SCTLR_");
  return `The model ${model} has no ${name}${ofNmi ? `; machines of ${having} with nmi = on have it` : ""}.`;
}
