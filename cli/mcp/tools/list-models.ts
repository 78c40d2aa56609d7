import { defaultModel, models } from "../../../architecture/index.ts";
import { decisionLines, decisionsOf, listedModels, modelLines } from "../../answers/model-list.ts";
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
    const list = listedModels();
    const decisions = model === undefined ? undefined : decisionsOf(model);
    const lines = modelLines(list, defaultModel);
    const decided = model === undefined || decisions === undefined ? [] : ["", ...decisionLines(model, decisions)];
    return {
      text: [...lines, ...decided].join("\n"),
      data: { default: defaultModel, models: list, ...(decisions === undefined ? {} : { decisions }) },
    };
  },
});
