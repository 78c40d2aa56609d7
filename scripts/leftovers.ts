import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

/**
 * Removes what processes that are gone have left in a folder: what they make carries their id while it is not finished.
 *
 * @param pattern of the names, with the id as its first group
 */
export function removeLeftovers(folder: string, pattern: RegExp): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const pid = pattern.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // Somebody else's.
  }
}
