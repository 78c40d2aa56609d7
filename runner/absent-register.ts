import { registerByName } from "../architecture/index.ts";

/** Says that a model does not have a register of a name, and why where that is no matter of the GIC. */
export function absentRegister(name: string, model: string): string {
  const timer = registerByName(name)?.register.block === "CNT";
  return `The model ${model} has no ${name}${timer ? "; vCPUs of KVM's models have timers" : ""}.`;
}
