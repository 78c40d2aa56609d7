import { intidRange, registerByName } from "../architecture/index.ts";
import type { StateReader, StateValue } from "../language/index.ts";
import { peekRegister, type Target } from "./target.ts";

type InterruptProperty = Parameters<StateReader["interrupt"]>[0];

/** Registers with one bit, or with priorities one byte, an interrupt; in GICD_ for SPIs, and in GICv2 for all. */
const arrays: Readonly<
  Record<Exclude<InterruptProperty, "physical">, { readonly stem: string; readonly bits: 1 | 8 }>
> = {
  pending: { stem: "ISPENDR", bits: 1 },
  enabled: { stem: "ISENABLER", bits: 1 },
  active: { stem: "ISACTIVER", bits: 1 },
  priority: { stem: "IPRIORITYR", bits: 8 },
};

/** Whether an INTID is that of an SGI, PPI or SPI. */
export function isInterruptOfRegisters(intid: number): boolean {
  return isPrivate(intid) || intidRange(intid)?.kind === "SPI";
}

/** SGIs and PPIs: each PE has its own. */
function isPrivate(intid: number): boolean {
  const kind = intidRange(intid)?.kind;
  return kind === "SGI" || kind === "PPI";
}

/**
 * State of an SGI, PPI or SPI as its registers show it. A PE's own interrupt is that of PE 0 where none is named; an SPI is pending on a
 * PE when it is routed there.
 */
export function interruptOfRegisters(
  target: Target,
  property: InterruptProperty,
  intid: number,
  pe: number | undefined,
): StateValue {
  if (property === "physical") return physicalInterrupt(target, intid, pe ?? 0);
  const isV2 = target.map.gicc !== undefined;
  const { stem, bits } = arrays[property];
  const perRegister = 32 / bits;
  const block = isPrivate(intid) && !isV2 ? "GICR" : "GICD";
  const word = read(target, `${block}_${stem}${Math.floor(intid / perRegister)}`, pe ?? 0);
  if (word === undefined) return { failure: `This machine has no interrupt with INTID ${intid}.` };
  const value = (word >> BigInt((intid % perRegister) * bits)) & (bits === 8 ? 0xffn : 1n);
  const elsewhere = property === "pending" && pe !== undefined && !isPrivate(intid) && !isRouted(target, intid, pe);
  return elsewhere ? 0n : value;
}

function physicalInterrupt(target: Target, intid: number, pe: number): StateValue {
  if (target.vmm === undefined)
    return { failure: `physical[] is about the host of a KVM guest; ${target.name} has none.` };
  const state = target.vmm.hostInterrupts.state(intid, pe);
  if (state === undefined) return { failure: `The host has no interrupt with INTID ${intid} on PE ${pe}.` };
  return state.active ? 1n : 0n;
}

/** Whether an SPI goes to a PE: by GICD_ITARGETSR<n> of a GICv2, else by GICD_IROUTER<n>. */
function isRouted(target: Target, intid: number, pe: number): boolean {
  if (target.map.gicc !== undefined) {
    const word = read(target, `GICD_ITARGETSR${Math.floor(intid / 4)}`, 0) ?? 0n;
    return ((word >> BigInt((intid % 4) * 8 + pe)) & 1n) === 1n;
  }
  const router = read(target, `GICD_IROUTER${intid}`, 0) ?? 0n;
  const affinity = (router & 0xff_ffffn) | (((router >> 32n) & 0xffn) << 24n);
  const oneOfMany = ((router >> 31n) & 1n) === 1n;
  return oneOfMany || affinity === (read(target, "GICR_TYPER", pe) ?? 0n) >> 32n;
}

function read(target: Target, name: string, pe: number): bigint | undefined {
  const member = registerByName(name);
  return member && pe < target.cpus ? peekRegister(target, { name, ...member, pe, its: 0 }) : undefined;
}
