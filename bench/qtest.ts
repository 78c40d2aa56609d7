import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";

const PROGRAM = "qemu-system-aarch64";
/** Bytes of one `write` or `read` of memory: qtest takes them as a line of hexadecimal digits. */
const CHUNK_BYTES = 65536;

export interface QtestOptions {
  readonly gicVersion?: 3 | 4;
  readonly cpus?: number;
  readonly virtualization?: boolean;
  readonly secure?: boolean;
}

/** First line of `qemu-system-aarch64 --version`; undefined when it is not installed. */
export function qemuVersion(): string | undefined {
  const { status, stdout } = spawnSync(PROGRAM, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0] : undefined;
}

/** What to tell a user without QEMU. */
export const QEMU_MISSING = `${PROGRAM} is not installed, so there is nothing to compare with. On Debian: apt-get install qemu-system-arm`;

/**
 * A live QEMU `virt` machine whose vCPUs never run, driven over the qtest protocol: one command a line, one `OK` line back
 * (QEMU docs/devel/testing/qtest).
 */
export class Qtest {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: { resolve: (answer: string) => void; reject: (error: Error) => void }[] = [];
  private parts: string[] = [];
  private ended: Error | undefined;

  constructor(options: QtestOptions = {}) {
    const machine = [
      "virt",
      `gic-version=${options.gicVersion ?? 3}`,
      "its=on",
      `virtualization=${options.virtualization === false ? "off" : "on"}`,
      ...(options.secure ? ["secure=on"] : []),
    ];
    const quiet = ["-display", "none", "-monitor", "none", "-serial", "none", "-nodefaults"];
    this.child = spawn(PROGRAM, [
      ...["-machine", machine.join(","), "-cpu", "cortex-a57", "-smp", String(options.cpus ?? 4), "-m", "1G"],
      // With TCG and stopped vCPUs the devices are the same as with -accel qtest, whose module distributions may leave out.
      ...["-accel", "tcg", "-S", "-qtest", "stdio", "-qtest-log", "none", ...quiet],
    ]);
    this.child.stdout.setEncoding("latin1");
    this.child.stdout.on("data", (text: string) => this.receive(text));
    this.child.once("error", (error) => this.end(error));
    this.child.once("exit", (code, signal) => this.end(new Error(`${PROGRAM} ended with ${signal ?? code}`)));
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.ended);
  }

  private receive(text: string): void {
    const lines = text.split("\n");
    this.parts.push(lines[0]);
    for (const next of lines.slice(1)) {
      this.answer(this.parts.join(""));
      this.parts = [next];
    }
  }

  private answer(line: string): void {
    // Interrupt lines are reported whenever they change.
    if (line.startsWith("IRQ ")) return;
    const command = this.waiting.shift();
    if (line.startsWith("OK")) command?.resolve(line.slice(3).trim());
    else command?.reject(new Error(`qtest: ${line}`));
  }

  /** Sends one command. @returns what stands behind `OK` */
  send(command: string): Promise<string> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${command}\n`);
    });
  }

  /** A store of 1, 2, 4 or 8 bytes. */
  async write(address: number, bytes: 1 | 2 | 4 | 8, value: bigint): Promise<void> {
    await this.send(`write${suffix(bytes)} ${hex(address)} 0x${value.toString(16)}`);
  }

  async read(address: number, bytes: 1 | 2 | 4 | 8): Promise<bigint> {
    return BigInt(await this.send(`read${suffix(bytes)} ${hex(address)}`));
  }

  async writeMemory(address: number, data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; at += CHUNK_BYTES) {
      const chunk = Buffer.from(data.buffer, data.byteOffset + at, Math.min(CHUNK_BYTES, data.length - at));
      await this.send(`write ${hex(address + at)} ${hex(chunk.length)} 0x${chunk.toString("hex")}`);
    }
  }

  async readMemory(address: number, length: number): Promise<Uint8Array> {
    const out = new Uint8Array(length);
    for (let at = 0; at < length; at += CHUNK_BYTES) {
      const bytes = Math.min(CHUNK_BYTES, length - at);
      const answer = await this.send(`read ${hex(address + at)} ${hex(bytes)}`);
      out.set(Buffer.from(answer.slice(2), "hex"), at);
    }
    return out;
  }

  async fill(address: number, length: number, byte: number): Promise<void> {
    await this.send(`memset ${hex(address)} ${hex(length)} ${hex(byte)}`);
  }

  /** Ends the process and waits for it. */
  async close(): Promise<void> {
    if (this.ended !== undefined) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await gone;
  }
}

function suffix(bytes: 1 | 2 | 4 | 8): string {
  return { 1: "b", 2: "w", 4: "l", 8: "q" }[bytes];
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
