import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findOnPath, npmCommand, runQuietly } from "../process.ts";
import { cacheFolder, UserError } from "../project.ts";

/** VS Code 1.139 as a server: the same workbench and extension host, from a registry package instead of a download. */
const version = "4.139.1";

/** Size on disk after the install, for the person who waits. */
const installedSize = "about 450 MB";

/**
 * Folder of the code-server package. Installs it on first use (half a minute) and says so.
 * A folder that carries the version's name is complete: the install happens beside it and is renamed at the end.
 */
export async function codeServerFolder(): Promise<string> {
  const home = path.join(cacheFolder, `code-server-${version}`);
  const folder = path.join(home, "node_modules", "code-server");
  if (existsSync(folder)) return folder;
  if (process.platform === "win32") {
    throw new UserError("No VS Code found. Set VSCODE_EXECUTABLE_PATH to the path of Code.exe.");
  }
  const building = `${home}.installing-${process.pid}`;
  console.log(`Installing code-server ${version} (${installedSize}) into ${home}, once.`);
  try {
    await install(building);
    if (!existsSync(folder)) renameSync(building, home);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return folder;
}

/**
 * A lean install. The package's own install script wants headers of Kerberos and libsecret for features that nobody
 * needs here, so no install script runs, and the two native addons that matter are compiled afterwards.
 */
async function install(home: string): Promise<void> {
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, "package.json"), '{"private":true}\n');
  await npmStep("fetching code-server", home, ["install", "--ignore-scripts", `code-server@${version}`]);
  const vscode = path.join(home, "node_modules", "code-server", "lib", "vscode");
  await npmStep("fetching what its workbench needs", vscode, ["install", "--ignore-scripts", "--omit=dev"]);
  rmSync(path.join(vscode, "node_modules", "@github"), { recursive: true, force: true });
  rmSync(path.join(vscode, "extensions", "copilot"), { recursive: true, force: true });
  await compileAddons(vscode);
}

/** Log files (and with them the Output view's log channels), and the end of the extension host with its server. */
const addons = ["@vscode/spdlog", "@vscode/native-watchdog"];

async function compileAddons(vscode: string): Promise<void> {
  const without = "going on without log channels in the Output view";
  const headers = nodeHeaders();
  if (headers === undefined || !["g++", "make", "python3"].every((tool) => findOnPath(tool) !== undefined)) {
    console.log(`  no g++, make and python3: ${without}`);
    return;
  }
  allowScripts(path.join(vscode, "package.json"), addons);
  try {
    await npmStep("compiling two addons", vscode, ["rebuild", ...addons], { npm_config_nodedir: headers });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.log(`${error.message}\n  ${without}`);
  }
}

/** npm 12 skips the install scripts of packages that the manifest does not name. */
function allowScripts(manifestFile: string, packages: readonly string[]): void {
  const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
  const allowed = Object.fromEntries(packages.map((name) => [name, true]));
  writeFileSync(manifestFile, JSON.stringify({ ...manifest, allowScripts: allowed }));
}

async function npmStep(
  title: string,
  cwd: string,
  args: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): Promise<void> {
  const started = Date.now();
  process.stdout.write(`  ${title} … `);
  const npm = npmCommand();
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = await runQuietly(npm.file, [...npm.args, ...args, ...quiet], {
    cwd,
    env: { ...process.env, ...extra },
  });
  console.log(code === 0 ? `${Math.round((Date.now() - started) / 1000)} s` : "failed");
  if (code !== 0) throw new UserError(`${output.trim()}\n${title}: npm ${args[0]} ended with ${code}.`);
}

/**
 * Folder with the headers (`include/node`) of the Node that runs us, so that compiling an addon downloads none: a usual
 * install has them beside `bin`, the npm package `node` in the package of the platform.
 */
function nodeHeaders(): string | undefined {
  const home = path.resolve(path.dirname(process.execPath), "..");
  const ofPlatform = path.join(home, "node_modules", `node-${process.platform}-${process.arch}`);
  return [home, ofPlatform].find((folder) => existsSync(path.join(folder, "include", "node", "common.gypi")));
}
