// Opens VS Code on the sample workspace with the extension running from this checkout:  npm start [-- FOLDER]
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { buildProduct } from "./bundle.ts";
import { runShown } from "./process.ts";
import { cacheFolder, inProject, main, root, UserError } from "./project.ts";
import { chooseForPerson } from "./vscode/choose.ts";
import { startCodeServer } from "./vscode/code-server.ts";
import { installCheckout, type Profile, profileAt } from "./vscode/profile.ts";
import { workbenchUrl } from "./vscode/workbench.ts";

/** Exit code when a signal ends the script, which is how a served workbench is meant to end. */
const asked = 0;

await main(async () => {
  const folder = path.resolve(process.argv[2] ?? inProject("examples"));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UserError(`There is no folder ${folder}.`);
  const vscode = chooseForPerson();
  // A home that cannot be written is told before anything is made.
  const profile = vscode.kind === "code-server" ? profileAt(path.join(cacheFolder, "profile")) : undefined;
  await buildProduct({ minify: false });
  if (profile !== undefined) return serve(folder, profile);
  console.log(`Opening ${folder} in ${vscode.executable}`);
  const args = ["--new-window", `--extensionDevelopmentPath=${root}`, folder];
  return (await runShown(vscode.executable, args)).code;
}, asked);

/** Serves the workbench until Ctrl-C. The profile stays between runs, with whatever settings the person made in it. */
async function serve(folder: string, profile: Profile): Promise<number> {
  installCheckout(profile);
  const server = await startCodeServer(profile, { testDriver: false });
  console.log(
    `\n  ${workbenchUrl(server, { folder })}\n\nOpen this address in a browser on this machine. The key in it is for you alone: whoever has it can read and change all that you can. Ctrl-C ends it.`,
  );
  await server.ended;
  await server.stop();
  console.error(`code-server ended by itself:\n${server.log()}`);
  return 1;
}
