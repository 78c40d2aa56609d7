// Makes the saved guests of fixtures/ with a real QEMU:  npm run guest-fixtures
// Debian: qemu-system-arm. Each is a `virt` machine of two PEs that runs the program of guest-programs.ts for a moment, and is then migrated into
// a file. Beside it is what the same QEMU answered to the bus before: the readers have to say the same.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { defaultBases } from "../../../architecture/bases.ts";
import { offsetOf } from "../../../architecture/index.ts";
import { QEMU_PROGRAM, qemuVersion } from "../../../scripts/qemu/program.ts";
import { QtestProcess } from "../../../scripts/qemu/qtest.ts";
import { busWrites, places, programV2, programV3, properties, queue, readsV2 } from "./guest-programs.ts";

const RAM_BYTES = 16 * 1024 * 1024;
const folder = mkdtempSync(path.join(tmpdir(), "guest-fixtures-"));

/** A connection to QEMU's machine protocol: one request, one answer. */
class Monitor {
  private readonly socket: net.Socket;
  private text = "";
  private waiting: ((answer: Record<string, unknown>) => void)[] = [];

  constructor(place: string) {
    this.socket = net.connect(place);
    this.socket.setEncoding("utf8").on("data", (part: string) => {
      const lines = (this.text + part).split("\n");
      this.text = lines.pop() ?? "";
      for (const line of lines) {
        const message = JSON.parse(line) as Record<string, unknown>;
        if ("return" in message || "error" in message) this.waiting.shift()?.(message);
      }
    });
  }

  async ask(execute: string, args: object = {}): Promise<unknown> {
    const answer = new Promise<Record<string, unknown>>((resolve) => this.waiting.push(resolve));
    this.socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    const message = await answer;
    if ("error" in message) throw new Error(`${execute}: ${JSON.stringify(message.error)}`);
    return message.return;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Registers that are read over the bus, by name; `[n]` is the PE. */
function registers(): [string, number, 4 | 8][] {
  const { gicd, gicr, gicrStride, its } = defaultBases;
  const found: [string, number, 4 | 8][] = [];
  const add = (label: string, base: number, name: string, bytes: 4 | 8): unknown =>
    found.push([label, base + offsetOf(name), bytes]);
  add("GICD_CTLR", gicd, "GICD_CTLR", 4);
  for (const kind of ["IGROUPR", "ISENABLER", "ISPENDR", "ISACTIVER"]) {
    for (let index = 1; index < 9; index++) add(`GICD_${kind}${index}`, gicd, `GICD_${kind}${index}`, 4);
  }
  for (let index = 2; index < 18; index++) add(`GICD_ICFGR${index}`, gicd, `GICD_ICFGR${index}`, 4);
  for (let index = 8; index < 72; index++) add(`GICD_IPRIORITYR${index}`, gicd, `GICD_IPRIORITYR${index}`, 4);
  for (let index = 32; index < 288; index++) add(`GICD_IROUTER${index}`, gicd, `GICD_IROUTER${index}`, 8);
  for (let pe = 0; pe < places.pending.length; pe++) {
    const frame = gicr + pe * gicrStride;
    for (const name of ["CTLR", "WAKER", "IGROUPR0", "ISENABLER0", "ISPENDR0", "ISACTIVER0", "ICFGR0", "ICFGR1"])
      add(`GICR_${name}[${pe}]`, frame, `GICR_${name}`, 4);
    for (const name of ["PROPBASER", "PENDBASER"]) add(`GICR_${name}[${pe}]`, frame, `GICR_${name}`, 8);
    for (let index = 0; index < 8; index++) add(`GICR_IPRIORITYR${index}[${pe}]`, frame, `GICR_IPRIORITYR${index}`, 4);
  }
  add("GITS_CTLR", its, "GITS_CTLR", 4);
  for (const name of ["CBASER", "CWRITER", "CREADR", "BASER0", "BASER1"]) add(`GITS_${name}`, its, `GITS_${name}`, 8);
  return found;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await isDone())) {
    if (Date.now() > end) throw new Error("QEMU does not get on");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Makes tables and interrupts of a guest with a GICv3. */
async function prepare(qtest: QtestProcess): Promise<void> {
  const commands = queue();
  await qtest.store(places.queue, commands);
  for (const [page, address] of places.level2.entries())
    await qtest.write(places.level1 + page * 8, 8, (1n << 63n) | BigInt(address));
  for (const [intid, byte] of Object.entries(properties))
    await qtest.write(places.properties + Number(intid) - 8192, 1, BigInt(byte));
  for (const { address, bytes, value } of busWrites(commands.length / 32)) await qtest.write(address, bytes, value);
}

/** What QEMU answers to the bus: registers as numbers, tables as bytes. */
async function observe(qtest: QtestProcess): Promise<Record<string, string>> {
  const observed: Record<string, string> = {};
  for (const [label, address, bytes] of registers()) {
    const value = await qtest.read(address, bytes);
    if (value !== 0n) observed[label] = `0x${value.toString(16)}`;
  }
  observed.acknowledged = `0x${(await qtest.read(places.acknowledged, 4)).toString(16)}`;
  for (const [what, address, bytes] of [
    ["level1", places.level1, 16],
    ["level2[0]", places.level2[0], 0x100],
    ["level2[1]", places.level2[1], 0x10],
    ["collections", places.collections, 16],
    ["itts", places.itts[8], 0x400],
    ["pending[0]", places.pending[0] + 1024, 0x80],
    ["pending[1]", places.pending[1] + 1024, 0x80],
  ] as const) {
    observed[what] = `${hex(address)}: ${Buffer.from(await qtest.load(address, bytes)).toString("hex")}`;
  }
  return observed;
}

async function observeV2(qtest: QtestProcess): Promise<Record<string, string>> {
  const observed: Record<string, string> = {};
  for (const [index, name] of readsV2.entries())
    observed[name] = `0x${(await qtest.read(places.read + 4 * index, 4)).toString(16)}`;
  return observed;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

async function make(name: string, machine: string, version: 2 | 3): Promise<void> {
  const programFile = path.join(folder, "program.bin");
  writeFileSync(programFile, new Uint8Array(Uint32Array.from(version === 2 ? programV2 : programV3).buffer));
  const socket = path.join(folder, "qmp");
  const stream = path.join(folder, "stream");
  const args = ["-machine", machine, "-cpu", "cortex-a53", "-smp", "2", "-m", "16M", "-accel", "tcg", "-S"];
  const rest = ["-display", "none", "-serial", "none", "-monitor", "none", "-nodefaults"];
  const loader = `loader,file=${programFile},addr=0x${places.program.toString(16)},cpu-num=0,force-raw=on`;
  const qmp = ["-qmp", `unix:${socket},server=on,wait=off`];
  const qtest = new QtestProcess(QEMU_PROGRAM, [...args, ...rest, "-device", loader, ...qmp]);
  try {
    // Not of the GIC: a GICv2 asks which PE reads.
    await qtest.read(places.queue, 4);
    const monitor = new Monitor(socket);
    await monitor.ask("qmp_capabilities");
    if (version === 3) await prepare(qtest);
    await monitor.ask("cont");
    await until(async () => (await qtest.read(places.acknowledged, 4)) !== 0n);
    await monitor.ask("stop");
    const observed = version === 3 ? await observe(qtest) : await observeV2(qtest);
    // "file:" is there since 8.2; this is in all versions.
    await monitor.ask("migrate", { uri: `exec:cat>${stream}` });
    await until(async () => ((await monitor.ask("query-migrate")) as { status?: string }).status === "completed");
    monitor.close();
    const bytes = readFileSync(stream);
    const place = path.join(import.meta.dirname, "fixtures", name);
    const packed = gzipSync(bytes, { level: 9 });
    writeFileSync(`${place}.gz`, packed);
    const json = { qemu: qemuVersion(), machine, ram: RAM_BYTES, observed };
    writeFileSync(`${place}.json`, `${JSON.stringify(json, undefined, 1)}\n`);
    process.stdout.write(`${name}: ${bytes.length} bytes, packed ${packed.length}\n`);
  } finally {
    await qtest.close();
  }
}

try {
  await make("qemu-gicv3.stream", "virt,gic-version=3,its=on", 3);
  await make("qemu-gicv2.stream", "virt,gic-version=2", 2);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
