import { closeSync, existsSync, fstatSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { QEMU_PROGRAM } from "./program.ts";
import { QtestProcess } from "./qtest.ts";

/** RAM of QEMU's `virt` machine (hw/arm/virt.c base_memmap VIRT_MEM), as the recordings have it. */
export const RAM = { base: 0x4000_0000, bytes: 0x4000_0000 } as const;

export interface VirtOptions {
  readonly gicVersion: 3 | 4;
  readonly cpus: number;
  /** Two security states. The bus accesses of qtest are Non-secure. */
  readonly secure?: boolean;
  /** Patterns of trace events (`gicv3_its_cmd_*`) that are logged, and guest errors with them. Without it nothing is logged. */
  readonly trace?: readonly string[];
  /** Name or path of the emulator. */
  readonly program?: string;
}

/** Machines that live. QEMU would outlive us: it does not end when its standard input does. */
const living = new Set<VirtMachine>();
process.on("exit", () => {
  for (const machine of living) machine.kill();
});

/**
 * A live `virt` machine with a GIC and an ITS, as after power-on. Its PEs do not run: `-accel tcg -S`, since Debian's package has no
 * `qtest` accelerator. RAM is a file in memory, which this process reads at memory speed; everything else goes by qtest.
 */
export class VirtMachine {
  readonly qtest: QtestProcess;
  private readonly folder: string;
  private readonly ram: number;
  private readonly log: number | undefined;
  private logPosition = 0;
  private released = false;

  private constructor(options: VirtOptions) {
    // /dev/shm is memory; elsewhere the page cache does nearly as well.
    this.folder = mkdtempSync(path.join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "gic-workbench-qemu-"));
    const ramFile = path.join(this.folder, "ram");
    const logFile = path.join(this.folder, "log");
    this.ram = openSync(ramFile, "w+");
    ftruncateSync(this.ram, RAM.bytes);
    const events = options.trace?.map((name) => `trace:${name}`);
    if (events !== undefined) this.log = openSync(logFile, "w+");
    const features = `gic-version=${options.gicVersion},its=on,virtualization=on,secure=${options.secure === true ? "on" : "off"}`;
    this.qtest = new QtestProcess(options.program ?? QEMU_PROGRAM, [
      ...["-machine", `virt,${features},memory-backend=ram`, "-cpu", "cortex-a57", "-smp", String(options.cpus)],
      ...[
        "-object",
        `memory-backend-file,id=ram,size=${RAM.bytes},mem-path=${ramFile},share=on`,
        "-m",
        `${RAM.bytes}B`,
      ],
      ...["-accel", "tcg", "-S", "-display", "none", "-serial", "none", "-monitor", "none", "-nodefaults"],
      ...(events === undefined ? [] : ["-D", logFile, "-d", ["guest_errors", ...events].join()]),
    ]);
    living.add(this);
  }

  /** Starts QEMU. @throws QemuError when it is not installed or does not start */
  static async start(options: VirtOptions): Promise<VirtMachine> {
    const machine = new VirtMachine(options);
    try {
      // An answer means that the machine stands. QEMU has put a device tree into RAM then, which is taken away with the file's content.
      await machine.qtest.read(RAM.base, 4);
      ftruncateSync(machine.ram, 0);
      ftruncateSync(machine.ram, RAM.bytes);
      return machine;
    } catch (error) {
      await machine.close();
      throw error;
    }
  }

  /** Fills `into` with RAM as all requests answered so far have left it. */
  readRam(address: number, into: Uint8Array): void {
    readFully(this.ram, into, address - RAM.base);
  }

  /** What was logged since the last call, by the requests answered so far. */
  takeLog(): string {
    if (this.log === undefined) return "";
    const bytes = Buffer.allocUnsafe(fstatSync(this.log).size - this.logPosition);
    readFully(this.log, bytes, this.logPosition);
    this.logPosition += bytes.length;
    return bytes.toString("latin1");
  }

  /** Ends QEMU and waits for its end. */
  async close(): Promise<void> {
    await this.qtest.close();
    this.release();
  }

  /** Ends QEMU without waiting for its end. */
  kill(): void {
    this.qtest.kill();
    this.release();
  }

  private release(): void {
    if (this.released) return;
    this.released = true;
    living.delete(this);
    closeSync(this.ram);
    if (this.log !== undefined) closeSync(this.log);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function readFully(file: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const read = readSync(file, into, done, into.length - done, position + done);
    if (read === 0) throw new RangeError(`the file ends at byte ${position + done}`);
    done += read;
  }
}
