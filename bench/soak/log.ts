// A log of 500 MB: imported as a script, and replayed when a trace of a Linux boot stands at its end.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { reportBelow } from "./flat.ts";

const root = path.resolve(import.meta.dirname, "../..");
const cli = path.join(root, "cli", "main.ts");
const peak = path.join(root, "bench", "peak-memory.cjs");
const size = 500e6;
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-soak-"));

try {
  const boot = gunzipSync(readFileSync(path.join(root, "test/traces/linux-6.1-qemu-gicv3-trace.log.gz")));
  const noise =
    "[   12.345678] virtio_net virtio0 eth0: a line of a console that tells of no interrupt at all, again and again\n";
  run("import", write("commands.log", boot.toString("latin1")), 600);
  run("import", write("console.log", noise, boot), 600);
  run("replay", write("console-and-boot.log", noise, boot), 600);
} finally {
  rmSync(folder, { recursive: true });
}

/** A file of one text again and again, and of another at its end. */
function write(name: string, text: string, end: Buffer = Buffer.alloc(0)): string {
  const file = path.join(folder, name);
  const piece = Buffer.from(text.repeat(Math.ceil(2 ** 20 / text.length)));
  const handle = openSync(file, "w");
  for (let written = 0; written < size - end.length; written += piece.length) writeSync(handle, piece);
  writeSync(handle, end);
  closeSync(handle);
  return file;
}

function run(command: string, file: string, bound: number): void {
  const started = performance.now();
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--require", peak, cli, command, file], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const most = Number(/(\d+)$/.exec(stderr)?.[1]);
  const megabytes = (statSync(file).size / 1e6).toFixed(0);
  const lines = stdout.split("\n").length - 1;
  if (status !== 0) console.log(`${command} ended with ${status}: ${stderr.slice(-500)}`);
  reportBelow(`gicwb ${command}, ${path.basename(file)} of ${megabytes} MB, ${lines} lines, ${seconds} s`, most, bound);
  if (status !== 0) process.exitCode = 1;
  rmSync(file);
}
