import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runQuietly, startFamily } from "../process.ts";
import { UserError } from "../project.ts";
import { codeServerFolder } from "./code-server-install.ts";
import type { Profile } from "./profile.ts";

export interface ServerOptions {
  /**
   * Lets a page load an extension under development and run its tests; a packaged VS Code ignores both otherwise.
   * Hides notifications.
   */
  readonly testDriver: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A running code-server on a free port of 127.0.0.1. */
export interface CodeServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
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
  const port = await freePort();
  const { args, env } = await invocation(profile, port);
  const family = startFamily(
    process.execPath,
    [
      ...args,
      ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check"],
      ...["--disable-workspace-trust", "--disable-getting-started-override", "--disable-proxy", "--ignore-last-opened"],
      ...["--log", "info"], // The line that tells how an extension host ended is an info line.
      ...(options.testDriver ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ],
    { env: { ...env, ...options.env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  for (const stream of [family.leader.stdout, family.leader.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  let running = true;
  const ended = new Promise<void>((resolve) => {
    family.leader.once("exit", () => {
      running = false;
      resolve();
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startLimit;
  while (!(await answers(`${url}/healthz`))) {
    if (running && Date.now() < deadline) {
      await sleep(50);
      continue;
    }
    await family.stop();
    throw new UserError(`code-server did not start:\n${log}`);
  }
  return { url, log: () => log, ended, stop: family.stop };
}

/** Installs a packaged extension into a profile. */
export async function installVsixIntoCodeServer(profile: Profile, vsix: string): Promise<void> {
  const { args, env } = await invocation(profile, 0);
  const { code, output } = await runQuietly(process.execPath, [...args, "--install-extension", vsix, "--force"], {
    env,
  });
  if (code !== 0) throw new UserError(`${output.trim()}\n${vsix} could not be installed.`);
}

async function invocation(profile: Profile, port: number): Promise<{ args: string[]; env: NodeJS.ProcessEnv }> {
  const entry = path.join(await codeServerFolder(), "out", "node", "entry.js");
  const config = path.join(profile.folder, "config.yaml"); // Without it the user's own configuration is read.
  writeFileSync(config, `auth: none\nbind-addr: 127.0.0.1:${port}\ncert: false\n`);
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

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false; // Not listening yet; the caller has a deadline.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
