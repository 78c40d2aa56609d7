// A million commands: by the command line, which goes forwards alone, and in the debugger, which can go back.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BenchSession } from "../debug-session.ts";
import { held, reportFlat } from "./flat.ts";

const root = path.resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-soak-"));
const counts = [250_000, 500_000, 750_000, 1_000_000];

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
  reportFlat(`gicwb run, most memory for ${counts.join(", ")} commands`, peaks, 50);

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
  // 18 MiB per million commands is what the journal may take to go back by.
  reportFlat(`debugger at the end of ${counts.join(", ")} commands`, sessions, 50);
} finally {
  rmSync(folder, { recursive: true });
}
