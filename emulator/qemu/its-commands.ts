import { errorCodeOf, NO_DOORBELL, opcodeOf } from "../../architecture/index.ts";
import { DONE, ignored, type Outcome, silentlyIgnored, stalled, swallowed } from "../outcome.ts";
import { classOf, Kind } from "./its-errors.ts";
import { isLpi } from "./its-intids.ts";
import { FOUND, type Found, type ItsLookup, NO_PE, UNREADABLE } from "./its-lookup.ts";
import { MAX_SIZE, type QemuItsState } from "./its-state.ts";
import type { VirtualCommands } from "./its-virtual-commands.ts";
import { failed } from "./lookup-failure.ts";
import {
  CTE_TARGET_MASK,
  cteLow,
  dteHigh,
  dteLow,
  ITE_PHYSICAL,
  iteDoorbellOf,
  iteHigh,
  iteIcidOf,
  iteIntidOf,
  iteLow,
  iteTop,
  iteVpeOf,
} from "./table-layout.ts";

const VALID = 0x8000_0000;

const MOVI = opcodeOf("MOVI");
const INT = opcodeOf("INT");
const CLEAR = opcodeOf("CLEAR");
const SYNC = opcodeOf("SYNC");
const MAPD = opcodeOf("MAPD");
const MAPC = opcodeOf("MAPC");
const MAPTI = opcodeOf("MAPTI");
const MAPI = opcodeOf("MAPI");
const INV = opcodeOf("INV");
const INVALL = opcodeOf("INVALL");
const MOVALL = opcodeOf("MOVALL");
const DISCARD = opcodeOf("DISCARD");

const MOVI_CLASS = classOf("MOVI", "UNMAPPED_INTERRUPT");
const INT_CLASS = classOf("INT", "UNMAPPED_INTERRUPT");
const CLEAR_CLASS = classOf("CLEAR", "UNMAPPED_INTERRUPT");
const DISCARD_CLASS = classOf("DISCARD", "UNMAPPED_INTERRUPT");
const INV_CLASS = classOf("INV", "UNMAPPED_INTERRUPT");
const MAPTI_CLASS = classOf("MAPTI", "UNMAPPED_DEVICE");
const MAPI_CLASS = classOf("MAPI", "UNMAPPED_DEVICE");
const MAPD_DEVICE_OOR = errorCodeOf("MAPD_DEVICE_OOR");
const MAPD_ITTSIZE_OOR = errorCodeOf("MAPD_ITTSIZE_OOR");
const MAPC_COLLECTION_OOR = errorCodeOf("MAPC_COLLECTION_OOR");
const MAPC_PROCNUM_OOR = errorCodeOf("MAPC_PROCNUM_OOR");
const MOVALL_PROCNUM_OOR = errorCodeOf("MOVALL_PROCNUM_OOR");

/** The commands of an ITS, with the checks that QEMU makes and in its order (arm_gicv3_its.c process_cmdq and process_*). */
export class QemuItsCommands {
  private readonly its: QemuItsState;
  private readonly lookup: ItsLookup;
  private readonly virtual: VirtualCommands;

  constructor(its: QemuItsState, lookup: ItsLookup, virtual: VirtualCommands) {
    this.its = its;
    this.lookup = lookup;
    this.virtual = virtual;
  }

  /** Runs the command at `words[at]`..`words[at + 7]`. */
  execute(words: Uint32Array, at: number): Outcome {
    const opcode = words[at] & 0xff;
    switch (opcode) {
      case INT:
        return this.trigger(INT_CLASS, words[at + 1], words[at + 2], 1, false);
      case MAPTI:
        return this.mapEvent(MAPTI_CLASS, words[at + 1], words[at + 2], words[at + 3], words[at + 4] & 0xffff);
      case MOVI:
        return this.moveEvent(words[at + 1], words[at + 2], words[at + 4] & 0xffff);
      case DISCARD:
        return this.trigger(DISCARD_CLASS, words[at + 1], words[at + 2], 0, true);
      case SYNC:
        return DONE;
      case MAPD:
        return this.mapDevice(words, at);
      case MAPC:
        return this.mapCollection(words, at);
      case MAPI:
        return this.mapEvent(MAPI_CLASS, words[at + 1], words[at + 2], words[at + 2], words[at + 4] & 0xffff);
      case CLEAR:
        return this.trigger(CLEAR_CLASS, words[at + 1], words[at + 2], 0, false);
      case INV:
        return this.invalidate(words[at + 1], words[at + 2]);
      case INVALL:
        // The ICID is not looked at: every redistributor looks at its tables again.
        for (const pe of this.its.redistributors) this.its.delivery.update(pe);
        return DONE;
      case MOVALL:
        return this.moveAll(words, at);
      default:
        return this.virtual.execute(opcode, words, at);
    }
  }

  /** A device's write to GITS_TRANSLATER. */
  signal(deviceId: number, eventId: number): Outcome {
    return this.trigger(INT_CLASS, deviceId, eventId, 1, false);
  }

  /** INT, CLEAR, DISCARD and MSIs (do_process_its_cmd). */
  private trigger(group: number, deviceId: number, eventId: number, level: number, discard: boolean): Outcome {
    const { lookup, its } = this;
    const found = lookup.event(deviceId, eventId);
    if (found !== FOUND) return failed(group, found);
    if ((lookup.iteLow & ITE_PHYSICAL) !== 0) {
      const target = lookup.collection(iteIcidOf(lookup.iteHigh));
      if (target !== FOUND) return this.undelivered(group, target);
      its.delivery.process(its.redistributors[lookup.target], iteIntidOf(lookup.iteLow), level);
    } else {
      const outcome = this.triggerVirtual(group, level);
      if (outcome !== DONE) return outcome;
    }
    return !discard || lookup.writeIte(0, 0, 0) ? DONE : stalled(0);
  }

  /** QEMU drops what the collection's or vPE's lookup came to, so that even an unreadable table does not stall. */
  private undelivered(group: number, found: Found): Outcome {
    if (found === UNREADABLE) {
      return this.its.decisions.collectionFaultOnTrigger === "swallow" ? swallowed(0) : stalled(0);
    }
    return failedEntry(group, found);
  }

  private triggerVirtual(group: number, level: number): Outcome {
    const { lookup, its } = this;
    if (!its.virtual) return ignored(group | Kind.ite);
    const found = lookup.vpe(iteVpeOf(lookup.iteHigh));
    if (found !== FOUND) return this.undelivered(group, found);
    const intid = iteIntidOf(lookup.iteLow);
    if (!isLpi(intid) || intid >= 2 ** (lookup.vpeSize + 1)) return ignored(group | Kind.ite);
    const doorbell = iteDoorbellOf(lookup.iteTop);
    its.delivery.processVirtual(its.redistributors[lookup.vpeTarget], intid, lookup.vpeTable, doorbell, level);
    return DONE;
  }

  /** MAPTI and MAPI. */
  private mapEvent(group: number, deviceId: number, eventId: number, intid: number, icid: number): Outcome {
    const { lookup, its } = this;
    const found = lookup.device(deviceId);
    if (found === UNREADABLE || found === Kind.device) return failed(group, found);
    if (icid >= its.collections.entries) return ignored(group | Kind.collection);
    if (found !== FOUND) return failed(group, found);
    if (!lookup.hasEvent(eventId)) return ignored(group | Kind.event);
    if (!isLpi(intid)) return ignored(group | Kind.intid);
    lookup.locate(eventId);
    // A physical event's ITE says that it has no doorbell.
    const written = lookup.writeIte(iteLow(ITE_PHYSICAL, intid), iteHigh(icid, 0), iteTop(NO_DOORBELL));
    return written ? DONE : stalled(0);
  }

  private moveEvent(deviceId: number, eventId: number, icid: number): Outcome {
    const { lookup, its } = this;
    const found = lookup.event(deviceId, eventId);
    if (found !== FOUND) return failed(MOVI_CLASS, found);
    const { iteLow: lo, iteHigh: hi, iteTop: top } = lookup;
    if ((lo & ITE_PHYSICAL) === 0) return ignored(MOVI_CLASS | Kind.unmappedEvent);
    const intid = iteIntidOf(lo);
    const before = lookup.collection(iteIcidOf(hi));
    if (before !== FOUND) return failedCollection(before);
    const from = lookup.target;
    const after = lookup.collection(icid);
    if (after !== FOUND) return failedCollection(after);
    const to = lookup.target;
    if (from !== to) its.delivery.move(its.redistributors[from], its.redistributors[to], intid);
    const written = lookup.writeIte(
      iteLow(lo & ITE_PHYSICAL, intid),
      iteHigh(icid, iteVpeOf(hi)),
      iteTop(iteDoorbellOf(top)),
    );
    return written ? DONE : stalled(0);
  }

  private mapDevice(words: Uint32Array, at: number): Outcome {
    const { its, lookup } = this;
    const deviceId = words[at + 1];
    const size = words[at + 2] & 0x1f;
    const valid = words[at + 5] >= VALID;
    if (deviceId >= its.devices.entries) return ignored(MAPD_DEVICE_OOR);
    if (size > MAX_SIZE && (valid || its.decisions.sizeCheckedOnUnmap)) return ignored(MAPD_ITTSIZE_OOR);
    let lo = 0;
    let hi = 0;
    if (valid) {
      const address = (words[at + 5] & 0xf_ffff) * 2 ** 24 + (words[at + 4] >>> 8);
      lo = dteLow(size, address);
      hi = dteHigh(address);
    }
    return lookup.writeEntry(its.devices, deviceId, lo, hi) ? DONE : stalled(0);
  }

  private mapCollection(words: Uint32Array, at: number): Outcome {
    const { its, lookup } = this;
    const icid = words[at + 4] & 0xffff;
    const valid = words[at + 5] >= VALID;
    const target = (words[at + 4] >>> 16) & CTE_TARGET_MASK;
    if (icid >= its.collections.entries) return ignored(MAPC_COLLECTION_OOR);
    if (valid && target >= its.cpus) return ignored(MAPC_PROCNUM_OOR);
    return lookup.writeEntry(its.collections, icid, valid ? cteLow(target) : 0, 0) ? DONE : stalled(0);
  }

  private invalidate(deviceId: number, eventId: number): Outcome {
    const { lookup, its } = this;
    const found = lookup.event(deviceId, eventId);
    if (found !== FOUND) return failed(INV_CLASS, found);
    if ((lookup.iteLow & ITE_PHYSICAL) !== 0) {
      const target = lookup.collection(iteIcidOf(lookup.iteHigh));
      if (target !== FOUND) return failedEntry(INV_CLASS, target);
      its.delivery.update(its.redistributors[lookup.target]);
      return DONE;
    }
    if (!its.virtual) return ignored(INV_CLASS | Kind.ite);
    const target = lookup.vpe(iteVpeOf(lookup.iteHigh));
    if (target !== FOUND) return failedEntry(INV_CLASS, target);
    const intid = iteIntidOf(lookup.iteLow);
    if (!isLpi(intid) || intid >= 2 ** (lookup.vpeSize + 1)) return ignored(INV_CLASS | Kind.ite);
    its.delivery.invalidateVirtual(its.redistributors[lookup.vpeTarget], lookup.vpeTable);
    return DONE;
  }

  private moveAll(words: Uint32Array, at: number): Outcome {
    const { its } = this;
    const from = (words[at + 5] & 0xf_ffff) * 65536 + (words[at + 4] >>> 16);
    const to = (words[at + 7] & 0xf_ffff) * 65536 + (words[at + 6] >>> 16);
    if (from >= its.cpus || to >= its.cpus) return ignored(MOVALL_PROCNUM_OOR);
    if (from !== to) its.delivery.moveAll(its.redistributors[from], its.redistributors[to]);
    return DONE;
  }
}

function failedCollection(found: Found): Outcome {
  return found === NO_PE ? silentlyIgnored(MOVI_CLASS | Kind.unmappedCollection) : failed(MOVI_CLASS, found);
}

/** The event is mapped, but to something that is not. */
function failedEntry(group: number, found: Found): Outcome {
  return failed(group, found < FOUND ? found : Kind.ite);
}
