import { statfsSync } from "node:fs";
import { type Ended, runQuietly } from "../process.ts";
import { UserError } from "../project.ts";

/** How npm is started. */
export interface Npm {
  readonly file: string;
  readonly args: readonly string[];
}

export interface NpmStep {
  /** What is being done, for the person who waits. */
  readonly title: string;
  readonly cwd: string;
  readonly args: readonly string[];
  /** Removed when we end before the step does. */
  readonly scratch: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A registry that is there answers at once; npm's own patience with one that is not is over a minute. In ms. */
const patience = [
  "--fetch-retries=1",
  "--fetch-retry-mintimeout=500",
  "--fetch-retry-maxtimeout=2000",
  "--fetch-timeout=15000",
];

/** Runs one npm command to its end and says how long it took. Throws a {@link UserError} with the cause in a sentence. */
export async function npmStep(npm: Npm, { title, cwd, args, scratch, env }: NpmStep): Promise<void> {
  const started = Date.now();
  process.stdout.write(`  ${title} … `);
  // Warnings are where npm says that a file could not be written; it ends with 0 all the same.
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--loglevel=warn", ...patience];
  const ended = await runQuietly(npm.file, [...npm.args, ...args, ...quiet], {
    cwd,
    env: { ...process.env, ...env },
    scratch: [scratch],
  });
  const unwritten = /TAR_ENTRY_ERROR (\w+)/.exec(ended.output)?.[1];
  const failed = ended.code !== 0 || unwritten !== undefined;
  console.log(failed ? "failed" : `${Math.round((Date.now() - started) / 1000)} s`);
  if (failed) throw new UserError(sentence(title, cwd, ended, unwritten));
}

function sentence(title: string, cwd: string, { code, output }: Ended, unwritten: string | undefined): string {
  const cause = unwritten ?? /npm (?:error|ERR!) (?:code|errno) (\w+)/.exec(output)?.[1];
  return explanation(cause, cwd) ?? `${output.trim()}\n${title}: npm ended with ${code}.`;
}

const noAnswer =
  "The npm registry does not answer (%s), and code-server comes from there: check the network, `npm config get registry` and proxies, or set VSCODE_EXECUTABLE_PATH to a desktop VS Code.";

/** What a system's or npm's error code means for an install into a folder, as one sentence; undefined when nothing is known. */
export function explanation(code: string | undefined, folder: string): string | undefined {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `The disk of ${folder} or of npm's cache is full: make room for 450 MB, or set XDG_CACHE_HOME to a folder on another disk.`;
    case "EROFS":
    case "EACCES":
    case "EPERM":
    case "ENOTDIR":
      return `${folder} or npm's cache cannot be written (${code}): set XDG_CACHE_HOME to a folder that can.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "ECONNREFUSED":
    case "ECONNRESET":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
    case "ERR_SOCKET_TIMEOUT":
    case "EIDLETIMEOUT":
    case "ECONNECTIONTIMEOUT":
    case "FETCH_ERROR": // One that takes the connection and then says nothing.
      return noAnswer.replace("%s", code);
    default:
      return undefined;
  }
}

/** True when a disk has no room left for even a small file. */
export function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 1 << 20;
}
