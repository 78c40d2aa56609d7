import process from "node:process";
import { serve } from "./wire/serve.ts";

// The adapter as a process: the protocol on standard input and output. What was written must reach its reader first.
serve(process.stdin, process.stdout, (end) => process.once("SIGTERM", end)).then(({ code, problem }) => {
  if (problem !== undefined) process.stderr.write(`${problem}\n`);
  process.stdout.write("", () => process.exit(code));
});
