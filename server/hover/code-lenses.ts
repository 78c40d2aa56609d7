import type { CodeLens } from "vscode-languageserver";
import { testsOf } from "../../runner/index.ts";
import { rangeOf, type Script } from "../scripts/script.ts";

/** Commands of the editor that the lenses run, each with the script's URI, and over a test with its title. */
export const lensCommands = {
  run: "gicWorkbench.runScript",
  debug: "gicWorkbench.debugScript",
  compare: "gicWorkbench.compareModels",
  testOn: "gicWorkbench.runTestOn",
} as const;

/**
 * Over the first statement of a script: run it, debug it, and run it on every model at once. A script without a statement has none. Over each
 * test: run it, debug it, and run it on a model that the user picks.
 */
export function codeLenses(script: Script): CodeLens[] {
  const line = script.document.lines.findIndex(({ kind }) => kind !== "blank");
  if (line < 0) return [];
  const lens = (at: number, title: string, command: string, ...more: string[]): CodeLens => ({
    range: rangeOf(at, { start: 0, length: 0 }),
    command: { title, command, arguments: [script.uri, ...more] },
  });
  const ofTests = testsOf(script.document).flatMap(({ title, line: at }) =>
    title === undefined
      ? []
      : [
          lens(at, "Run Test", lensCommands.run, title),
          lens(at, "Debug Test", lensCommands.debug, title),
          lens(at, "Run on Another Model", lensCommands.testOn, title),
        ],
  );
  return [
    lens(line, "Run", lensCommands.run),
    lens(line, "Debug", lensCommands.debug),
    lens(line, "Compare models", lensCommands.compare),
    ...ofTests,
  ];
}
