import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isEnding } from "../ending.ts";
import { startFamily } from "../family.ts";
import { runQuietly } from "../process.ts";
import { UserError } from "../project.ts";
import { codeServerFolder } from "./code-server-install.ts";
import { type Door, openDoor } from "./door.ts";
import type { Profile } from "./profile.ts";

export interface ServerOptions {
  /**
   * Lets a page load an extension under development and run its tests; a packaged VS Code ignores both otherwise.
   * Hides notifications.
   */
  readonly testDriver: boolean;
}

/** A running code-server behind a door that only its starter has the key of. */
export interface CodeServer extends Pick<Door, "url" | "key"> {
  /** What it has printed so far. */
  log(): string;
  /** Resolves when it ends by itself. */
  readonly ended: Promise<void>;
  /** Ends it with its extension hosts; resolves when all are gone. */
  stop(): Promise<void>;
}

/** How long a start may take on a slow machine, in ms (half a second is usual). */
const startLimit = 60_000;

export async function startCodeServer(profile: Profile, options: ServerOptions): Promise<CodeServer> {
  const { args, env } = await invocation(profile);
  // Such a folder is ours alone, and its path is short enough for a socket's address (104 bytes on some systems).
  const room = mkdtempSync(path.join(tmpdir(), "gicwb-"));
  const socket = path.join(room, "code-server");
  const family = startFamily(
    process.execPath,
    [
      ...args,
      ...[
        "--auth",
        "none",
        "--socket",
        socket,
        "--socket-mode",
        "600",
        "--disable-telemetry",
        "--disable-update-check",
      ],
      ...["--disable-workspace-trust", "--disable-getting-started-override", "--disable-proxy", "--ignore-last-opened"],
      ...["--log", "info"], // The line that tells how an extension host ended is an info line.
      ...(options.testDriver ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ],
    { env, scratch: [room] },
  );
  let log = "";
  for (const stream of [family.guard.stdout, family.guard.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  let running = true;
  const ended = new Promise<void>((resolve) => {
    family.guard.once("exit", () => {
      running = false;
      if (!isEnding()) resolve();
    });
  });
  const deadline = Date.now() + startLimit;
  while (!(await answers(socket))) {
    if (running && Date.now() < deadline) {
      await sleep(50);
      continue;
    }
    await family.stop();
    rmSync(room, { recursive: true, force: true });
    throw new UserError(`code-server did not start:\n${log}`);
  }
  const door = await openDoor(socket);
  const stop = async () => {
    await Promise.all([door.close(), family.stop()]);
    rmSync(room, { recursive: true, force: true });
  };
  return { url: door.url, key: door.key, log: () => log, ended, stop };
}

/** Installs a packaged extension into a profile. */
export async function installVsixIntoCodeServer(profile: Profile, vsix: string): Promise<void> {
  const { args, env } = await invocation(profile);
  const { code, output } = await runQuietly(process.execPath, [...args, "--install-extension", vsix, "--force"], {
    env,
  });
  if (code !== 0) throw new UserError(`${output.trim()}\n${vsix} could not be installed.`);
}

async function invocation(profile: Profile): Promise<{ args: string[]; env: NodeJS.ProcessEnv }> {
  const entry = path.join(await codeServerFolder(), "out", "node", "entry.js");
  const config = path.join(profile.folder, "config.yaml"); // Without it the user's own configuration is read.
  writeFileSync(config, "auth: none\ncert: false\n");
  const folders = ["--config", config, "--user-data-dir", profile.userData, "--extensions-dir", profile.extensions];
  return { args: [entry, ...folders], env: environment(profile) };
}

/** Ours, without what a surrounding VS Code or code-server left in it, and with a home of its own. */
function environment(profile: Profile): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^(VSCODE_|CODE_SERVER_|ELECTRON_|npm_|PASSWORD$|HASHED_PASSWORD$|PORT$)/.test(name)) env[name] = value;
  }
  const home = path.join(profile.folder, "home");
  mkdirSync(home, { recursive: true });
  // An empty gallery: extensions come from files, nothing asks a marketplace.
  return { ...env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, EXTENSIONS_GALLERY: "{}" };
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: "/healthz", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once("error", () => resolve(false)); // Not listening yet; the caller has a deadline.
  });
}
