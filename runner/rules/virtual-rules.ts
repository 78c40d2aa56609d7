import { declaredRegister, type NamedRegister } from "../../architecture/index.ts";
import type { EventState } from "../../emulator/index.ts";
import { rules } from "../../language/index.ts";
import { peekRegister, type Target } from "../target.ts";
import type { Found } from "./found.ts";
import { fieldOf } from "./tables-memory.ts";

const vpropbaser = declaredRegister("GICR_VPROPBASER");
const vpendbaser = declaredRegister("GICR_VPENDBASER");

/**
 * An event that goes to a vPE has been signalled: in GICv4.0 the redistributor that the vPE runs on knows from GICR_VPROPBASER how many
 * vINTIDs there are. In GICv4.1 the vPE's entry says so, and VMAPTI refuses what is beyond.
 */
export function checkVirtualEvent(target: Target, its: number, event: EventState, found: Found): void {
  const vpe = event.virtual && target.tables(its).vpe(event.virtual.vpeId);
  if (vpe === undefined || vpe.own !== undefined || vpe.target >= target.cpus) return;
  const read = (register: NamedRegister): bigint => peekRegister(target, { ...register, pe: vpe.target, its: 0 }) ?? 0n;
  const pending = read(vpendbaser);
  const isResident =
    fieldOf(vpendbaser, pending, "Valid") === 1n &&
    Number(fieldOf(vpendbaser, pending, "Physical_Address")) === vpe.pendingTable;
  if (!isResident) return;
  const limit = 2 ** (Number(fieldOf(vpropbaser, read(vpropbaser), "IDbits")) + 1);
  if (event.intid >= limit) found.add(rules.vlpiOutOfRange, event.intid, vpe.target, limit);
}
