import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { beforeEnding } from "./ending.ts";
import { removeLeftovers } from "./leftovers.ts";

/**
 * Makes a folder anew and gives it its name when it is whole: who reads it, or makes it at the same time, never finds a part of one.
 *
 * @param folder absolute path; what is there is replaced
 * @param make fills the folder that it is given, which lies beside the other
 */
export async function swapFolder<T>(folder: string, make: (making: string) => Promise<T>): Promise<T> {
  removeLeftovers(path.dirname(folder), new RegExp(`^${path.basename(folder)}\\.(?:making|old)-(\\d+)$`));
  const making = `${folder}.making-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  const remove = () => {
    for (const one of [making, old]) rmSync(one, { recursive: true, force: true });
  };
  const forget = beforeEnding(remove);
  try {
    mkdirSync(making, { recursive: true });
    const made = await make(making);
    takePlace(making, folder, old);
    return made;
  } finally {
    forget();
    remove();
  }
}

/** Others that come in between at the same time are given way to so often; more of them there are not. */
const attempts = 100;

function takePlace(making: string, folder: string, old: string): void {
  for (let attempt = 1; ; attempt++) {
    rmSync(old, { recursive: true, force: true });
    try {
      if (existsSync(folder)) renameSync(folder, old);
      renameSync(making, folder);
      return;
    } catch (error) {
      // Another process has moved the old folder, or put its own there, since we looked.
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (attempt === attempts || !["ENOENT", "ENOTEMPTY", "EEXIST", "EPERM"].includes(code)) throw error;
    }
  }
}
