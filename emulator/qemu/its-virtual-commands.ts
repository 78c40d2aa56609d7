import { errorCodeOf, NO_DOORBELL, opcodeOf } from "../../architecture/index.ts";
import {
  DONE,
  ignored,
  type Outcome,
  OutcomeKind,
  silentlyIgnored,
  stalled,
  swallowed,
  unknownCommand,
} from "../outcome.ts";
import { classOf, Kind } from "./its-errors.ts";
import { isLpi } from "./its-intids.ts";
import { FOUND, type Found, type ItsLookup, NO_PAGE, NO_PE, UNREADABLE, VPE_OUT_OF_RANGE } from "./its-lookup.ts";
import { MAX_SIZE, type QemuItsState } from "./its-state.ts";
import { failed } from "./lookup-failure.ts";
import {
  ITE_PHYSICAL,
  iteDoorbellOf,
  iteHigh,
  iteIcidOf,
  iteIntidOf,
  iteLow,
  iteTop,
  iteVpeOf,
  vteHigh,
  vteLow,
} from "./table-layout.ts";

const VMAPP = opcodeOf("VMAPP");
const VMAPTI = opcodeOf("VMAPTI");
const VMAPI = opcodeOf("VMAPI");
const VMOVI = opcodeOf("VMOVI");
const VMOVP = opcodeOf("VMOVP");
const VINVALL = opcodeOf("VINVALL");
const VSYNC = opcodeOf("VSYNC");

const VMAPTI_CLASS = classOf("VMAPTI", "UNMAPPED_DEVICE");
const VMAPI_CLASS = classOf("VMAPI", "UNMAPPED_DEVICE");
const VMOVI_CLASS = classOf("VMOVI", "UNMAPPED_DEVICE");
const VMOVP_CLASS = classOf("VMOVP", "VCPU_OOR");
const VINVALL_CLASS = classOf("VINVALL", "VCPU_OOR");
const VMAPP_VCPU_OOR = errorCodeOf("VMAPP_VCPU_OOR");
const VMOVP_VCPU_INVALID = errorCodeOf("VMOVP_VCPU_INVALID");
const VMAPTI_VIRTUALID_OOR = errorCodeOf("VMAPTI_VIRTUALID_OOR");
const VMAPI_PHYSICALID_OOR = errorCodeOf("VMAPI_PHYSICALID_OOR");
const VMOVI_ID_IS_PHYSICAL = errorCodeOf("VMOVI_ID_IS_PHYSICAL");
const VMOVI_ITEVCPU_INVALID = errorCodeOf("VMOVI_ITEVCPU_INVALID");
const VMOVI_CMDVCPU_INVALID = errorCodeOf("VMOVI_CMDVCPU_INVALID");

const VALID = 0x8000_0000;

/** The commands of GICv4.0, which a GICv3 drops without a word. QEMU 7.2 has none of GICv4.1's. */
export class VirtualCommands {
  private readonly its: QemuItsState;
  private readonly lookup: ItsLookup;
  /** All ITSs of the machine: VMOVP reaches each of them (GITS_TYPER.VMOVP = 1). */
  private readonly all: readonly { readonly state: QemuItsState; readonly lookup: ItsLookup }[];

  constructor(
    its: QemuItsState,
    lookup: ItsLookup,
    all: readonly { readonly state: QemuItsState; readonly lookup: ItsLookup }[],
  ) {
    this.its = its;
    this.lookup = lookup;
    this.all = all;
  }

  execute(opcode: number, words: Uint32Array, at: number): Outcome {
    switch (opcode) {
      case VMAPP:
        return this.its.virtual ? this.mapVpe(words, at) : silentlyIgnored(0);
      case VMAPTI:
        return this.its.virtual ? this.mapEvent(VMAPTI_CLASS, words, at, words[at + 4]) : silentlyIgnored(0);
      case VMAPI:
        return this.its.virtual ? this.mapEvent(VMAPI_CLASS, words, at, words[at + 2]) : silentlyIgnored(0);
      case VMOVI:
        return this.its.virtual ? this.moveEvent(words, at) : silentlyIgnored(0);
      case VMOVP:
        return this.its.virtual ? this.moveVpe(words, at) : silentlyIgnored(0);
      case VINVALL:
        return this.its.virtual ? this.invalidateAll(words[at + 3] & 0xffff) : silentlyIgnored(0);
      case VSYNC:
        return this.its.virtual ? DONE : silentlyIgnored(0);
      default:
        return unknownCommand(opcode);
    }
  }

  private mapVpe(words: Uint32Array, at: number): Outcome {
    const { its, lookup } = this;
    const vpe = words[at + 3] & 0xffff;
    // QEMU keeps 32 of RDbase's 36 bits.
    const target = (((words[at + 5] & 0xffff) << 16) | (words[at + 4] >>> 16)) >>> 0;
    const valid = words[at + 5] >= VALID;
    const size = words[at + 6] & 0xff;
    if (size > MAX_SIZE || (valid && target >= its.cpus) || vpe >= its.vpes.entries) return ignored(VMAPP_VCPU_OOR);
    let lo = 0;
    let hi = 0;
    if (valid) {
      const table = (words[at + 7] & 0xf_ffff) * 65536 + (words[at + 6] >>> 16);
      lo = vteLow(size, table);
      hi = vteHigh(table, target);
    }
    return lookup.writeEntry(its.vpes, vpe, lo, hi) ? DONE : stalled(0);
  }

  /** VMAPTI and VMAPI. */
  private mapEvent(group: number, words: Uint32Array, at: number, intid: number): Outcome {
    const { its, lookup } = this;
    const eventId = words[at + 2];
    const vpe = words[at + 3] & 0xffff;
    const doorbell = words[at + 5];
    const found = lookup.device(words[at + 1]);
    if (found !== FOUND) return failed(group, found);
    // The number of events is kept in 32 bits here: a DTE of 2^32 events has none.
    if (lookup.eventSize === 31 || !lookup.hasEvent(eventId)) return ignored(group | Kind.event);
    if (!isLpi(intid)) return ignored(group === VMAPTI_CLASS ? VMAPTI_VIRTUALID_OOR : VMAPI_PHYSICALID_OOR);
    if (!isDoorbell(doorbell)) return ignored(group | Kind.intid);
    if (vpe >= its.vpes.entries) return ignored(group | VPE_OUT_OF_RANGE);
    lookup.locate(eventId);
    return lookup.writeIte(iteLow(0, intid), iteHigh(0, vpe), iteTop(doorbell)) ? DONE : stalled(0);
  }

  private moveEvent(words: Uint32Array, at: number): Outcome {
    const { its, lookup } = this;
    const vpe = words[at + 3] & 0xffff;
    const withDoorbell = (words[at + 4] & 1) !== 0;
    const doorbell = words[at + 5];
    if (withDoorbell && !isDoorbell(doorbell)) return ignored(VMOVI_CLASS | Kind.intid);
    const found = lookup.event(words[at + 1], words[at + 2]);
    if (found !== FOUND) return failed(VMOVI_CLASS, found);
    const { iteLow: lo, iteHigh: hi, iteTop: top } = lookup;
    if ((lo & ITE_PHYSICAL) !== 0) return ignored(VMOVI_ID_IS_PHYSICAL);
    const before = lookup.vpe(iteVpeOf(hi));
    if (before !== FOUND) return failedVpe(before, VMOVI_ITEVCPU_INVALID);
    const { vpeTarget: from, vpeTable: fromTable, vpeSize: fromSize } = lookup;
    const after = lookup.vpe(vpe);
    if (after !== FOUND) return failedVpe(after, VMOVI_CMDVCPU_INVALID);
    const { vpeTarget: to, vpeTable: toTable, vpeSize: toSize } = lookup;
    const intid = iteIntidOf(lo);
    if (!isLpi(intid) || intid >= 2 ** (Math.min(fromSize, toSize) + 1)) return ignored(VMOVI_CLASS | Kind.intid);
    const ring = withDoorbell ? doorbell : iteDoorbellOf(top);
    if (fromTable !== toTable) {
      const { redistributors, delivery } = its;
      delivery.moveVirtual(redistributors[from], fromTable, redistributors[to], toTable, intid, ring);
    }
    return lookup.writeIte(iteLow(0, intid), iteHigh(iteIcidOf(hi), vpe), iteTop(ring)) ? DONE : stalled(0);
  }

  private moveVpe(words: Uint32Array, at: number): Outcome {
    const vpe = words[at + 3] & 0xffff;
    const target = (words[at + 5] & 0xf_ffff) * 65536 + (words[at + 4] >>> 16);
    if (target >= this.its.cpus) return silentlyIgnored(VMOVP_VCPU_INVALID);
    let outcome: Outcome = DONE;
    for (const { state, lookup } of this.all) {
      const one = moveOne(state, lookup, vpe, target);
      if (one !== DONE && outcome >>> 24 !== OutcomeKind.stalled) outcome = one;
    }
    return outcome;
  }

  private invalidateAll(vpe: number): Outcome {
    const { its, lookup } = this;
    const found = lookup.vpe(vpe);
    if (found !== FOUND) return failed(VINVALL_CLASS, found);
    its.delivery.invalidateVirtual(its.redistributors[lookup.vpeTarget], lookup.vpeTable);
    return DONE;
  }
}

/** VMOVP on one ITS: its VTE gets the new RDbase. */
function moveOne(its: QemuItsState, lookup: ItsLookup, vpe: number, target: number): Outcome {
  const found = lookup.vpe(vpe);
  if (found === NO_PE) return silentlyIgnored(VMOVP_VCPU_INVALID);
  if (found !== FOUND) return failed(VMOVP_CLASS, found);
  const hi = vteHigh(lookup.vpeTable / 65536, target);
  const lo = vteLow(lookup.vpeSize, lookup.vpeTable / 65536);
  return lookup.writeEntry(its.vpes, vpe, lo, hi) ? DONE : stalled(0);
}

function isDoorbell(intid: number): boolean {
  return intid === NO_DOORBELL || isLpi(intid);
}

function failedVpe(found: Found, code: number): Outcome {
  if (found === UNREADABLE) return stalled(0);
  if (found === NO_PAGE) return swallowed(0);
  return found === NO_PE ? silentlyIgnored(code) : ignored(code);
}
