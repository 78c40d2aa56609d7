import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { endWhenAsked, isEnding } from "./ending.ts";
import { systemSentence } from "./system-errors.ts";

/** Absolute path of the checkout. */
export const root: string = path.resolve(import.meta.dirname, "..");

/** Absolute path of something in the checkout. */
export function inProject(...parts: string[]): string {
  return path.join(root, ...parts);
}

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
}

export const manifest: Manifest = JSON.parse(readFileSync(inProject("package.json"), "utf8"));

/** The id under which VS Code knows the extension. */
export const extensionId = `${manifest.publisher}.${manifest.name}`;

/** Where downloaded tools are kept between runs: outside the sources, shared by all checkouts of one user. */
export const cacheFolder: string = path.join(
  process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"),
  "gic-workbench",
);

/** Ends a script with one sentence for the person who started it, not with a stack trace. */
export class UserError extends Error {
  override name = "UserError";
}

/**
 * Runs a script's main function: a {@link UserError} prints its message alone, a full or read-only disk is said in a sentence, and
 * anything else is a defect and shows its stack.
 * A signal, or the end of the process that started us, ends the script and all that it has started.
 *
 * @param codeWhenAsked exit code after a signal, for a script that only a signal ends
 */
export async function main(body: () => Promise<number>, codeWhenAsked?: number): Promise<void> {
  endWhenAsked(codeWhenAsked);
  try {
    process.exitCode = await body();
  } catch (error) {
    if (isEnding()) return; // What the body waited for was ended under it, and that is no news.
    console.error(error instanceof UserError ? error.message : (systemSentence(error) ?? error));
    process.exitCode = 1;
  }
}
