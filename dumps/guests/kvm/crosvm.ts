import { MAX_PES } from "../../../architecture/bases.ts";
import { offsetOf } from "../../../architecture/registers/index.ts";
import { type GuestRegisters, type GuestWrite, Remarks, type SavedGuest } from "../guest.ts";
import { latin1 } from "../latin1.ts";
import { type CborValue, parseCbor } from "./cbor.ts";
import type { ListedRegisters } from "./register-lists.ts";
import { vmmGuest } from "./vmm-guest.ts";

/** INTIDs of a KVM guest whose registers are named; beyond, those that are not 0. */
const INTIDS = 288;
const ALL_INTIDS = 1020;
const PRIVATE_INTIDS = 32;

/** op0, op1, CRn, CRm, op2 of the registers of the CPU interface, as crosvm numbers them. */
const SYSTEM_REGISTERS: Readonly<Record<string, readonly [number, number]>> = {
  ICC_PMR_EL1: [6, 0],
  ICC_BPR0_EL1: [8, 3],
  ICC_AP0R0_EL1: [8, 4],
  ICC_AP0R1_EL1: [8, 5],
  ICC_AP0R2_EL1: [8, 6],
  ICC_AP0R3_EL1: [8, 7],
  ICC_AP1R0_EL1: [9, 0],
  ICC_AP1R1_EL1: [9, 1],
  ICC_AP1R2_EL1: [9, 2],
  ICC_AP1R3_EL1: [9, 3],
  ICC_BPR1_EL1: [12, 3],
  ICC_CTLR_EL1: [12, 4],
  ICC_SRE_EL1: [12, 5],
  ICC_IGRPEN0_EL1: [12, 6],
  ICC_IGRPEN1_EL1: [12, 7],
};

/** Kinds of registers by INTID with their bits; those that clear are in the writes alone. */
const KINDS: readonly (readonly [kind: string, bits: number, isKept: boolean])[] = [
  ["IGROUPR", 1, true],
  ["ISENABLER", 1, true],
  ["ICENABLER", 1, false],
  ["ISPENDR", 1, true],
  ["ICPENDR", 1, false],
  ["ISACTIVER", 1, true],
  ["ICACTIVER", 1, false],
  ["IPRIORITYR", 8, true],
  ["ICFGR", 2, true],
];

/** Whether a file is crosvm's snapshot of its interrupt controller: CBOR with the names of VgicSnapshot. */
export function isCrosvm(head: Uint8Array): boolean {
  const major = head[0] >> 5;
  return (major === 5 || major === 6) && /cpu_specific|dist_regs/.test(latin1(head));
}

/**
 * Reads crosvm's snapshot of a GICv3 (devices/src/irqchip/kvm/aarch64.rs VgicSnapshot): whole frames, word by word, which it restores in the
 * order of their offsets.
 * @returns a sentence when there is none
 */
export function readCrosvm(bytes: Uint8Array): SavedGuest | string {
  const parsed = parseCbor(bytes);
  if ("reason" in parsed) return `Offset 0x${parsed.offset.toString(16)}: ${parsed.reason}.`;
  const snapshot = find(parsed.value, 0);
  if (snapshot === undefined) return "It has no cpu_specific and dist_regs, as crosvm's snapshot of a GICv3 does.";
  const remarks = new Remarks();
  const notes = new Remarks();
  const cpus = snapshot.get("cpu_specific");
  const vcpus = cpus instanceof Map ? [...cpus].sort(byMpidr) : [];
  if (vcpus.length > MAX_PES) remarks.add("too-many", undefined, { what: "vCPUs", count: MAX_PES });
  const parts = vcpus.slice(0, MAX_PES).map(([, vcpu], pe) => {
    const frame = wordsOf(vcpu instanceof Map ? vcpu.get("redist_regs") : undefined);
    if (frame.length === 0) remarks.add("missing-field", undefined, { name: `redist_regs of vCPU ${pe}` });
    return {
      redistributor: frameRegisters("GICR", `PE ${pe}`, frame, 0, PRIVATE_INTIDS),
      cpuInterface: interfaceOf(vcpu instanceof Map ? vcpu.get("cpu_sys_regs") : undefined),
    };
  });
  const frame = wordsOf(snapshot.get("dist_regs"));
  if (frame.length === 0) remarks.add("missing-field", undefined, { name: "dist_regs" });
  const gic = {
    distributor: frameRegisters("GICD", "GICD", frame, PRIVATE_INTIDS, ALL_INTIDS),
    redistributors: parts.map(({ redistributor }) => redistributor),
    cpuInterfaces: parts.map(({ cpuInterface }) => cpuInterface),
    its: undefined,
  };
  return vmmGuest("crosvm snapshot", gic, [], undefined, remarks, notes);
}

/** The map that has the names, wherever it is. */
function find(value: CborValue, depth: number): Map<string, CborValue> | undefined {
  if (depth > 32 || typeof value !== "object") return undefined;
  if (value instanceof Map && value.has("dist_regs")) return value;
  for (const child of value.values()) {
    const found = typeof child === "object" ? find(child, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function byMpidr([a]: readonly [string, CborValue], [b]: readonly [string, CborValue]): number {
  return Number(a) - Number(b);
}

function wordsOf(value: CborValue): readonly CborValue[] {
  return Array.isArray(value) ? value : [];
}

/** The registers of a frame, and the order in which they are written. */
function frameRegisters(
  prefix: "GICD" | "GICR",
  unit: string,
  frame: readonly CborValue[],
  first: number,
  end: number,
): ListedRegisters {
  const word = (offset: number): bigint | undefined => {
    const value = frame[offset / 4];
    return typeof value === "number" && value < 2 ** 32 ? BigInt(value) : undefined;
  };
  const wide = (offset: number): bigint | undefined => {
    const [low, high] = [word(offset), word(offset + 4)];
    return low === undefined || high === undefined ? undefined : low | (high << 32n);
  };
  const registers = new Map<string, bigint>();
  const writes: (GuestWrite & { readonly offset: number })[] = [];
  const take = (name: string, offset: number, value: bigint | undefined, isKept: boolean, isNeeded: boolean): void => {
    if (value === undefined || (!isNeeded && value === 0n)) return;
    writes.push({ unit, name, value, offset });
    if (isKept) registers.set(name, value);
  };
  const singles = prefix === "GICD" ? ["CTLR"] : ["CTLR", "PROPBASER", "PENDBASER"];
  for (const kind of singles) {
    const name = `${prefix}_${kind}`;
    take(name, offsetOf(name), kind === "CTLR" ? word(offsetOf(name)) : wide(offsetOf(name)), true, true);
  }
  for (const [kind, bits, isKept] of KINDS) {
    for (let intid = first; intid < end; intid += 32 / bits) {
      const name = `${prefix}_${kind}${(intid * bits) / 32}`;
      const offset = offsetOf(name);
      take(name, offset, word(offset), isKept, intid < INTIDS);
    }
  }
  for (let intid = first; prefix === "GICD" && intid < end; intid++) {
    const name = `GICD_IROUTER${intid}`;
    take(name, offsetOf(name), wide(offsetOf(name)), true, intid < INTIDS);
  }
  writes.sort((a, b) => a.offset - b.offset);
  return { registers, writes };
}

function interfaceOf(registers: CborValue): GuestRegisters {
  const values = new Map<string, bigint>();
  if (!(registers instanceof Map)) return values;
  for (const [name, [crm, op2]] of Object.entries(SYSTEM_REGISTERS)) {
    const crn = name === "ICC_PMR_EL1" ? 4 : 12;
    const value = registers.get(String((3 << 14) | (crn << 7) | (crm << 3) | op2));
    if (typeof value === "number" || typeof value === "bigint") values.set(name, BigInt.asUintN(64, BigInt(value)));
  }
  return values;
}
