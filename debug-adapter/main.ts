import process from "node:process";
import { fileSource } from "./file-source.ts";
import { GicDebugSession } from "./session.ts";

// The adapter as a process: the protocol on standard input and output.
const session = new GicDebugSession({
  source: fileSource,
  schedule: setImmediate,
  // What was written must reach its reader first.
  exit: () => process.stdout.write("", () => process.exit(0)),
});
process.on("SIGTERM", () => session.shutdown());
session.start(process.stdin, process.stdout);
