import process from "node:process";
import { commands } from "./commands/index.ts";
import { keepCompiledCode } from "./compiled-code.ts";
import { Output } from "./output.ts";
import { runCli } from "./run-cli.ts";

// Servers start once for long, and those who let an assistant run one are promised that it writes nothing.
if (!["dap", "lsp", "mcp"].includes(process.argv[2] ?? "")) keepCompiledCode();
const context = { out: new Output(process.stdout), err: new Output(process.stderr), stdin: process.stdin };

// The exit code is set, not forced: what was written must reach its reader first.
runCli(process.argv.slice(2), commands, context).then((code) => {
  process.exitCode = code;
});
