// What the editor waits for until the extension is active:  npm run bench -- activation [--starts 10] [--json]
// Each start is a VS Code of its own with the packaged extension: a script is opened, and the editor's own list of running extensions read. The
// aim: under 30 ms. Beside it, in processes of their own, what Node takes to load the file that activation loads.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildProduct } from "../scripts/bundle.ts";
import { runningExtension } from "../scripts/pictures/running-extension.ts";
import { WorkbenchUser } from "../scripts/pictures/workbench-user.ts";
import { inProject, main } from "../scripts/project.ts";
import { launchChromium } from "../scripts/vscode/chromium.ts";
import { installVsixIntoCodeServer, startCodeServer } from "../scripts/vscode/code-server.ts";
import { freshProfile, removeProfile } from "../scripts/vscode/profile.ts";
import { openWorkbench } from "../scripts/vscode/workbench.ts";
import { packVsix } from "../scripts/vsix.ts";

const { values } = parseArgs({
  options: { starts: { type: "string", default: "10" }, json: { type: "boolean" } },
});

await main(async () => {
  await buildProduct({ minify: true });
  const vsix = await packVsix(inProject("out", "activation.vsix"));
  const starts = Number(values.starts);
  const loads: number[] = [];
  const activations: number[] = [];
  for (let done = 0; done < starts; done++) loads.push(loadTime());
  for (let done = 0; done < starts; done++) activations.push(await activation(vsix.file));
  const figures = { starts, activationMs: spread(activations), loadMs: spread(loads), vsixBytes: vsix.bytes };
  if (values.json) console.log(JSON.stringify(figures));
  else {
    console.log(`activation, as the editor has it: ${sentence(figures.activationMs)}`);
    console.log(`loading dist/client.cjs in Node:   ${sentence(figures.loadMs)}`);
    console.log(`package: ${(vsix.bytes / 1024).toFixed(1)} KiB`);
  }
  return 0;
});

/** One start of the editor, in ms as it says itself. */
async function activation(vsix: string): Promise<number> {
  const profile = freshProfile();
  try {
    const folder = path.join(profile.folder, "examples");
    cpSync(inProject("examples"), folder, { recursive: true });
    await installVsixIntoCodeServer(profile, vsix);
    const server = await startCodeServer(profile, { testDriver: false });
    const { browser, context } = await launchChromium({ width: 1280, height: 800 });
    try {
      const page = await context.newPage();
      const user = new WorkbenchUser(page, inProject(".pictures"));
      await openWorkbench(page, server, { folder });
      await user.openFile("first-msi.itscmd");
      // The lenses are the server's: all that activation has begun has come to its end.
      await page.locator(".codelens-decoration", { hasText: "Run" }).first().waitFor();
      const said = await runningExtension(user);
      const time = /Activation: (\d+)\s*ms/.exec(said)?.[1];
      if (time === undefined) throw new Error(`The editor says no time: ${said}`);
      return Number(time);
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    removeProfile(profile);
  }
}

/** A process that loads the extension's first file with a `vscode` of which every member is a class, in ms. */
function loadTime(): number {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-load-"));
  try {
    const script = path.join(folder, "load.cjs");
    writeFileSync(
      script,
      `const Module = require("node:module");
const load = Module._load;
const vscode = new Proxy({}, { get: (members, name) => (members[name] ??= class {}) });
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const start = performance.now();
require(${JSON.stringify(inProject("dist", "client.cjs"))});
console.log(performance.now() - start);`,
    );
    return Number(spawnSync(process.execPath, [script], { encoding: "utf8" }).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (index: number): number => Math.round((sorted[index] ?? 0) * 10) / 10;
  return { least: at(0), median: at(sorted.length >> 1), most: at(sorted.length - 1) };
}

function sentence({ least, median, most }: Spread): string {
  return `median ${median} ms (${least} to ${most}) of ${values.starts} starts`;
}
