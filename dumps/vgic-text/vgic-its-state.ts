import { finish, type Work } from "../work.ts";
import { LINES_A_STEP, TextLines, type TextProblem } from "./text-lines.ts";

/** One event of `vgic-its-state`. */
export interface VgicItsEvent {
  /** Line of the text, from 1. */
  readonly textLine: number;
  readonly eventId: number;
  readonly intid: number;
  /** PE of its collection; undefined = the collection has none. */
  readonly target: number | undefined;
  readonly icid: number;
  /** The LPI is a vLPI of the host's GICv4. */
  readonly hardware: boolean;
}

/** One device of `vgic-its-state`. */
export interface VgicItsDevice {
  /** Line of the text, from 1. */
  readonly textLine: number;
  readonly deviceId: number;
  readonly eventBits: number;
  readonly events: readonly VgicItsEvent[];
}

/** What `/sys/kernel/debug/kvm/<pid>-<fd>/vgic-its-state@<base>` says. Devices without an event are not in it. */
export interface VgicItsState {
  readonly devices: readonly VgicItsDevice[];
  readonly problems: readonly TextProblem[];
}

/** EventIDs and DeviceIDs of a KVM ITS. */
const ID_BITS = 16;
/** RDbase of a collection without a PE (`COLLECTION_NOT_MAPPED`). */
const NOT_MAPPED = 0xffff_ffff;
/** The first kernels with the file print the DeviceID in decimal. */
const deviceLine = /^Device ID: (0x[0-9a-f]{1,8}|\d{1,10}), Event ID Range: \[0 - (\d{1,20})\]$/;
const eventLine = /^\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+([01])$/;
const furniture = /^(?:-+|EVENT_ID\s+INTID\s+HWINTID\s+TARGET\s+COL_ID HW)?$/;

/**
 * Reads a `vgic-its-state` (Linux arch/arm64/kvm/vgic/vgic-debug.c, from 6.16 on).
 * @param text any text; never throws
 */
export function parseVgicItsState(text: string): VgicItsState {
  return finish(readVgicItsState(text));
}

/** {@link parseVgicItsState} in slices. */
export function* readVgicItsState(text: string): Work<VgicItsState> {
  const input = new TextLines(text);
  type Device = Omit<VgicItsDevice, "events"> & { readonly events: Map<number, VgicItsEvent> };
  const devices = new Map<number, Device>();
  let device: Device | undefined;
  for (const [number, line] of input.lines()) {
    if (number % LINES_A_STEP === 0) yield;
    const begins = deviceLine.exec(line);
    if (begins !== null) {
      const deviceId = Number(begins[1]);
      const eventBits = Math.log2(Number(begins[2]) + 1);
      device = undefined;
      if (!Number.isInteger(eventBits) || eventBits < 1 || eventBits > ID_BITS) {
        input.problem(number, `the event range to ${begins[2]} is no 2^n - 1 of 1 to ${ID_BITS} bits`);
      } else if (deviceId >= 2 ** ID_BITS) {
        input.problem(number, `DeviceID 0x${deviceId.toString(16)} has more than ${ID_BITS} bits`);
      } else if (devices.has(deviceId)) input.problem(number, `DeviceID 0x${deviceId.toString(16)} is there twice`);
      else {
        device = { textLine: number, deviceId, eventBits, events: new Map() };
        devices.set(deviceId, device);
      }
      continue;
    }
    if (furniture.test(line)) continue;
    const found = eventLine.exec(line);
    if (found === null) {
      input.strange(number, line, "line of vgic-its-state");
      continue;
    }
    const [eventId, intid, , target, icid, hardware] = found.slice(1).map(Number);
    if (device === undefined) input.problem(number, "an event stands outside a device");
    else if (eventId >= 2 ** device.eventBits) {
      input.problem(number, `EventID ${eventId} is beyond the ${device.eventBits} EventID bits of the device`);
    } else if (device.events.has(eventId)) input.problem(number, `EventID ${eventId} is there twice`);
    else if (intid < 8192) input.problem(number, `INTID ${intid} is no LPI`);
    else {
      const pe = target === NOT_MAPPED ? undefined : target;
      device.events.set(eventId, { textLine: number, eventId, intid, target: pe, icid, hardware: hardware === 1 });
    }
  }
  const list = Array.from(devices.values(), ({ events, ...rest }) => ({ ...rest, events: [...events.values()] }));
  return { devices: list, problems: input.problems };
}
