import { FIRST_LPI, NO_DOORBELL } from "../../architecture/index.ts";
import { DONE, type Outcome } from "../outcome.ts";
import type { RemarkName } from "../remarks.ts";
import { type EventCodes, type EventLookup, eventCodes } from "./event-lookup.ts";
import { MAX_SIZE } from "./features.ts";
import type { ArchItsState } from "./its-state.ts";
import { errorCode, packetField } from "./packet.ts";
import { anyPending } from "./pending-bits.ts";
import type { PhysicalCommands } from "./physical-commands.ts";
import { Found, newEvent, newVpe } from "./table-home.ts";
import type { VirtualDelivery } from "./virtual-delivery.ts";
import { type VmovpExchange, VmovpStep } from "./vmovp-exchange.ts";
import { Sgi } from "./vpe-store.ts";

const DEVICE_ID = packetField("VMAPTI", "DeviceID");
const EVENT_ID = packetField("VMAPTI", "EventID");
const VPE = packetField("VMAPTI", "vPEID");
const VINTID = packetField("VMAPTI", "vINTID");
const DOORBELL = packetField("VMAPTI", "Dbell_pINTID");
const D = packetField("VMOVI", "D");
const VALID = packetField("VMAPP", "V");
const RDBASE = packetField("VMAPP", "RDbase");
const VPT = packetField("VMAPP", "VPT_addr");
const VPT_SIZE = packetField("VMAPP", "VPT_size");
const VCONF = packetField("VMAPP", "VCONF_addr");
const ALLOC = packetField("VMAPP", "Alloc");
const PTZ = packetField("VMAPP", "PTZ");
const DEFAULT_DOORBELL = packetField("VMAPP", "Default_Doorbell_pINTID");
const DB = packetField("VMOVP", "DB");
const MOVED_DOORBELL = packetField("VMOVP", "Default_Doorbell_pINTID");
const SEQUENCE = packetField("VMOVP", "Sequence_Number");
const ITS_LIST = packetField("VMOVP", "ITSList");
const SGI = packetField("VSGI", "vINTID");
const SGI_ENABLE = packetField("VSGI", "Enable");
const SGI_CLEAR = packetField("VSGI", "Clear");
const SGI_GROUP = packetField("VSGI", "Group");
const SGI_PRIORITY = packetField("VSGI", "Priority");

/** These look for no event, and a vPE that is not mapped is their unusable target. */
const VMAPTI = eventCodes("VMAPTI", "VCPU_INVALID", "ID_OOR");
const VMAPI = eventCodes("VMAPI", "VCPU_INVALID", "ID_OOR");
const VMOVI = eventCodes("VMOVI", "ITEVCPU_INVALID");
const VMOVI_DOORBELL = errorCode("VMOVI", "PHYSICALID_OOR");
const VMOVI_PHYSICAL = errorCode("VMOVI", "ID_IS_PHYSICAL");
const VMOVI_NEW_VPE = errorCode("VMOVI", "CMDVCPU_INVALID");
const VMAPP_VCPU_OOR = errorCode("VMAPP", "VCPU_OOR");
const VMAPP_PROCNUM_OOR = errorCode("VMAPP", "PROCNUM_OOR");
const VMOVP_PROCNUM_OOR = errorCode("VMOVP", "PROCNUM_OOR");

/** Codes of a command that names a vPE. */
const vpeCodes = (command: string) => ({
  range: errorCode(command, "VCPU_OOR"),
  unmapped: errorCode(command, "VCPU_INVALID"),
});
const VMAPTI_VPE = vpeCodes("VMAPTI");
const VMAPI_VPE = vpeCodes("VMAPI");
const VMOVP = vpeCodes("VMOVP");
const VSGI = vpeCodes("VSGI");
const VSYNC = vpeCodes("VSYNC");
const VINVALL = vpeCodes("VINVALL");
const INVDB = vpeCodes("INVDB");
const VMAPTI_DOORBELL = errorCode("VMAPTI", "PHYSICALID_OOR");
const VMAPI_DOORBELL = errorCode("VMAPI", "PHYSICALID_OOR");
const VMAPTI_VINTID = errorCode("VMAPTI", "VIRTUALID_OOR");

/**
 * The GICv4.0 and GICv4.1 commands; checks in the order of {@link PhysicalCommands}, with the doorbell as the INTID and the vPE as the
 * collection.
 *
 * Readings chosen where no public source says: VMAPTI and VMAPI of a vPE that is not mapped are errors (QEMU accepts them, and MAPTI to
 * a collection that is not mapped is legal), because the vINTID can't be checked against its VPT_size; VMOVI of a vINTID that the new vPE
 * has no room for names the new vPE as the fault; a default doorbell that is no LPI means none.
 */
export class VirtualCommands {
  private readonly its: ArchItsState;
  private readonly lookup: EventLookup;
  private readonly physical: PhysicalCommands;
  private readonly delivery: VirtualDelivery;
  private readonly vmovps: VmovpExchange;
  private readonly entry = newEvent();
  private readonly before = newVpe();

  constructor(
    its: ArchItsState,
    lookup: EventLookup,
    parts: { physical: PhysicalCommands; delivery: VirtualDelivery; vmovps: VmovpExchange },
  ) {
    this.its = its;
    this.lookup = lookup;
    this.physical = parts.physical;
    this.delivery = parts.delivery;
    this.vmovps = parts.vmovps;
  }

  private remark(rule: RemarkName): void {
    this.its.shared.remarks.ofIts(this.its.number, rule);
  }

  private isDoorbell(intid: number): boolean {
    return intid === NO_DOORBELL || this.lookup.isLpi(intid);
  }

  vmapp(words: Uint32Array): Outcome {
    const { its, lookup, before } = this;
    const vpeId = VPE.raw(words);
    const valid = VALID.raw(words) === 1;
    const found = its.tables.readVpe(vpeId, before);
    if (found === Found.fault) return lookup.fault();
    if (found === Found.outOfRange) return lookup.fail(VMAPP_VCPU_OOR);
    const target = RDBASE.raw(words);
    if (valid && (VPT_SIZE.raw(words) > MAX_SIZE || target >= its.cpus)) return lookup.fail(VMAPP_PROCNUM_OOR);
    const { vpes } = this.delivery;
    const own = 1 << its.number;
    const mapped = vpes.mappedOn(vpeId);
    const others = mapped & ~own;
    // The other ITSs of a GICv4.1 system use the same table: the entry goes with the last mapping.
    const keeps = !valid && its.shared.features.virtual41 && others !== 0;
    const entry = { target, pendingTable: VPT.meaning(words), intidBits: VPT_SIZE.meaning(words) };
    const written = keeps ? Found.mapped : its.tables.writeVpe(vpeId, valid ? entry : undefined);
    if (written !== Found.mapped) return written === Found.fault ? lookup.fault() : lookup.fail(VMAPP_VCPU_OOR);
    if (valid && found === Found.mapped && (mapped & own) !== 0) this.remark("remap-vpe");
    if (!valid && its.ledger.vpeHasEvents(vpeId)) this.remark("unmap-vpe-with-events");
    vpes.setMappedOn(vpeId, valid ? mapped | own : others);
    if (its.shared.features.virtual41) this.allocate(words, vpeId, valid, mapped);
    return DONE;
  }

  /** The GICv4.1 half of VMAPP. @param mapped ITSs that mapped the vPE before */
  private allocate(words: Uint32Array, vpeId: number, valid: boolean, mapped: number): void {
    const { vpes } = this.delivery;
    const first = valid && mapped === 0;
    const last = !valid && (mapped & ~(1 << this.its.number)) === 0;
    if ((ALLOC.raw(words) === 1) !== (first || last)) this.remark("vmapp-alloc");
    if (first || last) vpes.reset(vpeId, NO_DOORBELL);
    if (!valid) return;
    vpes.setConfigTable(vpeId, VCONF.meaning(words));
    vpes.setDoorbell(vpeId, this.doorbellOf(DEFAULT_DOORBELL.raw(words)));
    const { listener } = this.its.shared.remarks;
    if (first && PTZ.raw(words) === 1 && listener !== undefined) {
      if (anyPending(this.its.shared.memory, VPT.meaning(words), 2 ** VPT_SIZE.meaning(words)))
        this.remark("vmapp-ptz");
    }
  }

  private doorbellOf(intid: number): number {
    return this.lookup.isLpi(intid) ? intid : NO_DOORBELL;
  }

  vmapti(words: Uint32Array): Outcome {
    return this.mapEvent(words, VMAPTI, VMAPTI_VPE.range, VMAPTI_DOORBELL, VINTID.raw(words), VMAPTI_VINTID);
  }

  /** The vINTID is the EventID, so that an EventID out of range is the error. */
  vmapi(words: Uint32Array): Outcome {
    return this.mapEvent(words, VMAPI, VMAPI_VPE.range, VMAPI_DOORBELL, EVENT_ID.raw(words), VMAPI.eventRange);
  }

  private mapEvent(
    words: Uint32Array,
    codes: EventCodes,
    vpeRange: number,
    badDoorbell: number,
    vintid: number,
    badVintid: number,
  ): Outcome {
    const { lookup, entry } = this;
    const deviceId = DEVICE_ID.raw(words);
    const eventId = EVENT_ID.raw(words);
    const outcome = lookup.findPlace(codes, deviceId, eventId);
    if (outcome !== DONE) return outcome;
    const doorbell = DOORBELL.raw(words);
    if (!this.isDoorbell(doorbell)) return lookup.fail(badDoorbell);
    if (vintid < FIRST_LPI) return lookup.fail(badVintid);
    const vpeId = VPE.raw(words);
    const mapped = lookup.findVpe(vpeId, vpeRange, codes.target);
    if (mapped !== DONE) return mapped;
    if (!lookup.isVirtualLpi(vintid)) return lookup.fail(badVintid);
    entry.virtual = true;
    entry.intid = vintid;
    entry.icid = 0;
    entry.vpeId = vpeId;
    entry.doorbell = doorbell;
    return this.physical.writeEvent(deviceId, eventId, entry);
  }

  vmovi(words: Uint32Array): Outcome {
    const { its, lookup, entry, before } = this;
    const deviceId = DEVICE_ID.raw(words);
    const eventId = EVENT_ID.raw(words);
    const place = lookup.findPlace(VMOVI, deviceId, eventId);
    if (place !== DONE) return place;
    const replaces = D.raw(words) === 1;
    if (replaces && !this.isDoorbell(DOORBELL.raw(words))) return lookup.fail(VMOVI_DOORBELL);
    const found = lookup.findEvent(VMOVI, deviceId, eventId);
    if (found !== DONE) return found;
    Object.assign(entry, lookup.event);
    if (!entry.virtual) return lookup.fail(VMOVI_PHYSICAL);
    const present = lookup.findVpe(entry.vpeId, VMOVI.target, VMOVI.target);
    if (present !== DONE) return present;
    Object.assign(before, lookup.vpe);
    const from = entry.vpeId;
    entry.vpeId = VPE.raw(words);
    const next = lookup.findVpe(entry.vpeId, VMOVI_NEW_VPE, VMOVI_NEW_VPE);
    if (next !== DONE) return next;
    if (!lookup.isVirtualLpi(entry.intid)) return lookup.fail(VMOVI_NEW_VPE);
    if (replaces) entry.doorbell = DOORBELL.raw(words);
    if (its.tables.writeEvent(lookup.device, eventId, entry) !== Found.mapped) return lookup.fault();
    its.ledger.mapEvent(deviceId, eventId, true, entry.vpeId);
    this.delivery.move(from, before, entry.vpeId, lookup.vpe, entry.intid, entry.doorbell);
    return DONE;
  }

  vmovp(words: Uint32Array): Outcome {
    const { its, lookup } = this;
    const vpeId = VPE.raw(words);
    const target = RDBASE.raw(words);
    const range = its.tables.vpes.entries;
    if (vpeId >= range) return lookup.fail(VMOVP.range);
    if (target >= its.cpus) return lookup.fail(VMOVP_PROCNUM_OOR);
    const outcome = lookup.findVpe(vpeId, VMOVP.range, VMOVP.unmapped);
    if (outcome !== DONE) return outcome;
    if (!this.takeTurn(words, vpeId, target)) return DONE;
    if (this.delivery.isResident(vpeId, lookup.vpe) && lookup.vpe.target !== target) this.remark("vmovp-resident");
    return this.moveEverywhere(words, vpeId, target);
  }

  /** Whether the move takes effect with this command. */
  private takeTurn(words: Uint32Array, vpeId: number, target: number): boolean {
    const { its } = this;
    if (its.shared.features.singleVmovp) return true;
    const own = 1 << its.number;
    const named = ITS_LIST.raw(words);
    const list = (named & (2 ** its.all.length - 1)) | own;
    const step = this.vmovps.take(its.number, SEQUENCE.raw(words), vpeId, target, list);
    if (list !== named || (step & VmovpStep.mismatch) !== 0) this.remark("vmovp-sequence");
    return (step & VmovpStep.complete) !== 0;
  }

  /** The vPE's mapping changes on every ITS that has it. */
  private moveEverywhere(words: Uint32Array, vpeId: number, target: number): Outcome {
    const { its, lookup, before } = this;
    const from = lookup.vpe.target;
    for (const other of its.all) {
      const mappedThere = (this.delivery.vpes.mappedOn(vpeId) >>> other.number) & 1 || other === its;
      if (!mappedThere || other.tables.readVpe(vpeId, before) !== Found.mapped) continue;
      before.target = target;
      if (other.tables.writeVpe(vpeId, before) !== Found.mapped) return lookup.fault();
    }
    if (its.shared.features.virtual41) {
      this.delivery.moveDoorbell(vpeId, from, target);
      if (DB.raw(words) === 1) {
        this.delivery.vpes.setDoorbell(vpeId, this.doorbellOf(MOVED_DOORBELL.raw(words)));
      }
    }
    return DONE;
  }

  vinvall(words: Uint32Array): Outcome {
    const vpeId = VPE.raw(words);
    const outcome = this.lookup.findVpe(vpeId, VINVALL.range, VINVALL.unmapped);
    if (outcome === DONE) this.delivery.invalidate(vpeId, this.lookup.vpe);
    return outcome;
  }

  vsync(words: Uint32Array): Outcome {
    const vpeId = VPE.raw(words);
    const outcome = this.lookup.findVpe(vpeId, VSYNC.range, VSYNC.unmapped);
    if (outcome === DONE && this.vmovps.isOpen(vpeId)) this.remark("vmovp-incomplete");
    return outcome;
  }

  vsgi(words: Uint32Array): Outcome {
    const { lookup } = this;
    const { vpes } = this.delivery;
    const vpeId = VPE.raw(words);
    const outcome = lookup.findVpe(vpeId, VSGI.range, VSGI.unmapped);
    if (outcome !== DONE) return outcome;
    const vintid = SGI.raw(words);
    if (SGI_CLEAR.raw(words) === 1) vpes.setSgiPending(vpeId, vintid, false);
    else {
      const bits = (SGI_ENABLE.raw(words) ? Sgi.enable : 0) | (SGI_GROUP.raw(words) ? Sgi.group : 0);
      this.delivery.configureSgi(vpeId, lookup.vpe, vintid, bits | SGI_PRIORITY.meaning(words));
    }
    return DONE;
  }

  /** The vPE's default doorbell is a physical LPI of the PE that it is mapped to. */
  invdb(words: Uint32Array): Outcome {
    const { lookup, its } = this;
    const outcome = lookup.findVpe(VPE.raw(words), INVDB.range, INVDB.unmapped);
    if (outcome === DONE) its.shared.delivery.update(its.shared.redistributors[lookup.vpe.target]);
    return outcome;
  }
}
