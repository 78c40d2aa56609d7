import type { Command } from "./command.ts";
import type { Option } from "./options.ts";

/** Lines of `gicwb --help`. */
export function generalHelp(commands: readonly Command[]): string[] {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    "gicwb: write, run and decode Arm GIC / ITS commands and tables",
    "",
    "Usage: gicwb COMMAND [OPTIONS] [ARGUMENTS]",
    "",
    "Commands:",
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    "",
    "gicwb COMMAND --help says more about a command, gicwb --version prints the version.",
  ];
}

/** Lines of `gicwb COMMAND --help`. */
export function commandHelp(command: Command): string[] {
  const options = [
    ...Object.entries(command.options).map(([name, option]) => [optionName(name, option), option.summary] as const),
    ["--help", "print this"] as const,
  ];
  const width = Math.max(...options.map(([name]) => name.length));
  const args = command.args.map((name, i) => (command.repeated && i === command.args.length - 1 ? `${name}...` : name));
  return [
    `gicwb ${command.name}: ${command.summary}`,
    "",
    `Usage: gicwb ${command.name} [OPTIONS] ${args.join(" ")}`,
    "",
    "Options:",
    ...options.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`),
    ...(command.details === undefined ? [] : ["", ...command.details]),
  ];
}

function optionName(name: string, option: Option): string {
  if (option.type === "flag") return `--${name}`;
  const short = option.type === "text" && option.short !== undefined ? `-${option.short}, ` : "";
  return `${short}--${name} ${option.value}`;
}
