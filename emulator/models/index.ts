import { archModels } from "./arch.ts";
import { kvmModels } from "./kvm.ts";
import { draftModels } from "./kvm-drafts.ts";
import type { ArchModel, KvmModel, ModelName, QemuModel } from "./model.ts";
import { qemuModels } from "./qemu.ts";

/** Short names for the newest model of a family. */
const aliases: Readonly<Record<string, ModelName>> = { kvm: "kvm-7.2", qemu: "qemu-7.2" };

const models: Readonly<Record<ModelName, KvmModel | QemuModel | ArchModel>> = {
  ...kvmModels,
  ...draftModels,
  ...qemuModels,
  ...archModels,
};

/** All model names: kernels, oldest first, then drafts, then QEMU, then the architecture. */
export const modelNames = Object.keys(models) as ModelName[];

const drafts: readonly string[] = Object.keys(draftModels);

/** Models of software that exists: what another model is compared with. */
export const releasedModelNames = modelNames.filter((name) => !drafts.includes(name));

export function modelByName(name: ModelName): KvmModel | QemuModel | ArchModel {
  return models[name];
}

/** Resolves a model's name or alias (`kvm`, `qemu`). @returns undefined for an unknown one */
export function resolveModel(name: string): ModelName | undefined {
  if (Object.hasOwn(aliases, name)) return aliases[name];
  return modelNames.find((known) => known === name);
}
