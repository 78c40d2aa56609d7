import { createMachine, type Machine, type Outcome, type OutcomeName, outcomeName } from "../../emulator/index.ts";
import { OLDEST_QEMU_MODEL, qemuModelFor } from "./qemu-version.ts";
import type { CommandOutcome, QemuMachineOptions, QemuMachineTarget } from "./target.ts";

/** What became of a command, in the words of the recordings of QEMU. */
export type RecordedOutcome =
  | "done"
  | "error-ignored"
  | "silently-ignored"
  | "unknown-ignored"
  | "fault-swallowed"
  | "stall";

const RECORDED: Readonly<Record<OutcomeName, RecordedOutcome>> = {
  done: "done",
  silent: "silently-ignored",
  ignored: "error-ignored",
  stalled: "stall",
  swallowed: "fault-swallowed",
  unknown: "unknown-ignored",
  hostCrash: "fault-swallowed",
};

export function recordedOutcome(outcome: Outcome): RecordedOutcome {
  return RECORDED[outcomeName(outcome)];
}

const COMMAND_BYTES = 32;
/** RAM of the machine that was recorded. */
const RAM = { base: 0x4000_0000, bytes: 0x4000_0000 };

/** The emulator as QEMU's `virt` machine. */
export class QemuMachineOfEmulator implements QemuMachineTarget {
  private readonly machine: Machine;
  private commands: CommandOutcome[] = [];

  constructor({ version, cpus, gicVersion, secure }: QemuMachineOptions) {
    const model = qemuModelFor(version ?? "")?.model ?? OLDEST_QEMU_MODEL;
    this.machine = createMachine({ model, cpus, gicVersion, secure, ram: [RAM], journal: false });
    this.machine.onCommand = ({ queueOffset, opcode, outcome }) => {
      this.commands.push({ slot: queueOffset / COMMAND_BYTES, opcode, outcome: recordedOutcome(outcome) });
    };
  }

  /** What nothing answers reads as 0, as over qtest. */
  read(address: bigint, size: 1 | 2 | 4 | 8): bigint {
    return this.machine.read(Number(address), size) ?? 0n;
  }

  write(address: bigint, size: 1 | 2 | 4 | 8, value: bigint): void {
    this.machine.write(Number(address), size, value);
  }

  readBytes(address: bigint, length: number): Uint8Array {
    return this.machine.memory.readBytes(Number(address), length) ?? new Uint8Array(length);
  }

  writeBytes(address: bigint, bytes: Uint8Array): void {
    this.machine.memory.writeBytes(Number(address), bytes);
  }

  takeCommands(): CommandOutcome[] {
    const commands = this.commands;
    this.commands = [];
    return commands;
  }
}
