import {
  argumentToRaw,
  commandByName,
  defaultModel,
  encodeCommand,
  type ModelName,
  offsetOf,
} from "../../architecture/index.ts";
import type { VgicItsState } from "../../dumps/vgic-text/vgic-its-state.ts";
import type { VgicInterrupt, VgicState } from "../../dumps/vgic-text/vgic-state.ts";
import { createMachine, type Machine } from "../../emulator/index.ts";
import { CommandQueue } from "../command-queue.ts";
import { EmulatorTarget } from "../emulator-target.ts";
import { readyLayout, setUpTarget } from "../setup.ts";

/** A machine made of debugfs text. */
export interface VgicImport {
  readonly machine: Machine;
  /** What the text cannot tell, and what the machine has instead. */
  readonly unknown: readonly string[];
  /** What the text says and the machine does not have, a sentence each. */
  readonly left: readonly string[];
}

const RAM = 0x4000_0000;
const RAM_UNIT = 0x10_0000;
/** All ITTs together. */
const MAX_ITT_BYTES = 0x2000_0000;
const ITE_BYTES = 8;
/** ITTs begin at multiples of 256 bytes. */
const ITT_ALIGNMENT = 256;
/** SPIs of a machine of a KVM model, LPIs that a 16-bit property table has room for, ICIDs of one 64 KiB collection table. */
const SPIS = 256;
const LPI_END = 65536;
const ICIDS = 8192;
const MAX_LEFT = 200;

/**
 * Makes a machine that has the interrupts of a `vgic-state` and the devices, events and collections of a `vgic-its-state`, by the
 * commands and registers with which a driver makes them.
 * @param its without it there are no devices, and so no LPIs
 * @returns a sentence when the text describes no machine that can be made
 */
export function importVgic(
  state: VgicState,
  its: VgicItsState | undefined,
  model: ModelName = defaultModel,
): VgicImport | { readonly failure: string } {
  if (state.model !== undefined && state.model !== "GICv3")
    return { failure: `a ${state.model} has no ITS; a GICv3 is wanted` };
  if (state.vcpus === 0) return { failure: "the text has no table of a vCPU" };
  const ittBytes = (its?.devices ?? []).map(({ eventBits }) => Math.max(ITT_ALIGNMENT, 2 ** eventBits * ITE_BYTES));
  const total = ittBytes.reduce((sum, bytes) => sum + bytes, 0);
  if (total > MAX_ITT_BYTES) return { failure: `the ITTs of ${ittBytes.length} devices need more than 512 MiB` };
  const itts = readyLayout.pendingTables + state.vcpus * readyLayout.pendingTableBytes;
  const bytes = Math.ceil((itts + total) / RAM_UNIT) * RAM_UNIT;
  const machine = createMachine({ model, cpus: state.vcpus, ram: [{ base: RAM, bytes }] });
  const target = new EmulatorTarget(machine);
  const failure = setUpTarget(target, RAM, bytes);
  if (failure !== undefined) return { failure };
  const build = new Build(target);
  build.interrupts(state);
  let at = RAM + itts;
  for (const [index, device] of (its?.devices ?? []).entries()) {
    build.device(device, at, state);
    at += ittBytes[index];
  }
  build.pending(state, its);
  machine.journal.clear();
  return { machine, unknown: unknowns(state, its), left: build.left };
}

/** What neither file holds. */
function unknowns(state: VgicState, its: VgicItsState | undefined): readonly string[] {
  return [
    `RAM of the guest: ${state.vcpus} PEs have one window at 0x${RAM.toString(16)}, with tables where setup = ready puts them.`,
    "GITS_CBASER, GITS_BASER<n>, GICR_PROPBASER, GICR_PENDBASER and the addresses of the ITTs.",
    "The command queue: it holds the commands that made the tables.",
    "ICC_* registers and active priorities of the CPU interfaces: they are as at reset.",
    "Whether LPIs and the ITS are enabled: they are.",
    ...(its === undefined
      ? ["Devices, events and collections: without vgic-its-state (Linux 6.16) there are none, and no LPIs."]
      : [
          "Devices without events, collections without events, and events whose collection is gone: vgic-its-state leaves them out.",
        ]),
    ...(state.enabled === undefined ? ["GICD_CTLR: the text does not say; it is enabled."] : []),
  ];
}

class Build {
  readonly left: string[] = [];
  private readonly target: EmulatorTarget;
  private readonly queue: CommandQueue;
  private readonly collections = new Map<number, number | undefined>();

  constructor(target: EmulatorTarget) {
    this.target = target;
    this.queue = new CommandQueue(target);
  }

  private leave(sentence: string): void {
    if (this.left.length < MAX_LEFT) this.left.push(sentence);
  }

  private submit(name: string, values: Readonly<Record<string, bigint>>): void {
    const command = commandByName(name);
    if (command === undefined) throw new Error(`${name} is no command`);
    const raw: Record<string, bigint> = {};
    for (const field of command.fields) {
      const value = values[field.name];
      if (value === undefined) continue;
      const converted = argumentToRaw(field, value);
      if (!converted.ok) throw new RangeError(`${name}: ${field.name} cannot be ${value}`);
      raw[field.name] = converted.raw;
    }
    const refused = this.queue.submit(encodeCommand(command, raw));
    if (refused !== undefined) throw new Error(refused.reason);
  }

  /** SGIs, PPIs, SPIs by their registers, and the property bytes of LPIs. */
  interrupts(state: VgicState): void {
    const { target } = this;
    const { gicd } = target.map;
    target.write(gicd + offsetOf("GICD_CTLR"), 4, state.enabled === false ? 0x10n : 0x12n);
    for (const interrupt of state.interrupts) {
      const { kind, intid, hardware } = interrupt;
      if (hardware) this.leave(`${kind} ${intid} is backed by the host's hardware (H); here it is not.`);
      if (kind === "LPI") {
        if (intid >= LPI_END) this.leave(`LPI ${intid} is beyond 16 bits.`);
        else {
          const property = (interrupt.priority & 0xfc) | 2 | (interrupt.enabled ? 1 : 0);
          target.writeMemory(RAM + readyLayout.propertyTable + intid - 8192, Uint8Array.of(property));
        }
      } else if (kind === "SPI" && intid >= 32 + SPIS)
        this.leave(`SPI ${intid} is beyond the ${SPIS} SPIs of the machine.`);
      else this.wired(interrupt);
    }
  }

  private wired(interrupt: VgicInterrupt): void {
    const { target } = this;
    const { intid, owner, priority } = interrupt;
    const prefix = owner === undefined ? "GICD" : "GICR";
    const frame = owner === undefined ? target.map.gicd : target.map.gicr + owner * target.map.gicrStride;
    const word = Math.floor(intid / 32);
    const bit = 1n << BigInt(intid % 32);
    const raise = (name: string): boolean => target.write(frame + offsetOf(`${prefix}_${name}${word}`), 4, bit);
    const configuration = frame + offsetOf(`${prefix}_ICFGR${Math.floor(intid / 16)}`);
    if (intid >= 16) {
      const edge = 2n << BigInt((intid % 16) * 2);
      const old = target.read(configuration, 4) ?? 0n;
      target.write(configuration, 4, interrupt.levelTriggered ? old & ~edge : old | edge);
    }
    const groups = frame + offsetOf(`${prefix}_IGROUPR${word}`);
    const group = target.read(groups, 4) ?? 0n;
    target.write(groups, 4, interrupt.group1 ? group | bit : group & ~bit);
    target.write(frame + offsetOf(`${prefix}_IPRIORITYR${Math.floor(intid / 4)}`) + (intid % 4), 1, BigInt(priority));
    if (owner === undefined) target.write(frame + offsetOf(`GICD_IROUTER${intid}`), 8, this.routeOf(interrupt));
    raise(interrupt.enabled ? "ISENABLER" : "ICENABLER");
    if (interrupt.line) raiseInput(target, intid, owner ?? 0);
    raise(interrupt.pending ? "ISPENDR" : "ICPENDR");
    if (interrupt.active) raise("ISACTIVER");
  }

  device({ deviceId, eventBits, events }: VgicItsState["devices"][number], itt: number, state: VgicState): void {
    this.submit("MAPD", { DeviceID: BigInt(deviceId), ITT_addr: BigInt(itt), Size: BigInt(eventBits - 1), V: 1n });
    for (const { eventId, intid, target, icid } of events) {
      const name = `EventID 0x${eventId.toString(16)} of DeviceID 0x${deviceId.toString(16)}`;
      if (intid >= LPI_END || icid >= ICIDS) {
        this.leave(`${name} (LPI ${intid}, ICID ${icid}) needs larger tables than the machine has.`);
        continue;
      }
      this.collection(icid, target, state.vcpus, name);
      this.submit("MAPTI", {
        DeviceID: BigInt(deviceId),
        EventID: BigInt(eventId),
        pINTID: BigInt(intid),
        ICID: BigInt(icid),
      });
    }
  }

  /** Maps a collection when its first event comes. */
  private collection(icid: number, pe: number | undefined, cpus: number, event: string): void {
    if (this.collections.has(icid)) {
      if (this.collections.get(icid) !== pe)
        this.leave(`${event} has another TARGET than the events before it in ICID ${icid}.`);
      return;
    }
    this.collections.set(icid, pe);
    if (pe === undefined) this.leave(`ICID ${icid} has no PE: its events have no collection here.`);
    else if (pe >= cpus) this.leave(`ICID ${icid} is on PE ${pe}; the machine has ${cpus}.`);
    else this.submit("MAPC", { ICID: BigInt(icid), RDbase: BigInt(pe), V: 1n });
  }

  /** LPIs become pending by an INT of an event that names them. */
  pending(state: VgicState, its: VgicItsState | undefined): void {
    const places = new Map<number, { deviceId: number; eventId: number }>();
    for (const { deviceId, events } of its?.devices ?? []) {
      for (const { eventId, intid } of events) if (!places.has(intid)) places.set(intid, { deviceId, eventId });
    }
    const known = new Set<number>();
    for (const { kind, intid, pending, active, target } of state.interrupts) {
      if (kind !== "LPI") continue;
      known.add(intid);
      const place = places.get(intid);
      if (place === undefined) {
        this.leave(`LPI ${intid}${pending ? ", which is pending," : ""} is named by no event.`);
        continue;
      }
      if (pending) this.submit("INT", { DeviceID: BigInt(place.deviceId), EventID: BigInt(place.eventId) });
      const now = this.target.lpi(intid);
      if (pending && now?.pending !== true)
        this.leave(`LPI ${intid} is pending in the text and cannot become it here.`);
      if (now !== undefined && now.target !== target) {
        this.leave(
          `LPI ${intid} goes to vCPU ${target ?? "none"} in the text; its collection has PE ${now.target ?? "none"}.`,
        );
      }
      if (active) this.leave(`LPI ${intid} is active in the text; no register makes an LPI active.`);
    }
    for (const intid of places.keys()) {
      if (!known.has(intid)) {
        this.leave(`LPI ${intid} is in vgic-its-state alone: it is enabled, with priority 0xa0.`);
      }
    }
  }

  /** GICD_IROUTER<n>: the MPIDR of the text; 0 is also what KVM prints before there is one, so that a target vCPU goes before it. */
  private routeOf({ mpidr, target }: VgicInterrupt): bigint {
    const { map, cpus } = this.target;
    if (mpidr !== 0 || target === undefined || target >= cpus) return BigInt(mpidr);
    return (this.target.read(map.gicr + target * map.gicrStride + offsetOf("GICR_TYPER"), 8) ?? 0n) >> 32n;
  }
}

/** The timers of a guest, by their PPIs: the kernel drives these from CNTx_CTL_EL0 alone. */
const timers: Readonly<Record<number, string>> = { 27: "CNTV_CTL_EL0", 30: "CNTP_CTL_EL0" };

/** Raises the input of an interrupt; that of a timer by a timer that has fired. */
function raiseInput({ machine }: EmulatorTarget, intid: number, pe: number): void {
  const timer = timers[intid];
  if (timer !== undefined && machine.writeSystemRegister?.(pe, timer, 1n)) return;
  machine.setLine?.(intid, true, pe);
}
