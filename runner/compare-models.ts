import {
  baserTableBytes,
  COMMAND_BYTES,
  type CommandWords,
  commandByOpcode,
  type ModelName,
  offsetOf,
  opcodeOf,
} from "../architecture/index.ts";
import { createMachine, type EventState, type Machine, type Outcome, releasedModelNames } from "../emulator/index.ts";
import { commandIds, outcomeText } from "./explain-outcome.ts";

/** What one model makes of a command. */
export interface ModelAnswer {
  readonly model: ModelName;
  /** Undefined when the model cannot be brought into the situation: it refuses a mapping that the machine has. */
  readonly outcome: Outcome | undefined;
  /** The outcome in a few words, or why there is none. */
  readonly text: string;
  /** The event that the command names, as the model has it afterwards. */
  readonly event: EventState | undefined;
}

/** A machine with more RAM is not rebuilt for a comparison. */
const MOST_RAM = 2 ** 30;
/** Bytes of a first-level table that are taken over. */
const MOST_LEVEL1 = 0x1_0000;
const MAPC = BigInt(opcodeOf("MAPC"));
const MAPD = BigInt(opcodeOf("MAPD"));
const MAPTI = BigInt(opcodeOf("MAPTI"));
const VALID = 1n << 63n;
const INDIRECT = 1n << 62n;
/** GITS_BASER0 and 1: devices and collections in every model. */
const TABLES = 2;

/**
 * What the other models do with a GICv3 command in the situation in which a machine is: before the command runs, or after it failed,
 * which changed nothing. Each model is asked itself: a machine of its own gets the same memory map and registers, and the mappings that
 * the command names, by commands. So an answer is as good as the model, and costs at most a dozen commands. Commands of GICv4 are not
 * compared, nor machines with more than 1 GiB of RAM: the answer is empty.
 *
 * @param its ITS of the machine @param packet DW0..DW3 of the command @param models absent: all of released software but the machine's own
 */
export function compareModels(
  machine: Machine,
  its: number,
  packet: CommandWords,
  models: readonly ModelName[] = releasedModelNames.filter((name) => name !== machine.model.name),
): readonly ModelAnswer[] {
  const ram = machine.memory.windows.reduce((sum, { bytes }) => sum + bytes, 0);
  const command = commandByOpcode(Number(packet[0] & 0xffn));
  if (command === undefined || command.since !== "v3" || ram > MOST_RAM || its >= machine.map.its.length) return [];
  const mappings = mappingsNamed(machine, its, packet);
  // The other models are asked as GICv3s, which have no virtual events.
  const isVirtual = eventNamed(machine, its, packet)?.virtual !== undefined;
  return models.map((model) => {
    const twin = twinOf(machine, its, model);
    if (twin === undefined) return { model, outcome: undefined, text: "has no such machine", event: undefined };
    const other = new Facsimile(machine, its, twin);
    const refused = isVirtual || mappings.some((words) => other.run(words) !== 0);
    const outcome = refused ? undefined : other.run(packet);
    const text = outcome === undefined ? "cannot be in this situation" : outcomeText(outcome);
    return { model, outcome, text, event: refused ? undefined : other.event(packet) };
  });
}

/** Ids that a command names. */
function idsOf(packet: CommandWords): { deviceId?: number; eventId?: number; icid?: number } {
  const command = commandByOpcode(Number(packet[0] & 0xffn));
  return command === undefined ? {} : commandIds(command, packet);
}

/** The event that a command names, when it is mapped. */
function eventNamed(machine: Machine, its: number, packet: CommandWords): EventState | undefined {
  const { deviceId, eventId } = idsOf(packet);
  return deviceId === undefined || eventId === undefined ? undefined : machine.tables(its).event(deviceId, eventId);
}

/** The commands that make the device, event and collections that a command names. */
function mappingsNamed(machine: Machine, its: number, packet: CommandWords): CommandWords[] {
  const tables = machine.tables(its);
  const { deviceId, icid: named } = idsOf(packet);
  const device = deviceId === undefined ? undefined : tables.device(deviceId);
  const event = eventNamed(machine, its, packet);
  const commands: CommandWords[] = [];
  for (const icid of new Set([named, event?.icid])) {
    const target = icid === undefined ? undefined : tables.collection(icid)?.target;
    if (icid === undefined || target === undefined) continue;
    commands.push([MAPC, 0n, VALID | (BigInt(target) << 16n) | BigInt(icid), 0n]);
  }
  if (device === undefined) return commands;
  const id = BigInt(device.deviceId) << 32n;
  commands.push([id | MAPD, BigInt(device.eventBits - 1), VALID | BigInt(device.ittAddress), 0n]);
  if (event?.icid !== undefined) {
    commands.push([id | MAPTI, (BigInt(event.intid) << 32n) | BigInt(event.eventId), BigInt(event.icid), 0n]);
  }
  return commands;
}

/** A machine of another model, as after reset. @returns undefined when the model takes no such memory map */
function twinOf(original: Machine, its: number, model: ModelName): Machine | undefined {
  const ram = original.memory.windows.map(({ base, bytes }) => ({ base, bytes }));
  try {
    return createMachine({ model, cpus: original.cpus, ram, its: [original.map.its[its]], journal: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Brings a machine to the registers of another one, with nothing mapped, and runs commands on it. */
class Facsimile {
  private readonly machine: Machine;
  private readonly queue: number;
  private readonly queueBytes: number;
  private writer = 0;
  private outcome: Outcome | undefined;

  constructor(original: Machine, its: number, twin: Machine) {
    const base = original.map.its[its];
    this.machine = twin;
    this.machine.onCommand = ({ outcome }) => {
      this.outcome = outcome;
    };
    const cbaser = original.read(base + offsetOf("GITS_CBASER"), 8) ?? 0n;
    this.queue = Number(cbaser & 0xf_ffff_ffff_f000n);
    this.queueBytes = (Number(cbaser & 0xffn) + 1) * 4096;
    for (let pe = 0; pe < original.cpus; pe++) this.copyRedistributor(original, pe);
    this.machine.write(base + offsetOf("GITS_CBASER"), 8, cbaser);
    for (let table = 0; table < TABLES; table++) this.copyTable(original, base, offsetOf(`GITS_BASER${table}`));
    this.machine.write(base + offsetOf("GITS_CTLR"), 4, 1n);
  }

  private copyRedistributor(original: Machine, pe: number): void {
    const from = original.map.gicr + pe * original.map.gicrStride;
    const to = this.machine.map.gicr + pe * this.machine.map.gicrStride;
    for (const name of ["GICR_PROPBASER", "GICR_PENDBASER"]) {
      this.machine.write(to + offsetOf(name), 8, original.read(from + offsetOf(name), 8) ?? 0n);
    }
    const control = original.read(from + offsetOf("GICR_CTLR"), 4) ?? 0n;
    this.machine.write(to + offsetOf("GICR_CTLR"), 4, control & 1n);
  }

  private copyTable(original: Machine, base: number, offset: number): void {
    const value = original.read(base + offset, 8) ?? 0n;
    this.machine.write(base + offset, 8, value);
    if ((value & VALID) === 0n || (value & INDIRECT) === 0n) return;
    const address = Number(value & 0xffff_ffff_f000n);
    const level1 = original.memory.readBytes(address, Math.min(baserTableBytes(value), MOST_LEVEL1));
    if (level1 !== undefined) this.machine.memory.writeBytes(address, level1);
  }

  /** The event that a command names. */
  event(packet: CommandWords): EventState | undefined {
    return eventNamed(this.machine, 0, packet);
  }

  /** Queues a command. @returns undefined when it was not processed */
  run(packet: CommandWords): Outcome | undefined {
    const { machine } = this;
    this.outcome = undefined;
    for (const [index, word] of packet.entries()) {
      const at = this.queue + this.writer + index * 8;
      if (!machine.memory.write64(at, Number(word & 0xffff_ffffn), Number(BigInt.asUintN(64, word) >> 32n)))
        return undefined;
    }
    this.writer = (this.writer + COMMAND_BYTES) % this.queueBytes;
    machine.write(machine.map.its[0] + offsetOf("GITS_CWRITER"), 8, BigInt(this.writer));
    return this.outcome;
  }
}
