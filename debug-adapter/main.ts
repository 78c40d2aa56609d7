import process from "node:process";
import { createDebugAdapter } from "./inline.ts";

// The adapter as a process: the protocol on standard input and output. What was written must reach its reader first.
const session = createDebugAdapter(() => process.stdout.write("", () => process.exit(0)));
process.on("SIGTERM", () => session.shutdown());
session.start(process.stdin, process.stdout);
