import process from "node:process";
import { checkInThisThread } from "../server/dump-check-thread.ts";
import { commands } from "./commands/index.ts";
import { Output } from "./output.ts";
import { runCli } from "./run-cli.ts";

// In the package this file is the thread of the language server that checks dumps, too.
if (!checkInThisThread()) {
  const context = { out: new Output(process.stdout), err: new Output(process.stderr), stdin: process.stdin };

  // The exit code is set, not forced: what was written must reach its reader first.
  runCli(process.argv.slice(2), commands, context).then((code) => {
    process.exitCode = code;
  });
}
