import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** QEMU could not be started, or it ended or refused a request. The message is for the person who started the tool. */
export class QemuError extends Error {
  override name = "QemuError";
}

interface Waiting {
  readonly request: string;
  resolve(answer: string): void;
  reject(error: Error): void;
}

/** Characters of a refused request that an error repeats. */
const SHOWN_REQUEST = 80;

/**
 * A QEMU process spoken to by the qtest protocol on its standard input and output (QEMU docs/devel/testing/qtest.rst): one request a
 * line, one `OK …` or `ERR …` line each, in order, so that requests can be sent without waiting for the answers before them.
 */
export class QtestProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly waiting: Waiting[] = [];
  /** Requests not handed to the pipe yet: thousands of small writes to a pipe cost more than one large one. */
  private outgoing: string[] = [];
  private partial = "";
  private standardError = "";
  private ended: QemuError | undefined;
  private readonly exited: Promise<void>;

  /** @param program name or path of the emulator @param args without `-qtest` */
  constructor(program: string, args: readonly string[]) {
    this.child = spawn(program, [...args, "-qtest", "stdio", "-qtest-log", "none"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdout.setEncoding("latin1").on("data", (text: string) => this.receive(text));
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.standardError = (this.standardError + text).slice(-4096);
    });
    // A process that has just ended breaks the pipe; what it ended of is said by "exit".
    this.child.stdin.on("error", () => undefined);
    this.exited = new Promise((resolve) => {
      this.child.once("error", (error: NodeJS.ErrnoException) => {
        this.end(
          error.code === "ENOENT"
            ? `${program} is not installed. On Debian and Ubuntu: apt-get install qemu-system-arm`
            : `${program} cannot be started: ${error.message}`,
        );
        resolve();
      });
      this.child.once("exit", (code, signal) => {
        this.end(`${program} ended with ${signal ?? `exit code ${code}`}. ${this.standardError.trim()}`.trim());
        resolve();
      });
    });
  }

  private end(message: string): void {
    this.ended ??= new QemuError(message);
    for (const { reject } of this.waiting.splice(0)) reject(this.ended);
  }

  private receive(text: string): void {
    const lines = (this.partial + text).split("\n");
    this.partial = lines.pop() ?? "";
    for (const line of lines) {
      // Interrupt lines that were asked to be intercepted; nobody waits for them.
      if (line.startsWith("IRQ ")) continue;
      const next = this.waiting.shift();
      if (next === undefined) continue;
      if (line.startsWith("OK")) next.resolve(line.slice(3).trim());
      else next.reject(new QemuError(`QEMU answered "${line}" to "${next.request.slice(0, SHOWN_REQUEST)}"`));
    }
  }

  /** Sends one request. Requests made in one turn of the event loop go out together. @returns what follows `OK` */
  request(request: string): Promise<string> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    if (this.outgoing.length === 0) queueMicrotask(() => this.flush());
    this.outgoing.push(request);
    return new Promise((resolve, reject) => this.waiting.push({ request, resolve, reject }));
  }

  private flush(): void {
    const text = `${this.outgoing.join("\n")}\n`;
    this.outgoing = [];
    if (this.ended === undefined) this.child.stdin.write(text, "latin1");
  }

  /** A bus access of 1, 2, 4 or 8 bytes. QEMU does not say whether anything answered it. */
  async write(address: number, bytes: 1 | 2 | 4 | 8, value: bigint): Promise<void> {
    await this.request(`write${SUFFIX[bytes]} 0x${address.toString(16)} 0x${value.toString(16)}`);
  }

  /** A bus access of 1, 2, 4 or 8 bytes. */
  async read(address: number, bytes: 1 | 2 | 4 | 8): Promise<bigint> {
    return BigInt(await this.request(`read${SUFFIX[bytes]} 0x${address.toString(16)}`));
  }

  /** Stores bytes in memory. */
  async store(address: number, data: Uint8Array): Promise<void> {
    const requests: Promise<string>[] = [];
    for (let at = 0; at < data.length; at += STORE_BYTES) {
      const chunk = Buffer.from(data.buffer, data.byteOffset + at, Math.min(STORE_BYTES, data.length - at));
      const where = `0x${(address + at).toString(16)} 0x${chunk.length.toString(16)}`;
      requests.push(this.request(`write ${where} 0x${chunk.toString("hex")}`));
    }
    await Promise.all(requests);
  }

  /** Reads memory. @param length in bytes */
  async load(address: number, length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array();
    return Buffer.from(await this.request(`b64read 0x${address.toString(16)} 0x${length.toString(16)}`), "base64");
  }

  /** Stores one byte `length` times. */
  async fill(address: number, length: number, byte: number): Promise<void> {
    if (length === 0) return;
    await this.request(`memset 0x${address.toString(16)} 0x${length.toString(16)} 0x${byte.toString(16)}`);
  }

  /** Ends the process and waits for its end. */
  async close(): Promise<void> {
    this.ended ??= new QemuError("QEMU was closed");
    this.child.kill("SIGKILL");
    await this.exited;
  }

  /** Ends the process without waiting for its end. */
  kill(): void {
    this.child.kill("SIGKILL");
  }
}

/** Bytes of one store: they are digits of one line. */
const STORE_BYTES = 0x1_0000;
const SUFFIX = { 1: "b", 2: "w", 4: "l", 8: "q" } as const;
