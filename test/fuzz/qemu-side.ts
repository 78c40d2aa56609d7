import { VirtMachine } from "../../scripts/qemu/virt-machine.ts";
import type { Access } from "./operations.ts";
import { readLog, TRACE_EVENTS } from "./qemu-log.ts";
import type { Shape } from "./shape.ts";
import type { Answer, Side } from "./side.ts";

/** A live QEMU. */
export class QemuSide implements Side {
  /** "QEMU 7.2.22", as far as it is known. */
  readonly name: string;
  readonly machine: VirtMachine;

  private readonly cpus: number;

  private constructor(machine: VirtMachine, cpus: number, name: string) {
    this.machine = machine;
    this.name = name;
    this.cpus = cpus;
  }

  /** @param name of that QEMU, with its version @throws QemuError when it is not installed or does not start */
  static async start(shape: Shape, program?: string, name = "QEMU"): Promise<QemuSide> {
    const machine = await VirtMachine.start({ ...shape, trace: TRACE_EVENTS, program });
    machine.takeLog();
    return new QemuSide(machine, shape.cpus, name);
  }

  async perform(accesses: readonly Access[]): Promise<Answer> {
    const { qtest } = this.machine;
    const reads: Promise<bigint>[] = [];
    const done: Promise<void>[] = [];
    for (const access of accesses) {
      switch (access.kind) {
        case "write":
          done.push(qtest.write(access.address, access.bytes, access.value));
          break;
        case "read":
          reads.push(qtest.read(access.address, access.bytes));
          break;
        case "store":
          done.push(qtest.store(access.address, access.data));
          break;
        case "fill":
          done.push(qtest.fill(access.address, access.length, access.byte));
          break;
      }
    }
    const [values] = await Promise.all([Promise.all(reads), Promise.all(done)]);
    return { reads: values, ...readLog(this.machine.takeLog(), this.cpus) };
  }

  readRam(address: number, into: Uint8Array): void {
    this.machine.readRam(address, into);
  }

  close(): Promise<void> {
    return this.machine.close();
  }
}
