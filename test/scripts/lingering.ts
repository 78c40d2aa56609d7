// A script like `npm start`, with a small family in place of code-server's:  lingering.ts SCRATCH [stubborn]
import { once } from "node:events";
import { startFamily } from "../../scripts/family.ts";
import { runShown } from "../../scripts/process.ts";
import { main } from "../../scripts/project.ts";

const [scratch = "", temper] = process.argv.slice(2);
const child = `${temper === "stubborn" ? "process.on('SIGTERM', () => {});" : ""}
console.log("member", process.pid);
setInterval(() => {}, 1000);`;
const leader = `console.log("member", process.pid);
require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" });`;

await main(async () => {
  const { guard } = startFamily(process.execPath, ["-e", leader], { env: process.env, scratch: [scratch] });
  console.log("member", process.pid);
  console.log("member", guard.pid);
  guard.stdout?.pipe(process.stdout);
  void runShown(process.execPath, [
    "-e",
    `console.log("member", process.pid); process.stdin.resume(); setInterval(() => {}, 1000)`,
  ]);
  await once(guard, "exit");
  return 3;
}, 0);
