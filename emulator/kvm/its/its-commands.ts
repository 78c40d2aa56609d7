import { FIRST_LPI, opcodeOf } from "../../../architecture/index.ts";
import { toNumber } from "../../memory/guest-memory.ts";
import { DONE, hostCrash, ignored, type Outcome, swallowed, unknownCommand } from "../../outcome.ts";
import { Errno } from "../errno.ts";
import { ID_BITS, type KvmItsState } from "./its-state.ts";

/** Command errors that KVM returns internally (include/linux/irqchip/arm-gic-v3.h `E_ITS_*`); the guest never sees them. */
export const KvmError = {
  MOVI_UNMAPPED_INTERRUPT: 0x010107,
  MOVI_UNMAPPED_COLLECTION: 0x010109,
  INT_UNMAPPED_INTERRUPT: 0x010307,
  CLEAR_UNMAPPED_INTERRUPT: 0x010507,
  MAPD_DEVICE_OOR: 0x010801,
  MAPD_ITTSIZE_OOR: 0x010802,
  MAPC_PROCNUM_OOR: 0x010902,
  MAPC_COLLECTION_OOR: 0x010903,
  MAPTI_UNMAPPED_DEVICE: 0x010a04,
  MAPTI_ID_OOR: 0x010a05,
  MAPTI_PHYSICALID_OOR: 0x010a06,
  INV_UNMAPPED_INTERRUPT: 0x010c07,
  INVALL_UNMAPPED_COLLECTION: 0x010d09,
  MOVALL_PROCNUM_OOR: 0x010e01,
  DISCARD_UNMAPPED_INTERRUPT: 0x010f07,
} as const;

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

/**
 * The commands of a KVM ITS, in the order of checks of Linux vgic-its.c `vgic_its_handle_command`.
 * A packet is eight uint32 of `words` from `at` on, read where it lies in guest memory: every field is read before anything is written.
 */
export class KvmItsCommands {
  private readonly its: KvmItsState;

  constructor(its: KvmItsState) {
    this.its = its;
  }

  execute(words: Uint32Array, at: number): Outcome {
    const opcode = words[at] & 0xff;
    switch (opcode) {
      case INT:
        return this.trigger(words[at + 1], words[at + 2]);
      case MAPTI:
        return this.mapti(words[at + 1], words[at + 2], words[at + 3], words[at + 4] & 0xffff);
      case MAPI:
        return this.mapti(words[at + 1], words[at + 2], words[at + 2], words[at + 4] & 0xffff);
      case MOVI:
        return this.movi(words[at + 1], words[at + 2], words[at + 4] & 0xffff);
      case DISCARD:
        return this.discard(words[at + 1], words[at + 2]);
      case MAPD:
        return this.mapd(words, at);
      case MAPC:
        return this.mapc(words[at + 4] & 0xffff, rdbase(words, at + 4), words[at + 5] >>> 31 === 1);
      case CLEAR:
        return this.clear(words[at + 1], words[at + 2]);
      case INV:
        return this.inv(words[at + 1], words[at + 2]);
      case INVALL:
        return this.invall(words[at + 4] & 0xffff);
      case MOVALL:
        return this.movall(rdbase(words, at + 4), rdbase(words, at + 6));
      case SYNC:
        return DONE;
      default:
        return unknownCommand(opcode);
    }
  }

  /** INT, and an MSI of a device (`vgic_its_trigger_msi`). */
  trigger(deviceId: number, event: number): Outcome {
    const { its } = this;
    if (!its.enabled) return swallowed(Errno.EBUSY);
    const ite = this.findIte(deviceId, event);
    if (ite === 0) return ignored(KvmError.INT_UNMAPPED_INTERRUPT);
    const collection = its.tables.iteCollection(ite);
    if (!its.tables.isMapped(collection)) return ignored(KvmError.INT_UNMAPPED_INTERRUPT);
    const target = its.tables.collectionTarget(collection);
    if (!its.hasPe(target)) return ignored(KvmError.INT_UNMAPPED_INTERRUPT);
    if (!its.redistributors[target].lpisEnabled) return swallowed(Errno.EBUSY);
    its.cache.add(ite);
    its.lpis.setPending(its.tables.iteLpi(ite), true);
    return DONE;
  }

  private findIte(deviceId: number, event: number): number {
    const { tables } = this.its;
    const device = tables.findDevice(deviceId);
    return device === 0 ? 0 : tables.findIte(device, event);
  }

  private mapti(deviceId: number, event: number, intid: number, icid: number): Outcome {
    const { its } = this;
    const { tables } = its;
    const device = tables.findDevice(deviceId);
    if (device === 0) return ignored(KvmError.MAPTI_UNMAPPED_DEVICE);
    if (!its.eventFits(device, event)) return ignored(KvmError.MAPTI_ID_OOR);
    if (intid >= 0x8000_0000 || intid < FIRST_LPI || intid >= its.lpiLimit)
      return ignored(KvmError.MAPTI_PHYSICALID_OOR);
    const known = tables.findPlace(device, event);
    if (known !== 0 && tables.isIte(known)) return DONE;
    let collection = tables.findCollection(icid);
    const isNew = collection === 0;
    if (isNew) {
      if (!its.collectionFits(icid)) return ignored(KvmError.MAPC_COLLECTION_OOR);
      collection = tables.addCollection(icid);
    }
    const target = tables.isMapped(collection) ? tables.collectionTarget(collection) : -1;
    const lpi = its.lpis.acquire(intid, target < its.redistributors.length ? target : -1);
    if (lpi < 0) {
      if (isNew) tables.freeCollection(collection);
      return swallowed(-lpi);
    }
    const place = known !== 0 ? known : tables.makePlace(device, event);
    if (place !== 0) {
      tables.setIte(place, lpi, collection);
      return DONE;
    }
    its.lpis.release(lpi);
    if (isNew) tables.freeCollection(collection);
    return swallowed(Errno.ENOMEM);
  }

  private movi(deviceId: number, event: number, icid: number): Outcome {
    const { its } = this;
    const { tables } = its;
    const ite = this.findIte(deviceId, event);
    if (ite === 0) return ignored(KvmError.MOVI_UNMAPPED_INTERRUPT);
    if (!tables.isMapped(tables.iteCollection(ite))) return ignored(KvmError.MOVI_UNMAPPED_COLLECTION);
    const collection = tables.findCollection(icid);
    if (!tables.isMapped(collection)) return ignored(KvmError.MOVI_UNMAPPED_COLLECTION);
    tables.setIteCollection(ite, collection);
    its.cache.clear();
    its.lpis.retarget(tables.iteLpi(ite), tables.collectionTarget(collection));
    return DONE;
  }

  private discard(deviceId: number, event: number): Outcome {
    const { its } = this;
    const { tables } = its;
    const device = tables.findDevice(deviceId);
    const ite = device === 0 ? 0 : tables.findIte(device, event);
    if (ite === 0 || !tables.isMapped(tables.iteCollection(ite))) return ignored(KvmError.DISCARD_UNMAPPED_INTERRUPT);
    const address = tables.ittAddress(device) + (Math.imul(event, its.abi.iteBytes) >>> 0);
    its.cache.clear();
    tables.freeIte(ite);
    if (its.decisions.unmapClearsEntry && !its.memory.write64(address, 0, 0)) return swallowed(Errno.EFAULT);
    return DONE;
  }

  private mapd(words: Uint32Array, at: number): Outcome {
    const { its } = this;
    const deviceId = words[at + 1];
    const eventBits = (words[at + 2] & 0x1f) + 1;
    const ittAddress = toNumber(words[at + 4] & ~0xff, words[at + 5] & 0xfffff);
    const valid = words[at + 5] >>> 31 === 1;
    const entry = its.deviceEntryAddress(deviceId);
    if (entry < 0) return ignored(KvmError.MAPD_DEVICE_OOR);
    if (valid && eventBits > ID_BITS) return ignored(KvmError.MAPD_ITTSIZE_OOR);
    const device = its.tables.findDevice(deviceId);
    if (device !== 0 && valid && its.tables.nextSame(device) === 0) {
      its.tables.remapDevice(device, ittAddress, eventBits);
      its.cache.clear();
      return DONE;
    }
    if (device !== 0) its.freeDevice(device);
    if (valid) {
      return its.tables.addDevice(deviceId, ittAddress, eventBits) === 0 ? swallowed(Errno.ENOMEM) : DONE;
    }
    if (its.decisions.unmapClearsEntry && !its.memory.write64(entry, 0, 0)) return swallowed(Errno.EFAULT);
    return DONE;
  }

  private mapc(icid: number, target: number, valid: boolean): Outcome {
    const { its } = this;
    const { tables } = its;
    let collection = tables.findCollection(icid);
    if (!valid) {
      if (collection !== 0) tables.freeCollection(collection);
      its.cache.clear();
      return DONE;
    }
    if (!its.hasPe(target)) return ignored(KvmError.MAPC_PROCNUM_OOR);
    if (collection === 0) {
      if (!its.collectionFits(icid)) return ignored(KvmError.MAPC_COLLECTION_OOR);
      collection = tables.addCollection(icid);
      tables.setCollectionTarget(collection, target);
      return DONE;
    }
    tables.setCollectionTarget(collection, target);
    tables.forEachDevice((device) => {
      tables.forEachIte(device, (_event, ite) => {
        if (tables.iteCollection(ite) === collection) its.lpis.retarget(tables.iteLpi(ite), target);
        return true;
      });
      return true;
    });
    its.memory.pace.take(4 * tables.eventNodes);
    return DONE;
  }

  private clear(deviceId: number, event: number): Outcome {
    const ite = this.findIte(deviceId, event);
    if (ite === 0) return ignored(KvmError.CLEAR_UNMAPPED_INTERRUPT);
    this.its.lpis.setPending(this.its.tables.iteLpi(ite), false);
    return DONE;
  }

  private inv(deviceId: number, event: number): Outcome {
    const ite = this.findIte(deviceId, event);
    if (ite === 0) return ignored(KvmError.INV_UNMAPPED_INTERRUPT);
    return this.its.lpis.reloadProperty(this.its.tables.iteLpi(ite)) ? DONE : swallowed(Errno.EFAULT);
  }

  private invall(icid: number): Outcome {
    const { tables, lpis, redistributors } = this.its;
    const collection = tables.findCollection(icid);
    if (!tables.isMapped(collection)) return ignored(KvmError.INVALL_UNMAPPED_COLLECTION);
    const target = tables.collectionTarget(collection);
    if (target >= redistributors.length) return hostCrash();
    lpis.reloadProperties(target);
    return DONE;
  }

  private movall(from: number, to: number): Outcome {
    const { its } = this;
    if (!its.hasPe(from) || !its.hasPe(to)) return ignored(KvmError.MOVALL_PROCNUM_OOR);
    if (from === to) return DONE;
    its.lpis.walk((lpi) => {
      if (its.decisions.movallMoves === "every LPI" || its.lpis.targetOf(lpi) === from) its.lpis.retarget(lpi, to);
      return true;
    });
    its.cache.clear();
    return DONE;
  }
}

/** RDbase as KVM reads it: bits [47:16] of the doubleword whose words are at `at`, `at + 1`. */
function rdbase(words: Uint32Array, at: number): number {
  return ((words[at] >>> 16) | ((words[at + 1] & 0xffff) << 16)) >>> 0;
}
