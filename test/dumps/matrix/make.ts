// Makes the dumps of fixtures/ with the real programs:  npm run dump-fixtures
// Of some formats only, by a part of their names:  node test/dumps/matrix/make.ts ihex srec
// A format whose program is not installed keeps the fixture that it has. Debian: xxd bsdextrautils coreutils busybox gdb binutils srecord
// qemu-system-arm u-boot-qemu.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Fixture, fixtureName, type MatrixFormat, matrixFormats } from "./formats.ts";
import { MATRIX_BASE, matrixTables } from "./tables.ts";

const U_BOOT = "/usr/lib/u-boot/qemu_arm64/u-boot.bin";
const CUT = 5;
const folder = mkdtempSync(path.join(tmpdir(), "dump-fixtures-"));

try {
  const parts = process.argv.slice(2);
  const wanted = matrixFormats.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
  for (const format of wanted) {
    const fixture = await make(format);
    if (fixture === undefined) console.log(`${format.name}: not installed, left as it is`);
    else {
      const file = path.join(import.meta.dirname, "fixtures", fixtureName(format));
      writeFileSync(file, `${JSON.stringify(fixture, undefined, 2)}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

async function make(format: MatrixFormat): Promise<Fixture | undefined> {
  if (format.by === "qemu" || format.by === "u-boot") return prompted(format);
  const fixture: Record<string, { whole: string; short: string }> = {};
  for (const [name, bytes] of Object.entries(matrixTables)) {
    const whole = written(format, bytes);
    const short = written(format, bytes.subarray(0, -CUT));
    if (whole === undefined || short === undefined) return undefined;
    fixture[name] = { whole, short };
  }
  return fixture;
}

/** What a program that ends by itself writes; undefined: it is not there. */
function written({ by, command }: MatrixFormat, bytes: Uint8Array): string | undefined {
  if (by === "input") return run(command[0], command.slice(1), bytes);
  const raw = file("raw.bin", bytes);
  const base = `0x${MATRIX_BASE.toString(16)}`;
  if (by === "srec") return run("srec_cat", [raw, "-binary", "-offset", base, "-o", "-", ...command]);
  const elf = path.join(folder, "table.elf");
  const place = ["--change-section-address", `.data=${base}`];
  if (run("objcopy", ["-I", "binary", "-O", "elf64-x86-64", ...place, raw, elf]) === undefined) return undefined;
  // S-records begin with the name that objcopy is given.
  const names: Readonly<Record<string, string>> = { ELF: elf, OUT: "table.out" };
  const args = command.slice(1).map((word) => names[word] ?? counted(word, bytes.length));
  const text = run(command[0], args);
  if (command.includes("OUT"))
    return text === undefined ? undefined : readFileSync(path.join(folder, names.OUT), "latin1");
  // objdump writes the file's name.
  return text?.replaceAll(elf, "table.elf");
}

function run(program: string, args: readonly string[], input?: Uint8Array): string | undefined {
  const { stdout, error } = spawnSync(program, [...args], { input, encoding: "latin1", cwd: folder });
  return error === undefined ? stdout : undefined;
}

function counted(text: string, bytes: number): string {
  return text
    .replace(/COUNT(\d)/, (_, size) => String(Math.floor(bytes / Number(size))))
    .replace(/HEX(\d)/, (_, size) => (bytes / Number(size)).toString(16))
    .replace("BASE", `0x${MATRIX_BASE.toString(16)}`);
}

function file(name: string, bytes: Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, bytes);
  return place;
}

/** What a monitor or a boot loader answers, asked at its prompt. */
async function prompted(format: MatrixFormat): Promise<Fixture | undefined> {
  const fixture: Record<string, { whole: string }> = {};
  for (const [name, bytes] of Object.entries(matrixTables)) {
    const raw = file("raw.bin", bytes);
    const question = counted(format.command[0], bytes.length);
    const machine = ["-M", "virt", "-cpu", "cortex-a57", "-m", "256", "-display", "none"];
    const loader = ["-device", `loader,file=${raw},addr=0x${MATRIX_BASE.toString(16)},force-raw=on`];
    const monitor = ["-S", "-serial", "none", "-monitor", "stdio"];
    const boot = ["-bios", U_BOOT, "-serial", "stdio", "-monitor", "none", "-net", "none"];
    const isMonitor = format.by === "qemu";
    const args = [...machine, ...loader, ...(isMonitor ? monitor : boot)];
    const answer = await ask("qemu-system-aarch64", args, isMonitor ? "(qemu) " : "=> ", question);
    if (answer === undefined) return undefined;
    fixture[name] = { whole: answer };
  }
  return fixture;
}

/** Lines between a question and the next prompt. */
function ask(program: string, args: readonly string[], prompt: string, question: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, [...args], { cwd: folder });
    let text = "";
    let asked = false;
    const limit = setTimeout(() => child.kill(), 60_000);
    child.on("error", () => resolve(undefined));
    child.on("close", () => {
      clearTimeout(limit);
      const lines = text.split(/\r?\n/).filter((line) => /^[0-9a-f]{8,16}: /.test(line));
      resolve(lines.length === 0 ? undefined : `${lines.join("\n")}\n`);
    });
    child.stdout.on("data", (part: Buffer) => {
      text += part.toString("latin1");
      // Any key ends the countdown.
      if (/autoboot/.test(text) && !asked && !text.endsWith(prompt)) child.stdin.write("\n");
      if (!text.endsWith(prompt)) return;
      if (asked && /^[0-9a-f]{8,16}: /m.test(text)) child.kill();
      else if (!asked) {
        asked = true;
        child.stdin.write(`${question}\n`);
      }
    });
  });
}
