import { NO_DOORBELL } from "../../architecture/index.ts";
import { DONE, type Outcome } from "../outcome.ts";
import { type EventCodes, type EventLookup, eventCodes } from "./event-lookup.ts";
import { MAX_SIZE } from "./features.ts";
import type { ArchItsState } from "./its-state.ts";
import { errorCode, packetField } from "./packet.ts";
import { Found, newDevice, newEvent } from "./table-home.ts";

const DEVICE_ID = packetField("MAPTI", "DeviceID");
const EVENT_ID = packetField("MAPTI", "EventID");
const INTID = packetField("MAPTI", "pINTID");
const ICID = packetField("MAPTI", "ICID");
const VALID = packetField("MAPC", "V");
const RDBASE = packetField("MAPC", "RDbase");
const SIZE = packetField("MAPD", "Size");
const ITT = packetField("MAPD", "ITT_addr");
const RDBASE1 = packetField("MOVALL", "RDbase1");
const RDBASE2 = packetField("MOVALL", "RDbase2");

const INT = eventCodes("INT", "ITE_INVALID");
const CLEAR = eventCodes("CLEAR", "ITE_INVALID");
const DISCARD = eventCodes("DISCARD", "ITE_INVALID");
const INV = eventCodes("INV", "ITE_INVALID");
const MOVI = eventCodes("MOVI", "UNMAPPED_COLLECTION");
/** These look for no event. */
const MAPTI = eventCodes("MAPTI", "COLLECTION_OOR", "ID_OOR");
const MAPI = eventCodes("MAPI", "COLLECTION_OOR", "ID_OOR");
const MAPTI_INTID = errorCode("MAPTI", "PHYSICALID_OOR");
const MAPI_INTID = errorCode("MAPI", "PHYSICALID_OOR");
const MOVI_COLLECTION_OOR = errorCode("MOVI", "COLLECTION_OOR");
const MAPD_DEVICE_OOR = errorCode("MAPD", "DEVICE_OOR");
const MAPD_ITTSIZE_OOR = errorCode("MAPD", "ITTSIZE_OOR");
const MAPC_PROCNUM_OOR = errorCode("MAPC", "PROCNUM_OOR");
const MAPC_COLLECTION_OOR = errorCode("MAPC", "COLLECTION_OOR");
const INVALL_COLLECTION_OOR = errorCode("INVALL", "COLLECTION_OOR");
const INVALL_UNMAPPED_COLLECTION = errorCode("INVALL", "UNMAPPED_COLLECTION");
const MOVALL_PROCNUM_OOR = errorCode("MOVALL", "PROCNUM_OOR");

/**
 * The GICv3 commands. Checks come in one order for all of them, and the first that fails names the error:
 *
 * 1. ids against what the registers allow, in the order DeviceID, DTE, EventID, INTID, ICID, RDbase, Size;
 * 2. the ITE: readable, valid, of the right type;
 * 3. what the ITE points at: present collection or vPE, then the new one.
 *
 * A failed command changes nothing. Each method takes the packet in `words[0..7]`.
 */
export class PhysicalCommands {
  private readonly its: ArchItsState;
  private readonly lookup: EventLookup;
  private readonly entry = newEvent();
  private readonly newDevice = newDevice();

  constructor(its: ArchItsState, lookup: EventLookup) {
    this.its = its;
    this.lookup = lookup;
  }

  private remark(rule: Parameters<ArchItsState["shared"]["remarks"]["ofIts"]>[1]): void {
    this.its.shared.remarks.ofIts(this.its.number, rule);
  }

  mapd(words: Uint32Array): Outcome {
    const { its, lookup, newDevice: entry } = this;
    const deviceId = DEVICE_ID.raw(words);
    const valid = VALID.raw(words) === 1;
    const before = its.tables.readDevice(deviceId, lookup.device);
    if (before === Found.fault) return lookup.fault();
    if (before === Found.outOfRange) return lookup.fail(MAPD_DEVICE_OOR);
    const size = SIZE.raw(words);
    if (valid && size > MAX_SIZE) return lookup.fail(MAPD_ITTSIZE_OOR);
    const { ittAddress: oldStart, eventBits: oldBits } = lookup.device;
    entry.ittAddress = ITT.meaning(words);
    entry.eventBits = size + 1;
    const bytes = 2 ** entry.eventBits * its.tables.capacity.eventBytes;
    const listening = its.shared.remarks.listener !== undefined;
    const overlaps = valid && listening && its.ranges.overlaps(deviceId, entry.ittAddress, bytes);
    const written = its.tables.writeDevice(deviceId, valid ? entry : undefined);
    if (written !== Found.mapped) return written === Found.fault ? lookup.fault() : lookup.fail(MAPD_DEVICE_OOR);
    if (before === Found.mapped && valid) this.remark("remap-device");
    if (!valid && its.ledger.deviceHasEvents(deviceId)) this.remark("unmap-device-with-events");
    if (overlaps) this.remark("overlapping-itts");
    if (valid) its.ledger.mapDevice(deviceId, entry.eventBits);
    else its.ledger.unmapDevice(deviceId);
    if (!listening) its.ranges.forget();
    const stays = valid && before === Found.mapped && oldStart === entry.ittAddress && oldBits === entry.eventBits;
    if (stays) return DONE;
    if (before === Found.mapped) its.ranges.remove(deviceId, oldStart);
    if (valid) its.ranges.add(deviceId, entry.ittAddress, bytes);
    return DONE;
  }

  mapc(words: Uint32Array): Outcome {
    const { its, lookup } = this;
    const icid = ICID.raw(words);
    const valid = VALID.raw(words) === 1;
    const target = RDBASE.raw(words);
    const before = { target: 0 };
    const found = its.tables.readCollection(icid, before);
    if (found === Found.fault) return lookup.fault();
    if (found === Found.outOfRange) return lookup.fail(MAPC_COLLECTION_OOR);
    if (valid && target >= its.cpus) return lookup.fail(MAPC_PROCNUM_OOR);
    const written = its.tables.writeCollection(icid, valid ? { target } : undefined);
    if (written !== Found.mapped) return written === Found.fault ? lookup.fault() : lookup.fail(MAPC_COLLECTION_OOR);
    if (its.ledger.collectionHasEvents(icid)) {
      if (!valid) this.remark("unmap-collection-with-events");
      else if (found === Found.mapped && before.target !== target) this.remark("remap-collection-with-events");
    }
    return DONE;
  }

  mapti(words: Uint32Array): Outcome {
    return this.mapEvent(words, MAPTI, INTID.raw(words), MAPTI_INTID);
  }

  mapi(words: Uint32Array): Outcome {
    return this.mapEvent(words, MAPI, EVENT_ID.raw(words), MAPI_INTID);
  }

  private mapEvent(words: Uint32Array, codes: EventCodes, intid: number, badIntid: number): Outcome {
    const { its, lookup, entry } = this;
    const deviceId = DEVICE_ID.raw(words);
    const eventId = EVENT_ID.raw(words);
    const outcome = lookup.findPlace(codes, deviceId, eventId);
    if (outcome !== DONE) return outcome;
    if (!lookup.isLpi(intid)) return lookup.fail(badIntid);
    const icid = ICID.raw(words);
    if (icid >= its.tables.collections.entries) return lookup.fail(codes.target);
    entry.virtual = false;
    entry.intid = intid;
    entry.icid = icid;
    entry.vpeId = 0;
    entry.doorbell = NO_DOORBELL;
    return this.writeEvent(deviceId, eventId);
  }

  /** Maps the event that {@link entry} describes; also of VMAPTI and VMAPI, with their own entry. */
  writeEvent(deviceId: number, eventId: number, entry = this.entry): Outcome {
    const { its, lookup } = this;
    const before = its.tables.readEvent(lookup.device, eventId, lookup.event);
    if (before === Found.fault) return lookup.fault();
    if (before === Found.mapped) {
      this.remark("remap-event");
      if (its.shared.decisions.liveEventRemap === "keep") return DONE;
    }
    if (its.tables.writeEvent(lookup.device, eventId, entry) !== Found.mapped) return lookup.fault();
    its.ledger.mapEvent(deviceId, eventId, entry.virtual, entry.virtual ? entry.vpeId : entry.icid);
    return DONE;
  }

  movi(words: Uint32Array): Outcome {
    const { its, lookup, entry } = this;
    const deviceId = DEVICE_ID.raw(words);
    const eventId = EVENT_ID.raw(words);
    const icid = ICID.raw(words);
    const place = lookup.findPlace(MOVI, deviceId, eventId);
    if (place !== DONE) return place;
    if (icid >= its.tables.collections.entries) return lookup.fail(MOVI_COLLECTION_OOR);
    const found = its.tables.readEvent(lookup.device, eventId, lookup.event);
    if (found === Found.fault) return lookup.fault();
    // No code says "the event is virtual" for MOVI: it has no physical mapping.
    if (found !== Found.mapped || lookup.event.virtual) return lookup.fail(MOVI.event);
    const present = lookup.findCollection(lookup.event.icid, MOVI.target, MOVI.target);
    if (present !== DONE) return present;
    const from = lookup.target;
    const next = lookup.findCollection(icid, MOVI_COLLECTION_OOR, MOVI.target);
    if (next !== DONE) return next;
    Object.assign(entry, lookup.event);
    entry.icid = icid;
    if (its.tables.writeEvent(lookup.device, eventId, entry) !== Found.mapped) return lookup.fault();
    its.ledger.mapEvent(deviceId, eventId, false, icid);
    this.movePending(from, lookup.target, entry.intid);
    return DONE;
  }

  private movePending(from: number, to: number, intid: number): void {
    const { redistributors, delivery } = this.its.shared;
    const source = redistributors[from];
    const target = redistributors[to];
    if (from !== to && intid < source.lpiLimit && intid < target.lpiLimit) delivery.move(source, target, intid);
  }

  int(words: Uint32Array): Outcome {
    return this.trigger(INT, words, true);
  }

  clear(words: Uint32Array): Outcome {
    return this.trigger(CLEAR, words, false);
  }

  private trigger(codes: EventCodes, words: Uint32Array, level: boolean): Outcome {
    const { lookup } = this;
    const outcome = lookup.findEvent(codes, DEVICE_ID.raw(words), EVENT_ID.raw(words));
    return outcome === DONE ? this.signal(codes, level) : outcome;
  }

  /** Makes the interrupt of the event found last pending or not. */
  private signal(codes: EventCodes, level: boolean): Outcome {
    const { lookup } = this;
    const outcome = lookup.resolve(codes);
    if (outcome !== DONE) return outcome;
    const { event } = lookup;
    const { redistributors, delivery, virtual } = this.its.shared;
    if (event.virtual) virtual?.signal(event.vpeId, lookup.vpe, event.intid, level, event.doorbell);
    else delivery.process(redistributors[lookup.target], event.intid, level ? 1 : 0);
    return DONE;
  }

  /** A translation request: an EventID written to GITS_TRANSLATER, with the codes of INT. */
  translate(deviceId: number, eventId: number): Outcome {
    const outcome = this.lookup.findEvent(INT, deviceId, eventId);
    return outcome === DONE ? this.signal(INT, true) : outcome;
  }

  discard(words: Uint32Array): Outcome {
    const { its, lookup } = this;
    const deviceId = DEVICE_ID.raw(words);
    const eventId = EVENT_ID.raw(words);
    const found = lookup.findEvent(DISCARD, deviceId, eventId);
    if (found !== DONE) return found;
    const outcome = this.signal(DISCARD, false);
    if (outcome !== DONE) return outcome;
    if (its.tables.writeEvent(lookup.device, eventId, undefined) !== Found.mapped) return lookup.fault();
    its.ledger.unmapEvent(deviceId, eventId);
    return DONE;
  }

  inv(words: Uint32Array): Outcome {
    const { its, lookup } = this;
    const found = lookup.findEvent(INV, DEVICE_ID.raw(words), EVENT_ID.raw(words));
    if (found !== DONE) return found;
    const outcome = lookup.resolve(INV);
    if (outcome !== DONE) return outcome;
    const { event } = lookup;
    if (event.virtual) its.shared.virtual?.invalidate(event.vpeId, lookup.vpe, event.intid);
    else its.shared.delivery.update(its.shared.redistributors[lookup.target]);
    return DONE;
  }

  invall(words: Uint32Array): Outcome {
    const { its, lookup } = this;
    const outcome = lookup.findCollection(ICID.raw(words), INVALL_COLLECTION_OOR, INVALL_UNMAPPED_COLLECTION);
    if (outcome !== DONE) return outcome;
    its.shared.delivery.update(its.shared.redistributors[lookup.target]);
    return DONE;
  }

  movall(words: Uint32Array): Outcome {
    const { its, lookup } = this;
    const { redistributors, delivery } = its.shared;
    const from = RDBASE1.raw(words);
    const to = RDBASE2.raw(words);
    if (from >= its.cpus || to >= its.cpus) return lookup.fail(MOVALL_PROCNUM_OOR);
    if (from !== to) delivery.moveAll(redistributors[from], redistributors[to]);
    return DONE;
  }

  /** Every effect is visible when its command is done, so that there is nothing to wait for. */
  sync(words: Uint32Array): Outcome {
    if (RDBASE.raw(words) >= this.its.cpus) this.remark("sync-without-target");
    return DONE;
  }
}
