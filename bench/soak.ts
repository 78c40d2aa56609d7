// Long work in bounded memory:  npm run soak [-- NAME...]
// Each part is run in a process of its own, does one kind of work for long, and tells the memory that was in use at times between. It fails
// when that goes on growing. Minutes; no part of `npm test`.
import { spawnSync } from "node:child_process";
import path from "node:path";

const parts = ["log", "commands", "stepping", "scripts"];
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !parts.includes(name));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}. Parts are: ${parts.join(", ")}`);
  process.exitCode = 2;
} else {
  for (const name of wanted.length === 0 ? parts : wanted) {
    const file = path.join(import.meta.dirname, "soak", `${name}.ts`);
    const { status } = spawnSync(process.execPath, ["--expose-gc", file], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}
