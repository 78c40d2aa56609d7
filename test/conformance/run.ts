import { fileURLToPath } from "node:url";
import { emulatorTarget } from "./connect.ts";
import { runConformance } from "./harness.ts";

process.exitCode = runConformance(process.argv.slice(2), {
  target: emulatorTarget,
  defaultPath: fileURLToPath(new URL("../vectors", import.meta.url)),
  write: (line) => process.stdout.write(`${line}\n`),
});
