import type { QemuModelName } from "../../architecture/index.ts";
import type { QemuDecisions } from "../../emulator/models/model.ts";
import { qemuModels } from "../../emulator/models/qemu.ts";
import { QemuMachine } from "../../emulator/qemu/machine.ts";
import { RAM } from "../../scripts/qemu/virt-machine.ts";
import { recordedOutcome } from "../conformance/qemu-machine.ts";
import { OLDEST_QEMU_MODEL } from "../conformance/qemu-version.ts";
import type { Access, AccessBytes } from "./operations.ts";
import type { Shape } from "./shape.ts";
import type { Answer, MachineEvent, Side } from "./side.ts";

/** Our model of QEMU, or one with other decisions. */
export class ModelSide implements Side {
  readonly name: QemuModelName;
  readonly machine: QemuMachine;
  private events: MachineEvent[] = [];
  /** Index of the command that is being carried out. */
  private commandAt = 0;

  constructor(shape: Shape, decisions: Partial<QemuDecisions> = {}, modelName: QemuModelName = OLDEST_QEMU_MODEL) {
    const model = qemuModels[modelName];
    this.name = model.name;
    this.machine = new QemuMachine(
      { ...model, qemu: { ...model.qemu, ...decisions } },
      { cpus: shape.cpus, gicVersion: shape.gicVersion, secure: shape.secure, ram: [RAM], journal: false },
    );
    this.machine.onCommand = ({ queueOffset, opcode, outcome }) => {
      const recorded = recordedOutcome(outcome);
      this.events[this.commandAt] = { kind: "command", offset: queueOffset, opcode, outcome: recorded };
    };
    this.machine.observe({
      // A command stands in front of what it does, as in QEMU's log.
      command: (_its, offset) => {
        this.commandAt = this.events.length;
        this.events.push({ kind: "command", offset, opcode: 0, outcome: "done" });
      },
      priority: (pe, intid, group, priority) => this.events.push({ kind: "priority", pe, intid, group, priority }),
      sgi: () => undefined,
      entryRead: () => undefined,
      entryMissing: () => undefined,
      entryWritten: () => undefined,
    });
  }

  /** Reads a register; a refused access reads as 0. */
  read(address: number, bytes: AccessBytes): bigint {
    return this.machine.read(address, bytes) ?? 0n;
  }

  /** As {@link perform}, at once. */
  performNow(accesses: readonly Access[]): Answer {
    const reads: bigint[] = [];
    const { machine } = this;
    for (const access of accesses) {
      switch (access.kind) {
        case "write":
          machine.write(access.address, access.bytes, access.value);
          break;
        case "read":
          reads.push(this.read(access.address, access.bytes));
          break;
        case "store":
          machine.memory.writeBytes(access.address, access.data);
          break;
        case "fill":
          machine.memory.fill(access.address, access.length, access.byte);
          break;
      }
    }
    const { events } = this;
    this.events = [];
    return { reads, events };
  }

  async perform(accesses: readonly Access[]): Promise<Answer> {
    return this.performNow(accesses);
  }

  readRam(address: number, into: Uint8Array): void {
    const window = this.machine.memory.window(address, into.length);
    if (window === undefined) throw new RangeError(`0x${address.toString(16)} is not RAM`);
    into.set(window.view.subarray(address - window.base, address - window.base + into.length));
  }

  async close(): Promise<void> {}
}
