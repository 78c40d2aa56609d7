import manifest from "../package.json" with { type: "json" };
import type { CommandContext, CommandTable } from "./command.ts";
import { loadAll } from "./commands/index.ts";
import { CliError, type ExitCode, errors } from "./errors.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { nearest, parseOptions } from "./options.ts";

/**
 * Runs one command line. Every error becomes a line or two on `context.err`.
 * @param argv arguments after the program's name
 */
export async function runCli(
  argv: readonly string[],
  commands: CommandTable,
  context: CommandContext,
): Promise<ExitCode> {
  try {
    const code = await dispatch(argv, commands, context);
    await context.out.flush();
    if (context.out.failure !== undefined) throw errors.output(context.out.failure);
    return code;
  } catch (error) {
    const shown = error instanceof CliError ? error : unexpected(error);
    await context.out.flush();
    context.err.line(`gicwb: ${shown.message} [${shown.code}]`);
    if (shown.help !== undefined) context.err.line(shown.help);
    return shown.exitCode;
  } finally {
    await context.err.flush();
  }
}

async function dispatch(argv: readonly string[], commands: CommandTable, context: CommandContext): Promise<ExitCode> {
  const [first, ...rest] = argv;
  if (first === undefined) {
    for (const line of generalHelp(await loadAll(commands))) context.err.line(line);
    return 2;
  }
  if (first === "--help" || first === "-h" || first === "help") {
    for (const line of generalHelp(await loadAll(commands))) context.out.line(line);
    return 0;
  }
  if (first === "--version" || first === "-v") {
    context.out.line(`gicwb ${manifest.version}`);
    return 0;
  }
  if (!Object.hasOwn(commands, first)) {
    const kind = first.startsWith("-") ? "option" : "command";
    const near = kind === "command" ? nearest(Object.keys(commands), first, "gicwb ") : "";
    throw errors.usage(`There is no ${kind} "${first}".${near}`);
  }
  const command = await commands[first]();
  const { args, values, help } = parseOptions(command.name, command.options, rest);
  if (help) {
    for (const line of commandHelp(command)) context.out.line(line);
    return 0;
  }
  const wanted = command.args.length;
  if (args.length < wanted)
    throw errors.usage(`gicwb ${command.name} needs ${command.args[args.length]}.`, command.name);
  if (args.length > wanted && !command.repeated) {
    throw errors.usage(
      `gicwb ${command.name} takes ${wanted === 1 ? "one argument" : `${wanted} arguments`}; "${args[wanted]}" is too many.`,
      command.name,
    );
  }
  return command.run(args, values, context);
}

/** A fault of this program. Its name and message are shown, as a report needs them; the stack is not. */
function unexpected(error: unknown): CliError {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new CliError(
    "GICWB-INTERNAL",
    1,
    `Something went wrong inside gicwb: ${text}`,
    "Please report this with the command line and the file.",
  );
}
