import { existsSync } from "node:fs";
import path from "node:path";
import { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath } from "@vscode/test-electron";
import { findOnPath, runQuietly } from "../process.ts";
import { cacheFolder, UserError } from "../project.ts";
import { chromiumPath } from "./chromium.ts";
import { codeServerFolder } from "./code-server-install.ts";
import type { Profile } from "./profile.ts";

/** A VS Code that can be started: the desktop's, or the stand-in for it that runs code-server. */
export interface VSCode {
  readonly kind: "desktop" | "code-server";
  readonly executable: string;
}

const standIn: VSCode = { kind: "code-server", executable: path.join(import.meta.dirname, "code-stand-in.ts") };

/** For tests: VSCODE_EXECUTABLE_PATH, else a desktop that can be downloaded and shown, else code-server. */
export async function chooseForTests(): Promise<VSCode> {
  const desktop = named() ?? (await downloaded());
  if (desktop !== undefined) return desktop;
  // Both are made ready here, where what an install says is shown; the stand-in's own output is a test report.
  await codeServerFolder();
  await chromiumPath();
  return standIn;
}

/** For a person: VSCODE_EXECUTABLE_PATH, else `code` on the PATH, else code-server. */
export function chooseForPerson(): VSCode {
  const onPath = findOnPath("code");
  return named() ?? (onPath === undefined ? standIn : { kind: "desktop", executable: onPath });
}

/** Installs a packaged extension into a profile. */
export async function installVsix(vscode: VSCode, profile: Profile, vsix: string): Promise<void> {
  const cli = vscode.kind === "desktop" ? resolveCliPathFromVSCodeExecutablePath(vscode.executable) : vscode.executable;
  const folders = [`--user-data-dir=${profile.userData}`, `--extensions-dir=${profile.extensions}`];
  const { code, output } = await runQuietly(cli, [...folders, `--install-extension=${vsix}`, "--force"]);
  if (code !== 0) throw new UserError(`${output.trim()}\n${vsix} could not be installed.`);
}

function named(): VSCode | undefined {
  const executable = process.env.VSCODE_EXECUTABLE_PATH;
  if (!executable) return undefined;
  if (!existsSync(executable)) {
    throw new UserError(`VSCODE_EXECUTABLE_PATH is ${executable}, and no such file exists.`);
  }
  return { kind: "desktop", executable };
}

/** How long the download site may take to answer before we go on without it, in ms. */
const answerLimit = 5_000;

async function downloaded(): Promise<VSCode | undefined> {
  const canShowWindows = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!canShowWindows) return undefined;
  try {
    const releases = "https://update.code.visualstudio.com/api/releases/stable";
    await fetch(releases, { method: "HEAD", signal: AbortSignal.timeout(answerLimit) });
    const cachePath = path.join(cacheFolder, "vscode-desktop");
    return { kind: "desktop", executable: await downloadAndUnzipVSCode({ version: "stable", cachePath }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`No desktop VS Code can be downloaded (${reason}); going on with code-server.`);
    return undefined;
  }
}
