import type { ArgumentTable, ArgumentValues, JsonSchema } from "./arguments.ts";
import type { ToolFiles } from "./tool-files.ts";

/** What a tool may touch: files, and a clock in ms. */
export interface ToolContext {
  readonly files: ToolFiles;
  readonly now: () => number;
}

/** What a tool answers: a short text for the model, and the same as data that its output schema describes. */
export interface ToolAnswer {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A tool, declared once: the protocol, the documentation and the tests read it. */
export interface Tool<Table extends ArgumentTable = ArgumentTable> {
  /** `verb_noun`. */
  readonly name: string;
  readonly title: string;
  /** For the model: what it does, when to use it, when not, and what bounds it. */
  readonly description: {
    readonly what: string;
    readonly when: string;
    readonly whenNot: string;
    readonly limits: string;
  };
  readonly arguments: Table;
  /** Schema of {@link ToolAnswer.data}. */
  readonly output: JsonSchema;
  /**
   * Does the work, in a thread of its own that may be ended at any time.
   * @throws ToolError, CliError, InputProblem: what the caller can mend
   */
  work(values: ArgumentValues<Table>, context: ToolContext): ToolAnswer;
}

/** Checks a tool's types and makes it one of the table. */
export function defineTool<const Table extends ArgumentTable>(tool: Tool<Table>): Tool {
  return {
    ...tool,
    // The values were read by this very table, so they have its types.
    work: (values, context) => tool.work(values as ArgumentValues<Table>, context),
  };
}

/** A tool's description as clients get it. */
export function descriptionOf({ description: { what, when, whenNot, limits } }: Pick<Tool, "description">): string {
  return `${what}\nUse it ${when}.\nDo not use it ${whenNot}.\nLimits: ${limits}.`;
}
