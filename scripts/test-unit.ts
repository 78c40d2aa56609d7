// Runs the unit tests, which are refused the network:  npm run test:unit [-- FILE...]
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { runShown } from "./process.ts";
import { main, root, UserError } from "./project.ts";
import { refusingNetwork } from "./without-network.ts";

await main(async () => {
  const named = process.argv.slice(2);
  const files =
    named.length > 0
      ? named
      : globSync("test/**/*.test.ts", { cwd: root, exclude: ["test/vscode/**", "test/start/**"] });
  if (files.length === 0) throw new UserError("No unit test found under test/.");
  // By itself the runner leaves one core to itself, which has next to nothing to do.
  const args = ["--test", `--test-concurrency=${availableParallelism()}`, ...files.sort()];
  return refusingNetwork(async (env) => (await runShown(process.execPath, args, { cwd: root, env })).code);
});
