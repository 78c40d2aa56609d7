import { defaultModel, modelWords, resolveModel } from "../../architecture/models.ts";
import { decisionLines, decisionsOf, listedModels, modelLines } from "../answers/model-list.ts";
import { defineCommand } from "../command.ts";
import { errors } from "../errors.ts";

/** `gicwb models`: whose GIC can be emulated. */
export const listModels = defineCommand({
  name: "models",
  summary: "list whose GIC can be emulated, and what one of them decides where implementations differ",
  args: [],
  repeated: true,
  options: { json: { type: "flag", summary: "print one JSON object" } },
  details: [
    "gicwb models [MODEL]: every model with its other names; with MODEL, what it decides, with the source of each decision as JSON has it.",
  ],
  async run([word, second], { json }, { out }) {
    if (second !== undefined) throw errors.usage(`gicwb models takes one MODEL; "${second}" is too many.`, "models");
    const model = word === undefined ? undefined : resolveModel(word);
    if (word !== undefined && model === undefined)
      throw errors.usage(`There is no model "${word}"; there are ${modelWords().join(", ")}.`, "models");
    const models = listedModels();
    const decisions = model === undefined ? undefined : decisionsOf(model);
    if (json) {
      out.line(JSON.stringify({ default: defaultModel, models, model, decisions }, undefined, 2));
      return 0;
    }
    const lines =
      model === undefined || decisions === undefined
        ? modelLines(models, defaultModel)
        : decisionLines(model, decisions);
    for (const line of lines) out.line(line);
    return 0;
  },
});
