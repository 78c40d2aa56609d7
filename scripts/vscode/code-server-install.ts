import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { removeLeftovers } from "../leftovers.ts";
import { findOnPath, npmCommand, runQuietly } from "../process.ts";
import { cacheFolder, UserError } from "../project.ts";
import { compareWithArchives, isComplete, recordComplete } from "./install-check.ts";
import { explanation, isFull, type Npm, npmStep } from "./npm-step.ts";

/** VS Code 1.139 as a server: the same workbench and extension host, from a registry package instead of a download. */
export const version = "4.139.1";

/** Size on disk after the install, for the person who waits. */
const installedSize = "about 450 MB";

/** What an install works with. */
export interface InstallTools {
  /** Folder that the install's own folder is made in. */
  readonly cache: string;
  readonly npm: Npm;
}

/** Folder of the code-server package. Installs it on first use (half a minute) and says so. */
export function codeServerFolder(): Promise<string> {
  if (process.platform === "win32") {
    throw new UserError("No VS Code found. Set VSCODE_EXECUTABLE_PATH to the path of Code.exe.");
  }
  return installedCodeServer({ cache: cacheFolder, npm: npmCommand() });
}

/**
 * The same with tools of the caller's choice. The install happens beside the folder of the version's name, is compared with
 * what the registry has, and is renamed at the end; a folder of that name that is not complete is replaced.
 */
export async function installedCodeServer({ cache, npm }: InstallTools): Promise<string> {
  const home = path.join(cache, `code-server-${version}`);
  const folder = path.join(home, "node_modules", "code-server");
  if (isComplete(home)) return folder;
  const again = existsSync(home) ? `${home} is not complete. ` : "";
  console.log(`${again}Installing code-server ${version} (${installedSize}) into ${home}, once.`);
  const building = `${home}.installing-${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    removeLeftovers(cache, /^code-server-.*\.installing-(\d+)$/);
    await install(npm, building);
    recordComplete(building);
    putInPlace(building, home);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const known = explanation(code, cache);
    throw known === undefined ? error : new UserError(known);
  } finally {
    removeQuietly(building);
  }
  return folder;
}

/** Gives an install its name, unless another one that ran at the same time has come first. */
function putInPlace(building: string, home: string): void {
  while (!isComplete(home)) {
    rmSync(home, { recursive: true, force: true });
    try {
      renameSync(building, home);
    } catch (error) {
      // The other one has put its own there since we looked.
      if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}

function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // In a cache that cannot be written nothing was made, and the reader is told of that; other rests go with the next install.
  }
}

/**
 * A lean install. The package's own install script wants headers of Kerberos and libsecret for features that nobody
 * needs here, so no install script runs, and the two native addons that matter are compiled afterwards.
 */
async function install(npm: Npm, home: string): Promise<void> {
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, "package.json"), '{"private":true}\n');
  await fetchPackages(npm, home, home, "fetching code-server", [
    "install",
    "--ignore-scripts",
    `code-server@${version}`,
  ]);
  const codeServer = path.join(home, "node_modules", "code-server");
  const vscode = path.join(codeServer, "lib", "vscode");
  const needs = ["install", "--ignore-scripts", "--omit=dev"];
  await fetchPackages(npm, home, vscode, "fetching what its workbench needs", needs);
  rmSync(path.join(vscode, "node_modules", "@github"), { recursive: true, force: true });
  rmSync(path.join(vscode, "extensions", "copilot"), { recursive: true, force: true });
  await compileAddons(npm, home, vscode);
  const { code, output } = await runQuietly(process.execPath, [
    path.join(codeServer, "out", "node", "entry.js"),
    "--version",
  ]);
  if (code !== 0 || !output.includes(version)) throw new UserError(`${output.trim()}\ncode-server does not start.`);
}

/** Has npm install packages and compares them with what the registry has. */
async function fetchPackages(npm: Npm, home: string, cwd: string, title: string, args: string[]): Promise<void> {
  await npmStep(npm, { title, cwd, args, scratch: home });
  const { wrong, unknown } = await compareWithArchives(npm, cwd);
  if (wrong.length > 0) {
    const count = `${wrong.length} of code-server's files came incomplete (${wrong[0]})`;
    throw new UserError((isFull(home) && explanation("ENOSPC", home)) || `${count}: start again.`);
  }
  if (unknown.length > 0)
    console.log(`  ${unknown.length} packages are not in npm's cache to be compared (${unknown[0]})`);
}

/** Log files (and with them the Output view's log channels), and the end of the extension host with its server. */
const addons = ["@vscode/spdlog", "@vscode/native-watchdog"];

async function compileAddons(npm: Npm, home: string, vscode: string): Promise<void> {
  const without = "going on without log channels in the Output view";
  const headers = nodeHeaders();
  if (headers === undefined || !["g++", "make", "python3"].every((tool) => findOnPath(tool) !== undefined)) {
    console.log(`  no g++, make and python3: ${without}`);
    return;
  }
  allowScripts(path.join(vscode, "package.json"), addons);
  try {
    await npmStep(npm, {
      ...{ title: "compiling two addons", cwd: vscode, args: ["rebuild", ...addons] },
      ...{ scratch: home, env: { npm_config_nodedir: headers } },
    });
  } catch (error) {
    if (!(error instanceof UserError) || isFull(home)) throw error;
    console.log(`${error.message}\n  ${without}`);
  }
}

/** npm 12 skips the install scripts of packages that the manifest does not name. */
function allowScripts(manifestFile: string, packages: readonly string[]): void {
  const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
  const allowed = Object.fromEntries(packages.map((name) => [name, true]));
  writeFileSync(manifestFile, JSON.stringify({ ...manifest, allowScripts: allowed }));
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
