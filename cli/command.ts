import type { ExitCode } from "./errors.ts";
import type { OptionTable, OptionValues } from "./options.ts";
import type { Output } from "./output.ts";

/** What a command may touch. */
export interface CommandContext {
  readonly out: Output;
  readonly err: Output;
  readonly stdin: AsyncIterable<Uint8Array>;
}

/** One command of `gicwb`. The table in `commands/index.ts` is all that help, parsing and dispatch know. */
export interface Command<Options extends OptionTable = OptionTable> {
  readonly name: string;
  readonly summary: string;
  /** Names of the arguments, as help prints them: "FILE". */
  readonly args: readonly string[];
  /** The last argument may be repeated. */
  readonly repeated?: boolean;
  readonly options: Options;
  /** Printed below the options in `gicwb COMMAND --help`. */
  readonly details?: readonly string[];
  run(args: readonly string[], options: OptionValues<Options>, context: CommandContext): Promise<ExitCode>;
}

/** Every command by its name, loaded when it is asked for. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>;

/** Checks a command's types and makes it one of the table. */
export function defineCommand<const Options extends OptionTable>(command: Command<Options>): Command {
  return {
    ...command,
    // The values were parsed from this very table, so they have its types.
    run: (args, options, context) => command.run(args, options as OptionValues<Options>, context),
  };
}
