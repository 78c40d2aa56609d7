// Speed and memory of the emulator beside QEMU, in turn in one run:  npm run bench -- emulator [--json] [--quick]
// Prints medians; a ratio above 1 means that the emulator is faster than QEMU.
import os from "node:os";
import { QEMU_MISSING, qemuVersion } from "../scripts/qemu/program.ts";
import { clean, type Measured, measureCases } from "./emulator-cases.ts";
import { measureCurve, measureHostOperations, measureJournal } from "./emulator-journal.ts";
import { measureCreation, measureFirstQueue } from "./emulator-process.ts";

const flags = new Set(process.argv.slice(2));
const asJson = flags.has("--json");
const runs = flags.has("--quick") ? 3 : 9;
const qemu = qemuVersion();
if (qemu === undefined) console.error(QEMU_MISSING);

const say = (line: string): void => {
  if (!asJson) console.log(line);
};

const machine = `${os.cpus()[0]?.model ?? "unknown"}, ${os.cpus().length} cores`;
say(`${machine}; Node ${process.version}; ${qemu ?? "no QEMU"}; medians of ${runs}`);
say(`load average ${os.loadavg()[0].toFixed(2)} before the run`);

const table = await measureCases({ runs, withQemu: qemu !== undefined });
say(
  `\n${"case".padEnd(20)} ${["QEMU", "journal off", "journal on", "kvm-7.2"].map((name) => name.padStart(16)).join("")}`,
);
for (const row of table) say(rowText(row));

const first = await measureFirstQueue({ runs, withQemu: qemu !== undefined });
say(
  `\nfirst queue in a fresh process: ${first.emulatorMs} ms, QEMU ${first.qemuMs ?? "-"} ms, ratio ${first.ratio ?? "-"} (goal 0.5)`,
);

const host = measureHostOperations(runs);
for (const { name, saveMs, restoreMs, goalMs } of host) {
  say(`${name}: SAVE ${saveMs} ms, RESTORE ${restoreMs} ms (goal ${goalMs})`);
}

const journal = await measureJournal(runs);
say(
  `journal: ${journal.mibPerMillion} MiB per million commands (goal 32), one step back ${journal.stepBackUs} µs (goal 5), ` +
    `a million back ${journal.rewindMillionMs} ms (goal 100)`,
);

const creation = measureCreation(runs);
say(
  `a machine with 1 GiB of RAM: ${creation.milliseconds} ms (goal 10), ${creation.residentMib} MiB resident (goal 40)`,
);

const curve = await measureCurve(runs);
for (const { model, points } of curve) {
  const text = points.map(({ events, nanoseconds }) => `${events}: ${nanoseconds} ns`).join(", ");
  say(`INT and CLEAR at random events, ${model}, by mapped events: ${text}`);
}

if (asJson) {
  console.log(
    JSON.stringify({ machine, node: process.version, qemu, runs, cases: table, first, host, journal, creation, curve }),
  );
}

function rowText(row: Measured): string {
  const cell = (nanoseconds: number | undefined, ratio: number | undefined): string => {
    if (nanoseconds === undefined) return "-".padStart(16);
    const text = `${clean(nanoseconds)} ns${ratio === undefined ? "" : ` ${ratio.toFixed(2)}x`}`;
    return text.padStart(16);
  };
  const best = row.bestRatios && `  fastest runs ${row.bestRatios.off}x ${row.bestRatios.on}x ${row.bestRatios.kvm}x;`;
  const goal = `${best ?? ""}  goal ${row.goal.off}x${row.goal.on === undefined ? "" : `, ${row.goal.on}x with the journal`}`;
  return (
    row.name.padEnd(20) +
    cell(row.qemu, undefined) +
    cell(row.off, row.offRatio) +
    cell(row.on, row.onRatio) +
    cell(row.kvm, row.kvmRatio) +
    goal
  );
}
