import { defaultModel, modelHasNmi } from "../architecture/index.ts";
import { ArchMachine } from "./arch/machine.ts";
import { KvmMachine } from "./kvm/vmm/machine.ts";
import { detailsOf, type Machine, type MachineOptions } from "./machine.ts";
import { modelByName } from "./models/index.ts";
import { QemuMachine } from "./qemu/machine.ts";

/** Makes a machine in its reset state. @throws RangeError when the options describe no machine */
export function createMachine(options: MachineOptions = {}): Machine {
  const model = modelByName(options.model ?? defaultModel);
  if (options.host !== undefined && !("kvm" in model)) throw new RangeError(`a machine of ${model.name} has no host`);
  if (options.nmi === true && !modelHasNmi(model.name)) {
    throw new RangeError(`a machine of ${model.name} has no NMIs`);
  }
  if (options.stage === "created" && !("kvm" in model)) throw new RangeError(`a machine of ${model.name} has no VMM`);
  if ("qemu" in model && Object.keys(detailsOf(options)).length > 0) {
    throw new RangeError(`the GIC of ${model.title} is what its board makes it`);
  }
  if ("arch" in model) return new ArchMachine(model, options);
  return "qemu" in model ? new QemuMachine(model, options) : new KvmMachine(model, options);
}
