import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Runs one benchmark: `npm run bench -- NAME [ARGUMENTS]`. */
const [name = "", ...rest] = process.argv.slice(2);
const names = ["activation", "debug", "dumps", "emulator", "language", "language-server", "server", "slices", "views"];
const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
if (!names.includes(name) || !existsSync(file)) {
  console.error(`Say which benchmark to run: ${names.join(", ")}. Example: npm run bench -- emulator --quick`);
  process.exitCode = 2;
} else {
  process.exitCode = spawnSync(process.execPath, ["--expose-gc", file, ...rest], { stdio: "inherit" }).status ?? 1;
}
