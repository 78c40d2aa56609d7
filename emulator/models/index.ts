import { kvmModels } from "./kvm.ts";
import type { Model, ModelName } from "./model.ts";

/** Short names for the newest model of a family. */
const aliases: Readonly<Record<string, ModelName>> = { kvm: "kvm-7.2" };

const models: Readonly<Record<ModelName, Model>> = kvmModels;

/** All model names, oldest kernel first. */
export const modelNames = Object.keys(models) as ModelName[];

export function modelByName(name: ModelName): Model {
  return models[name];
}

/** Resolves a model's name or alias (`kvm`). @returns undefined for an unknown one */
export function resolveModel(name: string): ModelName | undefined {
  if (Object.hasOwn(aliases, name)) return aliases[name];
  return modelNames.find((known) => known === name);
}
