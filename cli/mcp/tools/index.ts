import type { Tool } from "../tool.ts";
import { compareGicStates } from "./compare-gic-states.ts";
import { decodeGicTable } from "./decode-gic-table.ts";
import { explainGicValue } from "./explain-gic-value.ts";
import { listModels } from "./list-models.ts";
import { runItsScript } from "./run-its-script.ts";
import { traceMsiTool } from "./trace-msi.ts";

/** Every tool, in the order that clients list them. */
export const tools: readonly Tool[] = [
  explainGicValue,
  decodeGicTable,
  runItsScript,
  traceMsiTool,
  compareGicStates,
  listModels,
];
