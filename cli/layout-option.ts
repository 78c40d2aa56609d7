import type { TableLayouts } from "../architecture/layout.ts";
import { layoutNamed, layoutNames } from "../architecture/layouts/index.ts";
import { isLayoutFile, LAYOUT_FILE_ENDING } from "../dumps/layout-files/index.ts";
import { errors } from "./errors.ts";
import { readLayoutAt } from "./layout-files.ts";

/** The option `--layout` of commands that decode tables: a known layout by its name, or a file that describes one. */
export function layoutOption(summary: string) {
  return {
    type: "text",
    value: "LAYOUT",
    summary: `${summary}: ${layoutNames.join(", ")}, or a file NAME${LAYOUT_FILE_ENDING} of your own (docs/layouts.md)`,
  } as const;
}

/** The layout that the option names. @throws CliError for what is none, and with what is wrong in a file */
export function chosenLayout(command: string, given: string | undefined): TableLayouts | undefined {
  if (given === undefined) return undefined;
  const known = layoutNamed(given);
  if (known !== undefined) return known;
  if (!isLayoutFile(given)) {
    const forms = `${layoutNames.join(", ")}, or the name of a file NAME${LAYOUT_FILE_ENDING}`;
    throw errors.usage(`--layout is one of ${forms}, not "${given}".`, command);
  }
  const file = readLayoutAt(given, given);
  if ("layouts" in file) return file.layouts;
  throw errors.layoutFile(given, file.problems);
}
