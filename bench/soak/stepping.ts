// An hour of a person who steps: two steps a second, all scopes open at each stop, now and then one back.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BenchSession } from "../debug-session.ts";
import { held, reportFlat } from "./flat.ts";

const steps = 7200;
const samples = 8;
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-soak-"));

try {
  const file = path.join(folder, "hour.itscmd");
  const lines = [
    "MAPC ICID=0, RDbase=0",
    "MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4",
    "MAPTI DeviceID=1, EventID=0, pINTID=8192, ICID=0",
  ];
  lines.push(`repeat ${steps} {`, "  msi DeviceID=1, EventID=0", "  CLEAR DeviceID=1, EventID=0", "}");
  writeFileSync(file, `${lines.join("\n")}\n`);
  const session = await BenchSession.launch(file, { stopOnEntry: true });
  const stopped = session.event("stopped");
  await session.request("configurationDone");
  await stopped;
  const memory: number[] = [];
  const started = performance.now();
  for (let step = 1; step <= steps; step++) {
    await session.move(step % 10 === 0 ? "stepBack" : "next");
    await session.look();
    if (step % (steps / samples) === 0) memory.push(held());
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  await session.request("disconnect");
  reportFlat(`${steps} steps with a look at everything, ${seconds} s`, memory, 8);
} finally {
  rmSync(folder, { recursive: true });
}
