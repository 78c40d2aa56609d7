import { affinityOf } from "./affinity.ts";
import { type AttributeGroup, attributeFields, attributeGroupByName, type DeviceType } from "./device-attributes.ts";
import { insertRaw } from "./field.ts";
import type { Block } from "./register.ts";
import { type RegisterMember, registerEncoding, registerOffset } from "./registers/index.ts";

/** The attribute by which user space reaches a register. */
export interface RegisterAttribute {
  readonly device: DeviceType;
  readonly group: AttributeGroup;
  /** `attr` of struct kvm_device_attr. A register that is wider than one access goes on at `attr` + 4. */
  readonly attr: bigint;
}

/** Group of each block of registers, on the devices of GICv3 and of GICv2. */
const groups: Readonly<Record<3 | 2, Partial<Record<Block, { readonly device: DeviceType; readonly group: string }>>>> =
  {
    3: {
      GITS: { device: "VGIC_ITS", group: "ITS_REGS" },
      GICD: { device: "VGIC_V3", group: "DIST_REGS" },
      GICR: { device: "VGIC_V3", group: "REDIST_REGS" },
      ICC: { device: "VGIC_V3", group: "CPU_SYSREGS" },
    },
    2: {
      GICD: { device: "VGIC_V2", group: "DIST_REGS" },
      GICC: { device: "VGIC_V2", group: "CPU_REGS" },
    },
  };

/**
 * @param pe vCPU whose register it is; of a register that exists once, any
 * @param generation of the guest's GIC
 * @returns undefined for a register that the devices have no attribute for
 */
export function registerAttribute(
  { register, index }: RegisterMember,
  pe: number,
  generation: 2 | 3 = 3,
): RegisterAttribute | undefined {
  const place = groups[generation][register.block];
  const group = place && attributeGroupByName(place.group);
  const fields = group && attributeFields(group, place.device);
  const code = registerEncoding(register, index);
  const offset = registerOffset(register, index);
  if (place === undefined || group === undefined || fields === undefined) return undefined;
  if (code === undefined && offset === undefined) return undefined;
  const once = place.device === "VGIC_V3" && group.name === "DIST_REGS";
  const parts: Readonly<Record<string, number | undefined>> = {
    ...code,
    offset,
    cpuid: pe,
    mpidr: once ? 0 : affinityOf(pe),
  };
  const attr = fields.reduce((word, field) => insertRaw(word, field, BigInt(parts[field.name] ?? 0)), 0n);
  return { device: place.device, group, attr };
}
