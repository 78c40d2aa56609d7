import { isDraft, type ModelName } from "../../architecture/index.ts";
import { archModels } from "./arch.ts";
import { kvmModels } from "./kvm.ts";
import { draftModels } from "./kvm-drafts.ts";
import type { ArchModel, KvmModel, QemuModel } from "./model.ts";
import { qemuModels } from "./qemu.ts";

const models: Readonly<Record<ModelName, KvmModel | QemuModel | ArchModel>> = {
  ...kvmModels,
  ...draftModels,
  ...qemuModels,
  ...archModels,
};

/** All model names: kernels, oldest first, then drafts, then QEMU, then the architecture. */
export const modelNames = Object.keys(models) as ModelName[];

/** Models of software that exists, and the architecture's: what another model is compared with. */
export const releasedModelNames = modelNames.filter((name) => !isDraft(name));

export function modelByName(name: ModelName): KvmModel | QemuModel | ArchModel {
  return models[name];
}
