import { defaultModel, type ModelName, models } from "../../../architecture/index.ts";
import { modelByName } from "../../../emulator/index.ts";
import {
  archDecisionFacts,
  type DecisionFact,
  kvmDecisionFacts,
  qemuDecisionFacts,
} from "../../../emulator/models/decisions.ts";
import { anyObject, aText, listOf, objectOf, said } from "../output-schema.ts";
import { defineTool } from "../tool.ts";

export const listModels = defineTool({
  name: "list_models",
  title: "List models of GICs",
  description: {
    what: "Lists whose GIC can be emulated: kernels' KVM, QEMU, the architecture's strict text, and drafts; with a model's name, what it decides where implementations differ, with the source of each decision",
    when: "before run_its_script is called for a certain kernel or QEMU, or to find out why two of them answer differently",
    whenNot: "to find out what one script does on each: run_its_script with portable does that",
    limits: "none",
  },
  arguments: {
    model: {
      type: "choice",
      value: "MODEL",
      choices: models.map(({ name }) => name),
      summary: "answer this model's decisions, too",
    },
  },
  output: objectOf({
    default: aText,
    models: listOf(objectOf({ name: aText, aliases: listOf(aText), family: aText, kind: aText, title: aText })),
    "decisions?": said(
      listOf(anyObject),
      "name, title, value and source of each decision of the model that was asked about.",
    ),
  }),
  work({ model }) {
    const list = models.map(({ name, aliases, family, kind, title }) => ({ name, aliases, family, kind, title }));
    const decisions = model === undefined ? undefined : decisionsOf(model);
    const lines = list.map(({ name, aliases, title }) => {
      const others = aliases.length === 0 ? "" : ` (${aliases.join(", ")})`;
      return `${name}${others}: ${title}${name === defaultModel ? "; the default" : ""}`;
    });
    const decided = decisions?.map(({ title, value, name }) => `${title}: ${value} [${name}]`) ?? [];
    return {
      text: [...lines, ...(decided.length === 0 ? [] : ["", `${model} decides:`, ...decided])].join("\n"),
      data: { default: defaultModel, models: list, ...(decisions === undefined ? {} : { decisions }) },
    };
  },
});

/** What a model decides where its family's models differ. */
function decisionsOf(name: ModelName) {
  const model = modelByName(name);
  if ("kvm" in model) return decided(kvmDecisionFacts, model.kvm);
  return "qemu" in model ? decided(qemuDecisionFacts, model.qemu) : decided(archDecisionFacts, model.arch);
}

function decided<Decisions extends object>(
  facts: Readonly<Record<keyof Decisions, DecisionFact>>,
  decisions: Decisions,
) {
  const names = Object.keys(facts) as (keyof Decisions & string)[];
  return names.map((name) => {
    const { title, source } = facts[name];
    const value: unknown = decisions[name];
    return { name, title, value: typeof value === "object" ? JSON.stringify(value) : String(value), source };
  });
}
