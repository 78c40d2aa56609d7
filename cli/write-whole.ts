import { constants } from "node:fs";
import { access, chmod, lstat, realpath, rename, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { errors } from "./errors.ts";

/** How bytes come into a file: `writeFile` of Node. */
export type Write = (file: string, content: string | Uint8Array, options?: { readonly flag: string }) => Promise<void>;

/**
 * Writes a file that is there whole or not at all: a full disk leaves what stood there. Devices and pipes are written as they are.
 *
 * @throws CliError when it cannot be written
 */
export async function writeWhole(file: string, content: string | Uint8Array, write: Write = writeFile): Promise<void> {
  try {
    await replace(file, content, write);
  } catch (error) {
    throw errors.notWritable(file, error instanceof Error && "code" in error ? String(error.code) : String(error));
  }
}

async function replace(file: string, content: string | Uint8Array, write: Write): Promise<void> {
  // A link stays one: what it leads to is replaced.
  const target = await realpath(file).catch(() => file);
  const before = await lstat(target).catch(() => undefined);
  if (before !== undefined && !before.isFile()) return write(target, content);
  const beside = `${target}.gicwb-${process.pid}`;
  try {
    await write(beside, content, { flag: "wx" });
    if (before !== undefined) {
      // A file that is protected is not replaced because its folder is not.
      await access(target, constants.W_OK);
      await chmod(beside, before.mode);
    }
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    // One may be allowed to write a file and not its folder.
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (before === undefined || !["EACCES", "EPERM"].includes(code)) throw error;
    await write(target, content);
  }
}
