import { KvmMachine } from "./kvm/machine.ts";
import type { Machine, MachineOptions } from "./machine.ts";
import { modelByName } from "./models/index.ts";

/** Makes a machine in its reset state. @throws RangeError when the options describe no machine */
export function createMachine(options: MachineOptions = {}): Machine {
  return new KvmMachine(modelByName(options.model ?? "kvm-7.2"), options);
}
