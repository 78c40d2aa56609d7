import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { defineCommand } from "../command.ts";
import { errors } from "../errors.ts";

/** `gicwb mcp`: the tools of this program for assistants. */
export const mcp = defineCommand({
  name: "mcp",
  summary: "be a server of the Model Context Protocol on standard input and output: tools for assistants",
  args: [],
  options: {
    stdio: { type: "flag", summary: "on standard input and output (the default)" },
    root: {
      type: "text",
      value: "FOLDER",
      summary: "read files below this folder alone, whatever folders the client names",
    },
  },
  details: [
    "docs/mcp.md has the tools, and how VS Code, Claude Code and others are told of the server. Its tools only read, and speak with nobody.",
    "Files are read below the folders that the client names (roots); where it names none by its nature, below the folder of the command.",
    "Exit code 0: the client has closed its side.",
  ],
  async run(_, { root }, { err }) {
    if (root !== undefined && !isFolder(root)) throw errors.usage(`--root "${root}" is no folder.`, "mcp");
    const { serveStdio } = await import("../mcp/main.ts");
    // The threads' file lies beside this program; among the sources it has a folder of its own.
    const { dir, ext } = path.parse(realpathSync(process.argv[1]));
    const module = ext === ".ts" ? path.join(dir, "mcp", "main.ts") : path.join(dir, `mcp${ext}`);
    if (process.stdin.isTTY) {
      err.line("This is a server for assistants, which start it themselves: docs/mcp.md says how. Ctrl-C ends it.");
      await err.flush();
    }
    await serveStdio(module, root);
    return 0;
  },
});

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch {
    // What cannot be asked about is no folder.
    return false;
  }
}
