// Installs code-server with a stand-in for npm:  node install-run.ts CACHE FILE ARGS…
import { main } from "../../scripts/project.ts";
import { installedCodeServer } from "../../scripts/vscode/code-server-install.ts";

const [cache = "", file = "", ...args] = process.argv.slice(2);
await main(async () => {
  console.log(`installed ${await installedCodeServer({ cache, npm: { file, args } })}`);
  return 0;
});
