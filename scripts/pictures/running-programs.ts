import { execFileSync } from "node:child_process";
import process from "node:process";

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

/** All programs that this script has started, and those that they have. */
function ours(): Running[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const all = lines.flatMap((line): Running[] => {
    const [, pid, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number | undefined): boolean =>
    pid === process.pid || (pid !== undefined && pid > 1 && isOurs(parents.get(pid)));
  return all.filter(({ pid }) => isOurs(pid));
}

/** The language servers of the editors that this script has started; the parent of each is the extension host. */
export function languageServers(): Running[] {
  return ours().filter(({ args }) => /server\.cjs.* --node-ipc/.test(args));
}

/** The one language server that runs. */
export function languageServer(): Running {
  const [server] = languageServers();
  if (server === undefined) throw new Error("no language server runs");
  return server;
}

/** The extension host of the editor that this script has started. */
export function extensionHost(): number {
  const host = ours().find(({ args }) => args.includes("--type=extensionHost"));
  if (host === undefined) throw new Error("no extension host runs");
  return host.pid;
}
