import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs one benchmark: `npm run bench -- NAME [ARGUMENTS]`; without a name all that docs/performance.md has. */
const names = [
  "activation",
  "debug",
  "dumps",
  "emulator",
  "language",
  "language-server",
  "server",
  "slices",
  "start",
  "views",
];
const [first = "--", ...others] = process.argv.slice(2);
const [name, ...rest] = first.startsWith("--") ? ["all", ...process.argv.slice(2)] : [first, ...others];
if (name !== "all" && !names.includes(name)) {
  console.error(`Say which benchmark to run: ${names.join(", ")}; without a name all that docs/performance.md has.`);
  process.exitCode = 2;
} else {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  process.exitCode = spawnSync(process.execPath, ["--expose-gc", file, ...rest], { stdio: "inherit" }).status ?? 1;
}
