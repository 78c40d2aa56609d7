import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { clean } from "./emulator-cases.ts";
import { median, qemuBoard, reset, runQueue } from "./qemu-board.ts";
import { DISABLED, mix } from "./qemu-cases.ts";

const FRESH = fileURLToPath(new URL("emulator-fresh.ts", import.meta.url));

function fresh(what: string): Record<string, number> {
  const { status, stdout, stderr } = spawnSync(process.execPath, [FRESH, what], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${FRESH} ${what}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, number>;
}

/** The mix as the first queue that a process ever runs. */
export async function measureFirstQueue(options: { runs: number; withQemu: boolean }) {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < options.runs; run++) {
    ours.push(fresh("first-queue").milliseconds);
    if (!options.withQemu) continue;
    const board = await qemuBoard();
    await reset(board, DISABLED);
    theirs.push(await runQueue(board, mix));
    await board.close();
  }
  const emulatorMs = clean(median(ours));
  if (theirs.length === 0) return { emulatorMs, qemuMs: undefined, ratio: undefined };
  return { emulatorMs, qemuMs: clean(median(theirs)), ratio: clean(median(theirs) / median(ours)) };
}

/** Making a machine with 1 GiB of RAM in a process of its own. */
export function measureCreation(runs: number): { milliseconds: number; residentMib: number } {
  const results = Array.from({ length: runs }, () => fresh("creation"));
  return {
    milliseconds: clean(median(results.map(({ milliseconds }) => milliseconds))),
    residentMib: clean(median(results.map(({ residentMib }) => residentMib))),
  };
}
