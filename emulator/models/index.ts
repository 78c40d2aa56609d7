import { archModels } from "./arch.ts";
import { kvmModels } from "./kvm.ts";
import type { ArchModel, KvmModel, ModelName, QemuModel } from "./model.ts";
import { qemuModels } from "./qemu.ts";

/** Short names for the newest model of a family. */
const aliases: Readonly<Record<string, ModelName>> = { kvm: "kvm-7.2", qemu: "qemu-7.2" };

const models: Readonly<Record<ModelName, KvmModel | QemuModel | ArchModel>> = {
  ...kvmModels,
  ...qemuModels,
  ...archModels,
};

/** All model names: kernels, oldest first, then QEMU, then the architecture. */
export const modelNames = Object.keys(models) as ModelName[];

export function modelByName(name: ModelName): KvmModel | QemuModel | ArchModel {
  return models[name];
}

/** Resolves a model's name or alias (`kvm`, `qemu`). @returns undefined for an unknown one */
export function resolveModel(name: string): ModelName | undefined {
  if (Object.hasOwn(aliases, name)) return aliases[name];
  return modelNames.find((known) => known === name);
}
