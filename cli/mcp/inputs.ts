import { layoutNames } from "../../architecture/layouts/index.ts";
import { finish } from "../../dumps/work.ts";
import type { SavedState } from "../../emulator/index.ts";
import { readInput } from "../../server/tables/read-input.ts";
import { toolErrors } from "./tool-errors.ts";
import type { GivenContent, ToolFiles } from "./tool-files.ts";

/** Arguments of a tool that takes a content as it is, or the path of a file with it. */
export function contentArguments(text: string, path: string) {
  return {
    text: { type: "text", value: "TEXT", summary: `${text}; instead of path` },
    path: {
      type: "text",
      value: "PATH",
      summary: `path of ${path}, absolute or from the client's folder on; instead of text`,
    },
  } as const;
}

/** @throws ToolError when there is none, or both */
export function givenContent({ text, path }: GivenContent): GivenContent {
  if ((text === undefined) === (path === undefined)) throw toolErrors.oneOf("text, path");
  return { text, path };
}

/** Whose layout tables are read by. */
export const layoutArgument = {
  type: "choice",
  value: "LAYOUT",
  choices: layoutNames,
  summary: "whose layout the tables have (default: the one that fits best, which the answer says)",
} as const;

/** The machine that a file holds. @throws ToolError, InputProblem */
export function savedState(path: string, files: ToolFiles): SavedState {
  const content = finish(readInput(files.input({ path }), files.access));
  if ("state" in content) return content.state;
  throw toolErrors.refused(
    "state is no saved machine.",
    "A saved machine is a file of gicwb state save; gicwb state import makes one of a captured guest.",
  );
}
