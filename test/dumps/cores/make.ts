// Makes the cores of fixtures/ with the real programs, a part of  npm run dump-fixtures
// A core whose program is not installed stays as it is. Debian: gcc gdb qemu-system-arm.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { matrixTables } from "../matrix/tables.ts";
import { CORE_BASE } from "./cores.ts";

const folder = mkdtempSync(path.join(tmpdir(), "dump-cores-"));
const table = matrixTables["device-table"];

try {
  keep("gdb-gcore", gcore());
  keep("qemu-dump-guest-memory", dumpGuestMemory());
} finally {
  rmSync(folder, { recursive: true });
}

function keep(name: string, core: string | undefined): void {
  if (core === undefined || !existsSync(core)) console.log(`${name}: not installed, left as it is`);
  else
    writeFileSync(
      path.join(import.meta.dirname, "fixtures", `${name}.core.gz`),
      gzipSync(readFileSync(core), { level: 9 }),
    );
}

/** gdb's core of a program that has the table in its data, at a page of its own, and nothing else. */
function gcore(): string | undefined {
  const bytes = Array.from(table, (byte) => `0x${byte.toString(16)}`).join(",");
  const source = `.section .table,"aw"\n.globl device_table\ndevice_table: .byte ${bytes}\n.text\n.globl _start\n_start: jmp _start\n`;
  const assembly = file("program.s", source);
  const program = path.join(folder, "program");
  const place = `-Wl,--section-start=.table=0x${CORE_BASE.toString(16)}`;
  if (run("gcc", ["-nostdlib", "-static", place, assembly, "-o", program]) === undefined) return undefined;
  const core = path.join(folder, "program.core");
  // gcore leaves out what is still as the program's file has it.
  const touch = `set {char} ${CORE_BASE} = {char} ${CORE_BASE}`;
  run("gdb", ["-batch", "-nx", "-ex", "starti", "-ex", touch, "-ex", `gcore ${core}`, "-ex", "kill", program]);
  return core;
}

/** QEMU's core of a machine that has the table in its RAM. */
function dumpGuestMemory(): string | undefined {
  const raw = file("table.bin", table);
  const core = path.join(folder, "machine.core");
  const machine = ["-M", "virt", "-cpu", "cortex-a57", "-m", "4", "-display", "none", "-S", "-serial", "none"];
  const loader = ["-device", `loader,file=${raw},addr=0x${CORE_BASE.toString(16)},force-raw=on`];
  const input = `dump-guest-memory ${core}\nquit\n`;
  return run("qemu-system-aarch64", [...machine, ...loader, "-monitor", "stdio"], input) === undefined
    ? undefined
    : core;
}

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

function run(program: string, args: readonly string[], input?: string): string | undefined {
  const { error, status, stderr } = spawnSync(program, [...args], { input, encoding: "utf8", cwd: folder });
  if (error !== undefined) return undefined;
  if (status !== 0) console.log(`${program}: ${stderr} ${readdirSync(folder).join(" ")}`);
  return "";
}
