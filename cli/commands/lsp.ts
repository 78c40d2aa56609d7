import { realpathSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { defineCommand } from "../command.ts";
import type { ExitCode } from "../errors.ts";

/** `gicwb lsp`: the language server, for editors other than VS Code. */
export const lsp = defineCommand({
  name: "lsp",
  summary: "be a language server (Language Server Protocol) on standard input and output",
  args: [],
  options: {
    stdio: { type: "flag", summary: "on standard input and output (the default)" },
  },
  details: [
    "docs/other-editors.md has recipes for Neovim, Helix, Emacs and Zed, docs/language-server.md what it can do.",
    "Exit code 0: the client has said shutdown and exit; 1: it has gone without.",
  ],
  async run() {
    // The server lies beside this program, and its thread beside it; among the sources they have folders of their own.
    const { dir, ext } = path.parse(realpathSync(process.argv[1]));
    process.argv[1] = ext === ".ts" ? path.join(dir, "..", "server", "main.ts") : path.join(dir, `server${ext}`);
    if (!process.argv.includes("--stdio")) process.argv.push("--stdio");
    await import("../../server/main.ts");
    // It ends the process itself.
    return new Promise<ExitCode>(() => undefined);
  },
});
