import type { GuestRegisters, Remarks } from "../guest.ts";
import type { StreamGicV3 } from "./gic-v3.ts";

/** INTIDs of QEMU's `virt` board: 256 SPIs (hw/arm/virt.c NUM_IRQS). */
const INTIDS = 288;
const LOW = 0xffff_ffffn;

/** Fields of the CPU interface whose values are those of registers (hw/intc/arm_gicv3_kvm.c kvm_arm_gicv3_get). */
const INTERFACE: readonly (readonly [register: string, field: string])[] = [
  ["ICC_CTLR_EL1", "ICC_CTLR_EL1[NS]"],
  ["ICC_PMR_EL1", "ICC_PMR_EL1"],
  ["ICC_BPR0_EL1", "ICC_BPR[G0]"],
  ["ICC_BPR1_EL1", "ICC_BPR[G1NS]"],
  ["ICC_IGRPEN0_EL1", "ICC_IGRPEN[G0]"],
  ["ICC_IGRPEN1_EL1", "ICC_IGRPEN[G1NS]"],
];

/** Registers of the stream as KVM gave them to QEMU: under the architecture's names, as KVM's models save them. */
export function kvmRegisters(
  gic: Pick<StreamGicV3, "distributor" | "redistributors" | "cpuInterfaces">,
  offset: number,
  notes: Remarks,
): Pick<StreamGicV3, "distributor" | "redistributors" | "cpuInterfaces"> {
  return {
    distributor: distributorOf(gic.distributor, offset, notes),
    redistributors: gic.redistributors.map((fields) => {
      const values = new Map([...fields].filter(([name]) => /^GICR_(?!IGRPMODR|NSACR|WAKER)|^LEVEL_INFO/.test(name)));
      // Of SGIs QEMU does not ask.
      values.set("GICR_ICFGR1", configuration(fields.get("edge_trigger0") ?? 0n, 16));
      return values;
    }),
    cpuInterfaces: gic.cpuInterfaces.map(interfaceOf),
  };
}

function distributorOf(fields: GuestRegisters, offset: number, notes: Remarks): GuestRegisters {
  const values = new Map<string, bigint>();
  for (const [name, value] of fields) {
    const [, kind, digits] = /^(GICD_[A-Z]+|LEVEL_INFO)(\d+)?$/.exec(name) ?? [];
    if (kind === undefined || ["GICD_IROUTER", "GICD_IGRPMODR", "GICD_NSACR"].includes(kind)) continue;
    const perIntid = kind === "GICD_IPRIORITYR" ? 4 : kind === "LEVEL_INFO" ? 1 : 32;
    if (Number(digits ?? 0) * perIntid < INTIDS) values.set(name, value);
  }
  for (let register = 2; register < INTIDS / 16; register++)
    values.set(
      `GICD_ICFGR${register}`,
      configuration(fields.get(`edge_trigger${Math.floor(register / 2)}`) ?? 0n, (register % 2) * 16),
    );
  addRouters(values, fields, offset, notes);
  return values;
}

/** GICD_ICFGR<n> or GICR_ICFGR1 of 16 INTIDs, of one bit each from `from` on. */
function configuration(edges: bigint, from: number): bigint {
  let value = 0n;
  for (let at = 0; at < 16; at++) value |= ((edges >> BigInt(from + at)) & 1n) << BigInt(2 * at + 1);
  return value;
}

/**
 * GICD_IROUTER<n> is at offset 0x6000 + 8 n; QEMU asks KVM for the words at 0x6000 + 4 n and behind it (kvm_arm_gicv3_get). So element 2 n
 * of the array is the register of INTID n, and those of the upper half of the INTIDs are in no element. That neighbours overlap by a word
 * tells it from a QEMU that asks rightly.
 */
function addRouters(values: Map<string, bigint>, fields: GuestRegisters, offset: number, notes: Remarks): void {
  const element = (index: number): bigint => fields.get(`GICD_IROUTER${index}`) ?? 0n;
  let overlap = true;
  let isZero = true;
  for (let index = 32; index < INTIDS - 1; index++) {
    overlap &&= element(index) >> 32n === (element(index + 1) & LOW);
    isZero &&= element(index) === 0n;
  }
  if (!overlap || isZero) {
    for (let intid = 32; intid < INTIDS; intid++) values.set(`GICD_IROUTER${intid}`, element(intid));
    if (isZero) notes.add("assumed", offset, { what: "routes" });
    return;
  }
  for (let intid = 32; intid < INTIDS / 2; intid++) values.set(`GICD_IROUTER${intid}`, element(2 * intid));
  notes.add("routes-lost", offset, { first: INTIDS / 2, last: INTIDS - 1 });
}

function interfaceOf(fields: GuestRegisters): GuestRegisters {
  const values = new Map<string, bigint>();
  const sre = fields.get("ICC_SRE_EL1");
  if (sre !== undefined) values.set("ICC_SRE_EL1", sre);
  for (const [register, field] of INTERFACE) {
    const value = fields.get(field);
    if (value !== undefined) values.set(register, value);
  }
  // How many there are follows from PRIbits; KVM refuses the others.
  const bits = Number(((fields.get("ICC_CTLR_EL1[NS]") ?? 0n) >> 8n) & 7n) + 1;
  const words = bits >= 7 ? 4 : bits === 6 ? 2 : 1;
  for (let word = 0; word < words; word++) {
    values.set(`ICC_AP0R${word}_EL1`, fields.get(`ICC_APR${word}[G0]`) ?? 0n);
    values.set(`ICC_AP1R${word}_EL1`, fields.get(`ICC_APR${word}[G1NS]`) ?? 0n);
  }
  return values;
}
