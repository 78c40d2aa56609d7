// A million commands: by the command line, which goes forwards alone, and in the debugger, which can go back.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BenchSession } from "../debug-session.ts";
import { held, reportBelow } from "./flat.ts";

const root = path.resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-soak-"));
/** What a run keeps of its lines grows with them, 0.7 KB a line; a script has a million turns at most. The journal is bounded. */
const counts = [500_000, 1_000_000];
const bound = 1300;

function list(samples: readonly number[]): string {
  return samples.map((sample) => sample.toFixed(0)).join(", ");
}

/** So many commands, two a turn. */
function script(commands: number): string {
  const file = path.join(folder, `${commands}.itscmd`);
  const head =
    "MAPC ICID=0, RDbase=0\nMAPD DeviceID=1, ITT_addr=0x43f00000, Size=4\nMAPTI DeviceID=1, EventID=0, pINTID=8192, ICID=0";
  writeFileSync(
    file,
    `${head}\nrepeat ${commands / 2} {\n  INT DeviceID=1, EventID=0\n  CLEAR DeviceID=1, EventID=0\n}\n`,
  );
  return file;
}

try {
  const peaks = counts.map((commands) => {
    const args = ["--require", path.join(root, "bench", "peak-memory.cjs"), path.join(root, "cli", "main.ts"), "run"];
    const { status, stderr } = spawnSync(process.execPath, [...args, script(commands)], {
      encoding: "utf8",
      maxBuffer: 2 ** 30,
    });
    if (status !== 0) throw new Error(`gicwb run ended with ${status}: ${stderr.slice(-500)}`);
    return Number(/(\d+)$/.exec(stderr)?.[1]);
  });
  reportBelow(`gicwb run, ${counts.join(" and ")} commands: ${list(peaks)}`, Math.max(...peaks), bound);

  const sessions: number[] = [];
  for (const commands of counts) {
    const session = await BenchSession.launch(script(commands), { stopAtEnd: true });
    const stopped = session.event("stopped", "terminated");
    await session.request("configurationDone");
    await stopped;
    await session.look();
    sessions.push(held());
    await session.move("stepBack");
    await session.request("disconnect");
  }
  reportBelow(
    `debugger at the end of ${counts.join(" and ")} commands: ${list(sessions)}`,
    Math.max(...sessions),
    bound,
  );
} finally {
  rmSync(folder, { recursive: true });
}
