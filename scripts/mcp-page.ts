import type { Argument, ArgumentTable } from "../cli/mcp/arguments.ts";
import { limits } from "../cli/mcp/limits.ts";
import type { Tool } from "../cli/mcp/tool.ts";
import { tools } from "../cli/mcp/tools/index.ts";

const begin = "<!-- generated: node scripts/generate-mcp.ts -->";
const end = "<!-- end -->";

/** docs/mcp.md with what its tools and limits are now. */
export function withTools(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/mcp.md has no part between ${begin} and ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${[...tools.map(toolPart), limitsPart()].join("\n\n")}\n\n${page.slice(to)}`;
}

function toolPart({ name, description, arguments: table }: Tool): string {
  const { what, when, whenNot, limits: bounds } = description;
  const rows = Object.entries(table).map(
    ([argument, one]) => `| \`${argument}\` | ${cell(typeText(one))} | ${cell(one.summary)} |`,
  );
  return [
    `### \`${name}\``,
    "",
    `${what}.`,
    "",
    `Assistants are told to use it ${when}; not ${whenNot}. Limits: ${bounds}.`,
    "",
    "| argument | | |",
    "|---|---|---|",
    ...rows,
    ...(hasPages(table) ? ["", "The answer has rows, and a cursor where there are more."] : []),
  ].join("\n");
}

function typeText(argument: Argument): string {
  const needed = argument.required === true ? ", needed" : "";
  switch (argument.type) {
    case "flag":
      return "true or false";
    case "count": {
      const { least, most, default: value } = argument;
      return `${least} to ${most}${value === undefined ? "" : `, ${value} when left out`}`;
    }
    case "number":
      return `number, decimal or 0x, as a text${needed}`;
    default:
      return `${argument.type === "choice" ? "one of some words" : "text"}${needed}`;
  }
}

function hasPages(table: ArgumentTable): boolean {
  return Object.hasOwn(table, "cursor");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function limitsPart(): string {
  const mebibytes = (bytes: number): string => `${bytes / 2 ** 20} MiB`;
  const rows: readonly (readonly [string, string])[] = [
    ["one file", mebibytes(limits.fileBytes)],
    ["all files of a call", mebibytes(limits.callBytes)],
    ["files of a folder", `${limits.files}`],
    ["a text as an argument", `${limits.textCharacters} characters`],
    ["a message", mebibytes(limits.messageBytes)],
    ["time of a call", `${limits.callSeconds} s`],
    ["memory of a call", `${limits.heapMebibytes} MiB of heap, ${limits.machineMebibytes} MiB of a script's machines`],
    ["calls at once", `${limits.running}, and ${limits.waiting} that wait`],
    ["rows of an answer", `${limits.rows}, at most ${limits.mostRows}, and ${limits.rowCharacters / 1024} KiB of JSON`],
    ["text of an answer", `${limits.answerText} characters; the structured content has all of it`],
  ];
  return ["### Limits", "", "| | |", "|---|---|", ...rows.map(([what, most]) => `| ${what} | ${most} |`)].join("\n");
}
