import { groupNumbers, offsetOf, registerAttribute, registerByName } from "../../architecture/index.ts";
import { BASERS } from "../gicv3/its-fields.ts";
import type { KvmDevice } from "../kvm/device.ts";
import { Errno } from "../kvm/errno.ts";
import type { KvmVmm } from "../kvm/vmm/vmm.ts";
import type { RegisterValues } from "./saved-state.ts";

/** One register as an attribute. */
export interface KvmPlace {
  readonly name: string;
  readonly group: number;
  /** Low word of the attribute. */
  readonly low: number;
  /** Two attributes of 32 bits, for a GICD or GICR register of 64. */
  readonly halves?: boolean;
  /** Offset whose write of all ones clears what the register can only set. */
  readonly clear?: number;
}

const dist = (name: string, rest: Partial<KvmPlace> = {}): KvmPlace => ({
  name,
  group: groupNumbers.DIST_REGS,
  low: offsetOf(name),
  ...rest,
});

/** What is an array by INTID, in the order of restoring: the state of an interrupt comes after what it means. */
const arrays = ["IGROUPR", "ICFGR", "IPRIORITYR", "ISENABLER", "LEVEL", "ISPENDR", "ISACTIVER"] as const;
const bitsOf: Readonly<Record<(typeof arrays)[number], number>> = {
  IGROUPR: 1,
  ICFGR: 2,
  IPRIORITYR: 8,
  ISENABLER: 1,
  LEVEL: 1,
  ISPENDR: 1,
  ISACTIVER: 1,
};

/** @param v2 ISPENDR of a GICv2 only adds, and the level of an input has no attribute there */
function arrayPlaces(prefix: "GICD" | "GICR", group: number, first: number, end: number, v2 = false): KvmPlace[] {
  return arrays.flatMap((kind) => {
    if (v2 && kind === "LEVEL") return [];
    const intids = 32 / bitsOf[kind];
    const places: KvmPlace[] = [];
    for (let intid = first; intid < end; intid += intids) {
      if (kind === "LEVEL") places.push({ name: `LEVEL_INFO${intid}`, group: groupNumbers.LEVEL_INFO, low: intid });
      else {
        const name = `${prefix}_${kind}${intid / intids}`;
        const clears = kind === "ISENABLER" || kind === "ISACTIVER" || (v2 && kind === "ISPENDR");
        places.push({
          name,
          group,
          low: offsetOf(name),
          ...(clears ? { clear: offsetOf(name.replace("_IS", "_IC")) } : {}),
        });
      }
    }
    return places;
  });
}

/** The distributor of a guest with INTIDs 0 .. `intids` - 1; GICD_IIDR first, because its revision changes what others mean. */
function distributorPlaces(intids: number): readonly KvmPlace[] {
  const routers: KvmPlace[] = [];
  for (let intid = 32; intid < intids; intid++) routers.push(dist(`GICD_IROUTER${intid}`, { halves: true }));
  return [dist("GICD_IIDR"), dist("GICD_CTLR"), ...routers, ...arrayPlaces("GICD", groupNumbers.DIST_REGS, 32, intids)];
}

const redist = (name: string, halves = false): KvmPlace => ({
  name,
  group: groupNumbers.REDIST_REGS,
  low: offsetOf(name),
  ...(halves ? { halves } : {}),
});

/** GICR_CTLR, whose EnableLPIs fixes the two table registers and reads the pending table. */
const REDISTRIBUTOR_CONTROL = redist("GICR_CTLR");

/** A redistributor without GICR_CTLR. */
const redistributorPlaces: readonly KvmPlace[] = [
  redist("GICR_PROPBASER", true),
  redist("GICR_PENDBASER", true),
  ...arrayPlaces("GICR", groupNumbers.REDIST_REGS, 0, 32),
];

/** A system register, by the low word of its attribute. */
function sysreg(name: string): KvmPlace {
  const found = registerByName(name);
  const place = found && registerAttribute(found, 0);
  if (place === undefined) throw new Error(`${name} has no attribute`);
  return { name, group: place.group.group, low: Number(place.attr) };
}

/** The CPU interface: ICC_CTLR_EL1 before the others, because CBPR and PRIbits decide what they take. */
const cpuInterfacePlaces: readonly KvmPlace[] = [
  ...["ICC_SRE_EL1", "ICC_CTLR_EL1", "ICC_PMR_EL1", "ICC_BPR0_EL1", "ICC_BPR1_EL1"].map(sysreg),
  ...["ICC_IGRPEN0_EL1", "ICC_IGRPEN1_EL1"].map(sysreg),
  ...[0, 1, 2, 3].flatMap((index) => [`ICC_AP0R${index}_EL1`, `ICC_AP1R${index}_EL1`]).map(sysreg),
];

/** What of a KVM guest is saved, and in which order it is restored. */
export interface KvmPlaces {
  readonly distributor: readonly KvmPlace[];
  /** A PE's own: GICR_*, or the banked registers of a GICv2's distributor. */
  readonly redistributors: readonly KvmPlace[];
  /** Set apart, after the others of its kind. */
  readonly control: readonly KvmPlace[];
  readonly cpuInterfaces: readonly KvmPlace[];
}

const V2_SGI_REGISTERS = 4;
const V2_ACTIVE_PRIORITIES = 4;

/** GICD_IIDR first, because writing it lets GICD_IGROUPR<n> be written. */
function placesOfV2(intids: number): KvmPlaces {
  const targets = Array.from({ length: (intids - 32) / 4 }, (_, index) => dist(`GICD_ITARGETSR${index + 8}`));
  const sgis = Array.from({ length: V2_SGI_REGISTERS }, (_, index) =>
    dist(`GICD_SPENDSGIR${index}`, { clear: offsetOf(`GICD_CPENDSGIR${index}`) }),
  );
  const apr = Array.from({ length: V2_ACTIVE_PRIORITIES }, (_, index) => `GICC_APR${index}`);
  return {
    distributor: [
      dist("GICD_IIDR"),
      dist("GICD_CTLR"),
      ...targets,
      ...arrayPlaces("GICD", groupNumbers.DIST_REGS, 32, intids, true),
    ],
    redistributors: [...arrayPlaces("GICD", groupNumbers.DIST_REGS, 0, 32, true), ...sgis],
    control: [],
    cpuInterfaces: ["GICC_CTLR", "GICC_PMR", "GICC_BPR", "GICC_ABPR", ...apr].map((name) => ({
      name,
      group: groupNumbers.CPU_REGS,
      low: offsetOf(name),
    })),
  };
}

/** Places that were made already; each step of a restore asks for them. */
const known = new Map<string, KvmPlaces>();

/** The places of a guest with INTIDs 0 .. `intids` - 1. */
export function placesOf(generation: 2 | 3, intids: number): KvmPlaces {
  const key = `${generation} ${intids}`;
  const places = known.get(key) ?? makePlaces(generation, intids);
  known.set(key, places);
  return places;
}

function makePlaces(generation: 2 | 3, intids: number): KvmPlaces {
  if (generation === 2) return placesOfV2(intids);
  return {
    distributor: distributorPlaces(intids),
    redistributors: redistributorPlaces,
    control: [REDISTRIBUTOR_CONTROL],
    cpuInterfaces: cpuInterfacePlaces,
  };
}

const its = (name: string): KvmPlace => ({ name, group: groupNumbers.ITS_REGS, low: offsetOf(name) });

/** An ITS, in the order of restoring of kvm-its.rst, GITS_CTLR last. */
export const itsPlaces: readonly KvmPlace[] = [
  ...["GITS_IIDR", "GITS_CBASER", "GITS_CREADR", "GITS_CWRITER"].map(its),
  ...Array.from({ length: BASERS }, (_, index) => its(`GITS_BASER${index}`)),
  its("GITS_CTLR"),
];

/** Attribute of a register: [63:32] the PE's affinity, which of the eight PEs of a GICv2 is its index, where a PE has the register. */
function attributeOf(vmm: KvmVmm, low: number, pe: number): bigint {
  return (BigInt(vmm.guest.redistributors[pe]?.affinity ?? 0) << 32n) | BigInt(low);
}

/** The device that has a place, and the place's attribute there. @param unit PE, or ITS for its registers */
function deviceOf(vmm: KvmVmm, { group, low }: KvmPlace, unit: number): { device: KvmDevice; at: bigint } {
  return group === groupNumbers.ITS_REGS
    ? { device: vmm.its(unit), at: BigInt(low) }
    : { device: vmm.gic, at: attributeOf(vmm, low, unit) };
}

/** Gets registers; one that the kernel does not have is left out. @param unit PE, or ITS for its registers */
export function getRegisters(vmm: KvmVmm, places: readonly KvmPlace[], unit: number): Map<string, bigint> {
  const values = new Map<string, bigint>();
  for (const place of places) {
    const { name, group, halves } = place;
    const { device, at } = deviceOf(vmm, place, unit);
    const first = device.getAttribute(group, at);
    if (first.errno !== Errno.OK) continue;
    const second = halves ? device.getAttribute(group, at + 4n).value : 0n;
    values.set(name, first.value | (second << 32n));
  }
  return values;
}

/** A register that did not take its value. */
export interface RegisterRefusal {
  readonly name: string;
  readonly errno: number;
}

/**
 * Sets registers in the order of `places`, those that were saved.
 * @param unit PE, or ITS for its registers
 * @returns those that the kernel refused
 */
export function setRegisters(
  vmm: KvmVmm,
  places: readonly KvmPlace[],
  unit: number,
  values: RegisterValues,
): RegisterRefusal[] {
  const refused: RegisterRefusal[] = [];
  for (const place of places) {
    const { name, group, halves, clear } = place;
    const value = values.get(name);
    if (value === undefined) continue;
    const { device, at } = deviceOf(vmm, place, unit);
    if (clear !== undefined) device.setAttribute(group, attributeOf(vmm, clear, unit), 0xffff_ffffn);
    const errno =
      device.setAttribute(group, at, halves ? value & 0xffff_ffffn : value) ||
      (halves ? device.setAttribute(group, at + 4n, value >> 32n) : Errno.OK);
    if (errno !== Errno.OK) refused.push({ name, errno });
  }
  return refused;
}
