import { FIRST_LPI } from "../../architecture/index.ts";
import { DONE, ignored, type Outcome, stalled } from "../outcome.ts";
import type { ArchItsState } from "./its-state.ts";
import { errorCode } from "./packet.ts";
import { Found, newDevice, newEvent, newVpe } from "./table-home.ts";

/** Error codes of a command that names an event. */
export interface EventCodes {
  readonly deviceRange: number;
  readonly device: number;
  readonly eventRange: number;
  readonly event: number;
  /** The event is mapped to something that is not usable. */
  readonly target: number;
}

/** @param target suffix of the code for an unusable target: ITE_INVALID where the command has it */
export function eventCodes(command: string, target: string, event = "UNMAPPED_INTERRUPT"): EventCodes {
  return {
    deviceRange: errorCode(command, "DEVICE_OOR"),
    device: errorCode(command, "UNMAPPED_DEVICE"),
    eventRange: errorCode(command, "ID_OOR"),
    event: errorCode(command, event),
    target: errorCode(command, target),
  };
}

/**
 * The lookups that commands and translations share, each with the checks of its step. What they find is in the public fields until the
 * next lookup of its kind.
 */
export class EventLookup {
  readonly device = newDevice();
  readonly event = newEvent();
  readonly vpe = newVpe();
  /** PE of the collection found last. */
  target = 0;
  private readonly its: ArchItsState;
  private readonly collection = { target: 0 };
  private readonly stalls: boolean;

  constructor(its: ArchItsState) {
    this.its = its;
    this.stalls = its.shared.decisions.commandError === "stall";
  }

  /** A command error. */
  fail(code: number): Outcome {
    return this.stalls ? stalled(code) : ignored(code);
  }

  /** A table that is in no memory stops the queue, whatever command errors do. */
  fault(): Outcome {
    return stalled(0);
  }

  /** Whether an INTID is an LPI that this ITS and its tables have room for. */
  isLpi(intid: number): boolean {
    return (
      intid >= FIRST_LPI && intid < 2 ** this.its.shared.features.intidBits && intid < this.its.tables.capacity.intids
    );
  }

  /** Checks: DeviceID in range; DTE readable; DTE valid. */
  findDevice(codes: EventCodes, deviceId: number): Outcome {
    const found = this.its.tables.readDevice(deviceId, this.device);
    if (found === Found.mapped) return DONE;
    if (found === Found.fault) return this.fault();
    return this.fail(found === Found.outOfRange ? codes.deviceRange : codes.device);
  }

  /** {@link findDevice}, then: EventID within the device's Size. */
  findPlace(codes: EventCodes, deviceId: number, eventId: number): Outcome {
    const outcome = this.findDevice(codes, deviceId);
    if (outcome !== DONE) return outcome;
    return eventId < 2 ** this.device.eventBits ? DONE : this.fail(codes.eventRange);
  }

  /** {@link findPlace}, then: ITE readable; ITE valid. */
  findEvent(codes: EventCodes, deviceId: number, eventId: number): Outcome {
    const outcome = this.findPlace(codes, deviceId, eventId);
    if (outcome !== DONE) return outcome;
    const found = this.its.tables.readEvent(this.device, eventId, this.event);
    if (found === Found.fault) return this.fault();
    return found === Found.mapped ? DONE : this.fail(codes.event);
  }

  /** CTE of a collection: in range, readable, valid, its PE exists. @param unmapped code for the latter two */
  findCollection(icid: number, outOfRange: number, unmapped: number): Outcome {
    const found = this.its.tables.readCollection(icid, this.collection);
    if (found === Found.fault) return this.fault();
    if (found === Found.outOfRange) return this.fail(outOfRange);
    this.target = this.collection.target;
    return found === Found.mapped && this.target < this.its.cpus ? DONE : this.fail(unmapped);
  }

  /** Whether the ITS has this vPE mapped: its VTE is valid and, where ITSs share a table, this ITS's VMAPP was among them. */
  readVpe(vpeId: number): Found {
    const { its, vpe } = this;
    const { virtual, features } = its.shared;
    const found = its.tables.readVpe(vpeId, vpe);
    if (found !== Found.mapped || virtual === undefined) return found;
    if (vpe.target >= its.cpus) return Found.unmapped;
    if (!features.virtual41) return found;
    return (virtual.vpes.mappedOn(vpeId) >>> its.number) & 1 ? found : Found.unmapped;
  }

  /** {@link readVpe} with a code for each way to fail. */
  findVpe(vpeId: number, outOfRange: number, unmapped: number): Outcome {
    const found = this.readVpe(vpeId);
    if (found === Found.mapped) return DONE;
    if (found === Found.fault) return this.fault();
    return this.fail(found === Found.outOfRange ? outOfRange : unmapped);
  }

  /** Whether a vINTID is a vLPI of the vPE found last. */
  isVirtualLpi(vintid: number): boolean {
    return this.isLpi(vintid) && vintid < 2 ** this.vpe.intidBits;
  }

  /**
   * What the event found last is mapped to, and whether its INTID can be delivered there: {@link target} of a physical event,
   * {@link vpe} of a virtual one. Any failure is one code: the mapping is not usable.
   */
  resolve(codes: EventCodes): Outcome {
    const { event } = this;
    if (!this.isLpi(event.intid)) return this.fail(codes.target);
    if (!event.virtual) return this.findCollection(event.icid, codes.target, codes.target);
    if (!this.its.shared.features.virtual) return this.fail(codes.target);
    const outcome = this.findVpe(event.vpeId, codes.target, codes.target);
    if (outcome !== DONE) return outcome;
    return this.isVirtualLpi(event.intid) ? DONE : this.fail(codes.target);
  }
}
