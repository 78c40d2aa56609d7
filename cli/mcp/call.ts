import { InputProblem } from "../../server/tables/read-input.ts";
import { CliError } from "../errors.ts";
import { readArguments } from "./arguments.ts";
import { limits } from "./limits.ts";
import type { Tool, ToolAnswer } from "./tool.ts";
import { ToolError, toolErrors } from "./tool-errors.ts";
import { type Folders, ToolFiles } from "./tool-files.ts";
import { tools } from "./tools/index.ts";

/** A call as it goes to a thread. */
export interface Call {
  readonly tool: string;
  /** As they came: anything may be in them. */
  readonly arguments: unknown;
  readonly folders: Folders;
}

/** What a call comes to: an answer, or an error in words for the assistant. */
export type CallResult =
  | { readonly answer: ToolAnswer }
  | { readonly failure: { readonly code: string; readonly message: string; readonly next: string } };

/** Carries out a call. Every error is a result. */
export function carryOut(call: Call): CallResult {
  try {
    const tool = tools.find(({ name }) => name === call.tool);
    if (tool === undefined) throw new Error(`there is no tool ${call.tool}`);
    return { answer: shortened(answerOf(tool, call)) };
  } catch (error) {
    return failureOf(error);
  }
}

function answerOf(tool: Tool, { arguments: given, folders }: Call): ToolAnswer {
  const values = readArguments(tool.arguments, given);
  return tool.work(values, { files: new ToolFiles(folders), now: () => performance.now() });
}

function shortened({ text, data }: ToolAnswer): ToolAnswer {
  if (text.length <= limits.answerText) return { text, data };
  const cut = text.slice(0, limits.answerText).replace(/[^\n]*$/, "");
  return { text: `${cut}(cut here: the structured content has all of it)`, data };
}

/** What to do next, where the command line says it by options of its own. */
const nextOf: Readonly<Record<string, string>> = {
  "GICWB-USAGE": "Give the argument that it names; the tool's schema has all of them.",
  "GICWB-FILE-BINARY":
    "Raw bytes are decoded with the argument base, the address of the first byte, and as, which table it is.",
  "GICWB-DUMP-NONE":
    "Give lines as a debugger prints memory: an address and then hexadecimal words, such as 0x40100000: 0x8000000040400004 0x0000000000000000.",
  "GICWB-DESCRIBED": "Leave out the argument as.",
  "GICWB-CORE": "Give base and size, as GITS_BASER<n>, GITS_CBASER or GICR_PROPBASER have them.",
  "GICWB-DUMP-LIMIT": "Give a part of the dump: the lines of one table.",
};

/** An error as a result. */
export function failureOf(error: unknown): CallResult {
  if (error instanceof ToolError) return { failure: { code: error.code, message: error.message, next: error.next } };
  if (error instanceof CliError) {
    const { code, message } = error;
    return {
      failure: { code, message, next: nextOf[code] ?? error.help ?? "Look at the input, or give another one." },
    };
  }
  if (error instanceof InputProblem) {
    const { code, next } = toolErrors.refused("", "Name the files that say it, or another input.");
    return { failure: { code, message: error.message, next } };
  }
  return failureOf(toolErrors.inside(error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
}
