/**
 * The virtual interface of the host's GIC, as KVM finds it in ICH_VTR_EL2 or GICH_VTR: 0x90b80003 and 0x90000003 on the machines
 * that were recorded (QEMU 7.2 with GICv3 and GICv2). Both have four list registers and five priority and preemption bits.
 */
const ICH_VTR = 0x90b8_0003;
const GICH_VTR = 0x9000_0003;

/** What ICH_VTR_EL2 or GICH_VTR says. */
export interface VirtualInterfaceFeatures {
  readonly vtr: number;
  readonly listRegisters: number;
  readonly priorityBits: number;
  readonly preemptionBits: number;
  /** ICC_CTLR_EL1.IDbits: 0 = 16 bits, 1 = 24 bits. */
  readonly idBits: number;
  /** ICC_CTLR_EL1.SEIS and A3V. */
  readonly seis: number;
  readonly a3v: number;
  /** TDS: ICH_HCR_EL2.TDIR exists. */
  readonly trapsDir: boolean;
}

function featuresOf(vtr: number): VirtualInterfaceFeatures {
  return {
    vtr,
    listRegisters: (vtr & 0x1f) + 1,
    priorityBits: (vtr >>> 29) + 1,
    preemptionBits: ((vtr >>> 26) & 7) + 1,
    idBits: (vtr >>> 23) & 7,
    seis: (vtr >>> 22) & 1,
    a3v: (vtr >>> 21) & 1,
    trapsDir: ((vtr >>> 19) & 1) === 1,
  };
}

/** What a host has otherwise than those that were recorded. */
export interface VirtualInterfaceChoice {
  /** 5..8: ICH_VTR_EL2.PRIbits + 1; as many of them decide about preemption, 7 at most. */
  readonly priorityBits?: number | undefined;
  /** 1..16: ICH_VTR_EL2.ListRegs + 1. */
  readonly listRegisters?: number | undefined;
}

/** @param version of the host's GIC */
export function featuresOfHost(
  version: 2 | 3,
  { priorityBits, listRegisters }: VirtualInterfaceChoice = {},
): VirtualInterfaceFeatures {
  let vtr = version === 2 ? GICH_VTR : ICH_VTR;
  if (listRegisters !== undefined) vtr = (vtr & ~0x1f) | (listRegisters - 1);
  if (priorityBits !== undefined)
    vtr = (vtr & 0x03ff_ffff) | ((priorityBits - 1) << 29) | ((Math.min(priorityBits, 7) - 1) << 26);
  return featuresOf(vtr >>> 0);
}

/** Priority bits that a virtual GIC of KVM has (`VGIC_PRI_BITS`), as a mask of the priority byte. */
export const PRIORITY_MASK = 0xf8;
