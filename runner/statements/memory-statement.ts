import { FIRST_LPI, hex, registerByName } from "../../architecture/index.ts";
import {
  isRefusal,
  limits,
  type Operation,
  refusalSentence,
  type ScriptPlace,
  type Span,
} from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import type { StatementResult } from "../statement-result.ts";
import { peekRegister, type Target } from "../target.ts";

type LoadOperation = Extract<Operation, { kind: "load" }>;
type LpiOperation = Extract<Operation, { kind: "lpi" }>;

const ADDRESS_51_12 = 0xf_ffff_ffff_f000n;
const ADDRESS_51_16 = 0xf_ffff_ffff_0000n;
const ID_BITS = 0x1fn;

/** Stores the bytes of a file in memory. @param place what the file that names it knows of files */
export function performLoad(
  target: Target,
  { file, address }: LoadOperation,
  place: ScriptPlace,
  whole: Span,
): Partial<StatementResult> {
  const read = place.files.read(file, place.file, limits.loadedBytes);
  if (isRefusal(read)) {
    if (read.refused === "unavailable") return { problems: [runErrors.fileNotChecked(whole, file)] };
    return { problems: [runErrors.noFile(whole, file, refusalSentence(read))] };
  }
  const { bytes } = read;
  if (bytes.length === 0 || target.writeMemory(Number(address), bytes)) return {};
  return { problems: [runErrors.noMemory(whole, hex(address), hex(address + BigInt(bytes.length - 1)))] };
}

/** Writes an LPI's property byte or pending bit to its table, and tells nobody: what caches it is told by INV or by EnableLPIs. */
export function performLpi(target: Target, operation: LpiOperation, whole: Span): Partial<StatementResult> {
  const { intid, pe, pending } = operation;
  if (pe >= target.cpus) return { problems: [runErrors.noPe(whole, String(pe), target.cpus)] };
  const properties = registerOf(target, "GICR_PROPBASER", pe);
  const table = registerOf(target, pending === undefined ? "GICR_PROPBASER" : "GICR_PENDBASER", pe);
  if (properties === undefined || table === undefined) {
    return { problems: [runErrors.noLpi(whole, `${target.name} has no LPIs here: there is no GICR_PROPBASER.`)] };
  }
  const last = 2 ** (Number(properties & ID_BITS) + 1) - 1;
  if (intid < FIRST_LPI || intid > last) {
    const range =
      last < FIRST_LPI
        ? "GICR_PROPBASER.IDbits leaves no LPIs"
        : `LPIs are ${FIRST_LPI} to ${last} by GICR_PROPBASER.IDbits`;
    return { problems: [runErrors.noLpi(whole, `INTID ${intid} is no LPI of PE ${pe}: ${range}.`)] };
  }
  const base = table & (pending === undefined ? ADDRESS_51_12 : ADDRESS_51_16);
  const address = base + BigInt(pending === undefined ? intid - FIRST_LPI : intid >>> 3);
  const old = target.readMemory(Number(address), 1);
  if (old === undefined) return { problems: [runErrors.noMemory(whole, hex(address), hex(address))] };
  target.writeMemory(Number(address), Uint8Array.of(byteOf(old[0], operation)));
  return {};
}

function byteOf(old: number, { intid, priority, enabled, pending }: LpiOperation): number {
  if (pending !== undefined) return pending === 1 ? old | (1 << (intid & 7)) : old & ~(1 << (intid & 7));
  const withPriority = priority === undefined ? old : (old & 3) | (priority & 0xfc);
  return enabled === undefined ? withPriority : (withPriority & ~1) | enabled;
}

function registerOf(target: Target, name: string, pe: number): bigint | undefined {
  const member = registerByName(name);
  return member && peekRegister(target, { name, ...member, pe, its: 0 });
}
