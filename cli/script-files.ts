import fs from "node:fs";
import path from "node:path";
import { type Constants, ScriptDocument, type ScriptPlace } from "../language/index.ts";
import { scriptPlace } from "../runner/index.ts";
import { readInput } from "./files.ts";

/** What a script of the command line knows of files, see {@link readScript}. */
export function placeOf(script: string): ScriptPlace {
  return scriptPlace({ fs, path }, script, () => []);
}

/**
 * A script of the command line. It reads files beside it, and in folders below; one that comes from standard input those of the working
 * directory.
 * @throws CliError as {@link readInput}
 */
export async function readScript(
  script: string,
  stdin: AsyncIterable<Uint8Array>,
  constants?: Constants,
): Promise<ScriptDocument> {
  const text = new TextDecoder().decode(await readInput(script, stdin));
  return new ScriptDocument(text, constants, placeOf(script));
}
