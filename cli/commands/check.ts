import { modelWords, resolveModel } from "../../architecture/index.ts";
import { describedTables } from "../../dumps/captures/index.ts";
import { printable } from "../../runner/printable.ts";
import {
  judgeTables,
  kernelModels,
  tablesLines,
  verdictJson,
  verdictLines,
  type Worst,
  worstOf,
} from "../../runner/verdict/index.ts";
import { defineCommand } from "../command.ts";
import { type ExitCode, errors } from "../errors.ts";
import { chosenLayout, layoutOption } from "../layout-option.ts";
import { readTables } from "../tables-input.ts";

const exitCodes: Readonly<Record<Worst, ExitCode>> = { refused: 4, lossy: 5, unknown: 6, well: 0 };

/** The kernels by name and alias. */
const kernelWords = modelWords("kvm").filter((word) => kernelModels.some((name) => name === resolveModel(word)));

/** `gicwb check`: what kernels would do with saved tables, and what is wrong with them. */
export const check = defineCommand({
  name: "check",
  summary: "say what KVM would do with saved tables, and what is wrong with them",
  args: ["INPUT"],
  repeated: true,
  options: {
    model: {
      type: "choice",
      value: "MODEL",
      choices: kernelWords,
      summary: `ask one kernel: ${kernelModels.join(", ")} (default: all of them)`,
    },
    layout: layoutOption("whose layout (default: as gicwb decode finds it)"),
    as: {
      type: "choice",
      value: "TABLE",
      choices: describedTables,
      summary: `of a dump without # gic: lines: which table it is: ${describedTables.join(", ")}`,
    },
    base: {
      type: "number",
      value: "ADDRESS",
      summary: "with --as: address of the table (default: the first of the dump)",
    },
    size: {
      type: "number",
      value: "BYTES",
      summary: "with --as: bytes of the table (default: as far as the dump goes)",
    },
    levels: {
      type: "choice",
      value: "1|2",
      choices: ["1", "2"],
      summary: "with --as: flat or two-level table (default: 1)",
    },
    json: { type: "flag", summary: "print one JSON object" },
  },
  details: [
    "INPUT is a dump with # gic: lines, a folder or several files of a capture, or a saved machine (docs/check-and-diff.md).",
    "Each kernel's RESTORE_TABLES is carried out on the tables. Where it fails the entry is named; where it does not, what is lost is.",
    "Rules about the tables are checked beside that, in every layout.",
    "Exit code: 0 every kernel restores the tables and no rule but notes is broken; 4 a kernel refuses them; 5 a rule is broken, or",
    "something is or may be lost; 6 what decides is not in the input; 3 another layout explains the tables about as well; 1 there are",
    "no tables; 2 the command line is wrong. The first of 4, 5, 6, 3 that is true counts.",
  ],
  async run(places, { model, layout: given, as, base, size, levels, json }, context) {
    const layout = chosenLayout("check", given);
    if (as === undefined && (base !== undefined || size !== undefined || levels !== undefined))
      throw errors.usage("--base, --size and --levels stand beside --as.", "check");
    const input = await readTables(places, layout, context, as && { table: as, base, size, levels });
    const asked = model === undefined ? undefined : resolveModel(model);
    const verdict = judgeTables(
      input.itss,
      kernelModels.filter((name) => asked === undefined || name === asked),
    );
    const { out } = context;
    if (json) out.line(JSON.stringify(verdictJson(input, verdict)));
    else {
      const heading = tablesLines(input.name, input, input.captures, layout);
      for (const line of [...heading, "", ...verdictLines(verdict)]) out.line(printable(line));
    }
    const worst = worstOf(verdict);
    return worst === "well" && input.close ? 3 : exitCodes[worst];
  },
});
