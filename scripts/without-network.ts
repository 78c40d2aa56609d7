import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEnding } from "./ending.ts";
import { attempts } from "./network-guard.ts";
import { inProject } from "./project.ts";

/**
 * An environment in which Node, and every Node that it starts, is refused the network but for this machine itself.
 *
 * @param log file in which those that ask for it are written down (scripts/network-guard.ts)
 */
export function withoutNetwork(env: NodeJS.ProcessEnv, log: string): NodeJS.ProcessEnv {
  // `--import` would not reach threads. The quotes are for a path with spaces.
  const guard = `--require=${JSON.stringify(inProject("scripts", "network-guard.ts"))}`;
  return { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} ${guard}`.trim(), GICWB_NETWORK_LOG: log };
}

/**
 * Runs tests in such an environment. Whoever has asked for the network is told, and makes a run that was green a failure.
 *
 * @param run resolves to its exit code, as this does
 */
export async function refusingNetwork(run: (env: NodeJS.ProcessEnv) => Promise<number>): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-network-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const forget = beforeEnding(remove);
  try {
    const log = path.join(folder, "log");
    const code = await run(withoutNetwork(process.env, log));
    const asked = attempts(log);
    for (const { what, program, stack } of asked) {
      console.error(`The network was asked for: ${what}, by ${program.join(" ")}\n${stack}`);
    }
    if (asked.length === 0) console.log("No process of the tests has asked for the network.");
    return asked.length > 0 ? code || 1 : code;
  } finally {
    forget();
    remove();
  }
}
