import type { CodeLens } from "vscode-languageserver";
import { rangeOf, type Script } from "../scripts/script.ts";

/** Commands of the editor that the lenses run, each with the script's URI. */
export const lensCommands = {
  run: "gicWorkbench.runScript",
  debug: "gicWorkbench.debugScript",
  compare: "gicWorkbench.compareModels",
} as const;

/** Over the first statement of a script: run it, debug it, and run it on every model at once. A script without a statement has none. */
export function codeLenses(script: Script): CodeLens[] {
  const line = script.document.lines.findIndex(({ kind }) => kind !== "blank");
  if (line < 0) return [];
  const range = rangeOf(line, { start: 0, length: 0 });
  const lens = (title: string, command: string): CodeLens => ({
    range,
    command: { title, command, arguments: [script.uri] },
  });
  return [
    lens("Run", lensCommands.run),
    lens("Debug", lensCommands.debug),
    lens("Compare models", lensCommands.compare),
  ];
}
