import { nearest } from "../options.ts";
import { limits } from "./limits.ts";

/** An error for the assistant: code, what happened, and what to do next. It is an answer of the tool, not one of the protocol. */
export class ToolError extends Error {
  readonly code: string;
  readonly next: string;

  constructor(code: string, message: string, next: string) {
    super(message);
    this.code = code;
    this.next = next;
  }
}

const inMebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;
const inTerminal = "gicwb, in a terminal, has wider limits.";

/** Texts of others in sentences: short, and without what moves a terminal's cursor. */
function quoted(text: string): string {
  const plain = text.replace(/\p{C}/gu, "?");
  return `"${plain.length > 120 ? `${plain.slice(0, 120)}…` : plain}"`;
}

/** Every error of the tools. One factory each; the codes are stable. */
export const toolErrors = {
  noArguments: () =>
    new ToolError("MCP-ARGUMENTS", "The arguments are no JSON object.", "Give an object, as the tool's schema has it."),
  unknownArgument: (name: string, known: readonly string[]) =>
    new ToolError(
      "MCP-ARGUMENT-UNKNOWN",
      `There is no argument ${quoted(name)}.${nearest(known, name, "")}`,
      `The arguments are ${known.join(", ")}.`,
    ),
  argument: (name: string, what: string, summary: string) =>
    new ToolError("MCP-ARGUMENT", `The argument ${name} ${what}.`, `${name}: ${summary}.`),
  longText: (name: string, length: number) =>
    new ToolError(
      "MCP-TEXT-TOO-LONG",
      `The argument ${name} has ${length} characters; ${limits.textCharacters} may be given.`,
      "Give the path of a file in its place, or the part that matters.",
    ),
  oneOf: (names: string) =>
    new ToolError("MCP-ARGUMENTS", `Exactly one of ${names} is needed.`, `Call it again with one of ${names}.`),
  notWith: (name: string, other: string, why: string) =>
    new ToolError("MCP-ARGUMENTS", `${name} does not go with ${other}: ${why}.`, `Leave out ${name}.`),
  cursor: () =>
    new ToolError(
      "MCP-CURSOR",
      "The cursor is none of this call: the other arguments or the files are not those that it was made for.",
      "Call it without cursor, and take nextCursor from the answer with all else unchanged.",
    ),
  outside: (path: string, where: string) =>
    new ToolError(
      "MCP-FILE-OUTSIDE",
      `${quoted(path)} is not below ${where}, or a link leads out of there. Nothing else is read.`,
      "Name a file below that folder, or give the content as text.",
    ),
  noRoots: (why: string) =>
    new ToolError(
      "MCP-NO-FOLDER",
      `No file may be read: ${why}.`,
      "Give the content as text, or ask for a folder to be opened.",
    ),
  missing: (path: string, where: string) =>
    new ToolError(
      "MCP-FILE-MISSING",
      `There is no ${quoted(path)} below ${where}.`,
      "Relative paths begin at that folder. Look for the file's name and call it again.",
    ),
  notPlain: (path: string) =>
    new ToolError("MCP-FILE-KIND", `${quoted(path)} is no plain file.`, "Name a file, or a folder of a capture."),
  isFolder: (path: string) => new ToolError("MCP-FILE-FOLDER", `${quoted(path)} is a folder.`, "Name a file in it."),
  unreadable: (path: string, why: string) =>
    new ToolError(
      "MCP-FILE-READ",
      `${quoted(path)} cannot be read: ${why}.`,
      "Look at its permissions, or name another file.",
    ),
  largeFile: (path: string, bytes: number) =>
    new ToolError(
      "MCP-FILE-TOO-LARGE",
      `${quoted(path)} has ${inMebibytes(bytes)}; files of more than ${inMebibytes(limits.fileBytes)} are refused.`,
      `Cut out the part with the tables. ${inTerminal}`,
    ),
  largeCall: () =>
    new ToolError(
      "MCP-FILES-TOO-LARGE",
      `The files have more than ${inMebibytes(limits.callBytes)} together.`,
      `Name those that matter. ${inTerminal}`,
    ),
  manyFiles: (path: string, count: number) =>
    new ToolError(
      "MCP-FILES-TOO-MANY",
      `${quoted(path)} has ${count} files; a capture may have ${limits.files}.`,
      "Name the file that matters.",
    ),
  slow: (seconds: number) =>
    new ToolError(
      "MCP-TIME",
      `It took longer than ${seconds} s and was given up.`,
      `Give less: a shorter script, one table, fewer files. ${inTerminal}`,
    ),
  memory: (mebibytes: number) =>
    new ToolError(
      "MCP-MEMORY",
      `It wanted more than ${mebibytes} MiB of memory and was given up.`,
      `Give less: a shorter script, one table, fewer files. ${inTerminal}`,
    ),
  busy: () =>
    new ToolError("MCP-BUSY", `${limits.waiting} calls wait already.`, "Wait for their answers, then call it again."),
  refused: (message: string, next: string) => new ToolError("MCP-REFUSED", message, next),
  inside: (what: string) =>
    new ToolError(
      "MCP-INTERNAL",
      `Something went wrong inside gicwb: ${what}`,
      "Do not call it again with the same arguments; report it with them.",
    ),
};
