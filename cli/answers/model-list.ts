import { type ModelName, models } from "../../architecture/models.ts";
import {
  archDecisionFacts,
  type DecisionFact,
  kvmDecisionFacts,
  qemuDecisionFacts,
} from "../../emulator/models/decisions.ts";
import { modelByName } from "../../emulator/models/index.ts";

/** A model, as it is listed. */
export interface ListedModel {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly family: string;
  readonly kind: string;
  readonly title: string;
}

/** Every model, the default first. */
export function listedModels(): ListedModel[] {
  return models.map(({ name, aliases, family, kind, title }) => ({ name, aliases, family, kind, title }));
}

/** What a model decides where its family's models differ. */
export interface ListedDecision extends DecisionFact {
  readonly name: string;
  readonly value: string;
}

export function decisionsOf(name: ModelName): ListedDecision[] {
  const model = modelByName(name);
  if ("kvm" in model) return decided(kvmDecisionFacts, model.kvm);
  return "qemu" in model ? decided(qemuDecisionFacts, model.qemu) : decided(archDecisionFacts, model.arch);
}

function decided<Decisions extends object>(
  facts: Readonly<Record<keyof Decisions, DecisionFact>>,
  decisions: Decisions,
): ListedDecision[] {
  const names = Object.keys(facts) as (keyof Decisions & string)[];
  return names.map((name) => {
    const { title, source } = facts[name];
    const value: unknown = decisions[name];
    return { name, title, value: typeof value === "object" ? JSON.stringify(value) : String(value), source };
  });
}

/** The list as lines: a model each. @param byDefault name of the default */
export function modelLines(list: readonly ListedModel[], byDefault: string): string[] {
  return list.map(({ name, aliases, title }) => {
    const others = aliases.length === 0 ? "" : ` (${aliases.join(", ")})`;
    return `${name}${others}: ${title}${name === byDefault ? "; the default" : ""}`;
  });
}

/** What a model decides as lines. */
export function decisionLines(model: string, decisions: readonly ListedDecision[]): string[] {
  return [`${model} decides:`, ...decisions.map(({ title, value, name }) => `${title}: ${value} [${name}]`)];
}
