import type { Register } from "../register.ts";
import { type IntidRegisterPlace, type IntidRegisterStem, intidRegisters } from "./per-intid.ts";

/** Offset of the SGI_base frame from RD_base. */
export const GICR_SGI_FRAME = 0x10000;

const source =
  "Arm IHI0069 chapter 12; Linux include/linux/irqchip/arm-gic-v3.h GICR_*; resets as recorded from Linux 7.2";

type Reset = Register["reset"];

/** SGIs and PPIs: one register of 32 INTIDs from INTID 0 on. */
function banked(stem: IntidRegisterStem, offset: number, reset?: Reset): Register {
  return intidRegisters("GICR", stem, { offset: GICR_SGI_FRAME + offset, count: 1, firstIntid: 0 }, source, { reset });
}

function array(stem: IntidRegisterStem, place: IntidRegisterPlace, reset?: Reset): Register {
  return intidRegisters("GICR", stem, { ...place, offset: GICR_SGI_FRAME + place.offset }, source, { reset });
}

/** Extended PPIs: two registers of 32 INTIDs from INTID 1056 on. */
function extended(stem: IntidRegisterStem, offset: number): Register {
  return array(stem, { offset, count: 2, firstIndex: 1, firstIntid: 1056, extended: true });
}

const kvmZero = { kvm: 0n } as const;

/** SGI_base frame: SGIs and PPIs of one PE. */
export const gicrSgiRegisters: readonly Register[] = [
  banked("IGROUPR", 0x080, { kvm: 0xffffffffn }),
  extended("IGROUPR", 0x084),
  banked("ISENABLER", 0x100, { kvm: 0xffffn }),
  extended("ISENABLER", 0x104),
  banked("ICENABLER", 0x180, { kvm: 0xffffn }),
  extended("ICENABLER", 0x184),
  banked("ISPENDR", 0x200, kvmZero),
  extended("ISPENDR", 0x204),
  banked("ICPENDR", 0x280, kvmZero),
  extended("ICPENDR", 0x284),
  banked("ISACTIVER", 0x300, kvmZero),
  extended("ISACTIVER", 0x304),
  banked("ICACTIVER", 0x380, kvmZero),
  extended("ICACTIVER", 0x384),
  array("IPRIORITYR", { offset: 0x400, count: 8, firstIntid: 0 }, kvmZero),
  array("IPRIORITYR", { offset: 0x420, count: 16, firstIndex: 8, firstIntid: 1056, extended: true }),
  {
    ...intidRegisters("GICR", "ICFGR", { offset: GICR_SGI_FRAME + 0xc00, count: 1, firstIntid: 0 }, source),
    access: "RO",
    reset: { arch: 0xaaaaaaaan, kvm: 0xaaaaaaaan },
    summary: "INTIDs 0 to 15, 2 bits each: trigger of the SGIs, always edge-triggered.",
  },
  array("ICFGR", { offset: 0xc04, count: 1, firstIndex: 1, firstIntid: 16 }, kvmZero),
  array("ICFGR", { offset: 0xc08, count: 4, firstIndex: 2, firstIntid: 1056, extended: true }),
  banked("IGRPMODR", 0xd00, kvmZero),
  extended("IGRPMODR", 0xd04),
  {
    ...intidRegisters("GICR", "NSACR", { offset: GICR_SGI_FRAME + 0xe00, count: 1, firstIntid: 0 }, source),
    name: "GICR_NSACR",
    reset: kvmZero,
  },
  banked("INMIR", 0xf80),
  array("INMIR", { offset: 0xf84, count: 2, firstIndex: 1, firstIntid: 1056, extended: true }),
];
