import type { Field } from "./field.ts";

const header = "Linux 7.2 arch/arm64/include/uapi/asm/kvm.h KVM_DEV_ARM_VGIC_*, KVM_VGIC_*";

/** The virtual GIC devices of KVM on arm64. */
export type DeviceType = "VGIC_V2" | "VGIC_V3" | "VGIC_ITS";

/** One kind of device of KVM_CREATE_DEVICE. */
export interface KvmDevice {
  readonly type: DeviceType;
  /** `type` of struct kvm_create_device. */
  readonly code: number;
  readonly documentation: string;
}

/** Source: Linux include/uapi/linux/kvm.h enum kvm_device_type. */
export const kvmDevices: readonly KvmDevice[] = [
  { type: "VGIC_V2", code: 5, documentation: "Documentation/virt/kvm/devices/arm-vgic.rst" },
  { type: "VGIC_V3", code: 7, documentation: "Documentation/virt/kvm/devices/arm-vgic-v3.rst" },
  { type: "VGIC_ITS", code: 8, documentation: "Documentation/virt/kvm/devices/arm-vgic-its.rst" },
];

export type AttributeGroupName =
  | "ADDR"
  | "DIST_REGS"
  | "CPU_REGS"
  | "NR_IRQS"
  | "CTRL"
  | "REDIST_REGS"
  | "CPU_SYSREGS"
  | "LEVEL_INFO"
  | "ITS_REGS"
  | "MAINT_IRQ";

/** Names of the attributes of ADDR and CTRL. */
export type AttributeName =
  | "V2_ADDR_DIST"
  | "V2_ADDR_CPU"
  | "ADDR_DIST"
  | "ADDR_REDIST"
  | "ADDR_ITS"
  | "REDIST_REGION"
  | "INIT"
  | "SAVE_TABLES"
  | "RESTORE_TABLES"
  | "SAVE_PENDING_TABLES"
  | "RESET";

/** A numbered attribute of a group that is no register space. */
export interface NamedAttribute {
  readonly name: AttributeName;
  readonly attr: number;
  readonly devices: readonly DeviceType[];
  readonly summary: string;
  /** For addresses, in bytes: alignment of the base and size of the region; 0 where the value tells the size. */
  readonly alignment?: number;
  readonly bytes?: number;
}

/** How the 64-bit `attr` of a group is made up; devices differ in DIST_REGS. */
export interface AttributeEncoding {
  readonly devices: readonly DeviceType[];
  readonly fields: readonly Field[];
}

/** One group of the KVM_{SET,GET,HAS}_DEVICE_ATTR interface. */
export interface AttributeGroup {
  readonly name: AttributeGroupName;
  readonly group: number;
  readonly devices: readonly DeviceType[];
  /** Bytes that `addr` points to; 0 when the attribute is an action. */
  readonly valueBytes: 0 | 4 | 8;
  readonly attributes?: readonly NamedAttribute[];
  readonly encodings?: readonly AttributeEncoding[];
  readonly summary: string;
  readonly source: string;
}

const v2: readonly DeviceType[] = ["VGIC_V2"];
const v3: readonly DeviceType[] = ["VGIC_V3"];
const its: readonly DeviceType[] = ["VGIC_ITS"];
const gics: readonly DeviceType[] = ["VGIC_V2", "VGIC_V3"];
const all: readonly DeviceType[] = ["VGIC_V2", "VGIC_V3", "VGIC_ITS"];

const registerOffset: Field = {
  name: "offset",
  msb: 31,
  lsb: 0,
  display: "hex",
  unit: "bytes",
  summary: "offset: byte offset of the register in the frame.",
};

const mpidr: Field = {
  name: "mpidr",
  msb: 63,
  lsb: 32,
  display: "hex",
  summary: "mpidr: Aff3.Aff2.Aff1.Aff0 of the vCPU, a byte each.",
};

const v2RegisterFields: readonly Field[] = [
  { name: "cpuid", msb: 39, lsb: 32, summary: "cpuid: index of the vCPU." },
  registerOffset,
];

/** KVM_DEV_ARM_VGIC_SYSREG: what follows `mpidr` in the attr of CPU_SYSREGS. */
const sysregFields: readonly Field[] = [
  mpidr,
  { name: "op0", msb: 15, lsb: 14, summary: "op0 of the system register." },
  { name: "op1", msb: 13, lsb: 11, summary: "op1 of the system register." },
  { name: "CRn", msb: 10, lsb: 7, summary: "CRn of the system register." },
  { name: "CRm", msb: 6, lsb: 3, summary: "CRm of the system register." },
  { name: "op2", msb: 2, lsb: 0, summary: "op2 of the system register." },
];

/** Fields of the value of ADDR / REDIST_REGION. */
export const redistRegionFields: readonly Field[] = [
  {
    name: "count",
    msb: 63,
    lsb: 52,
    unit: "redistributors",
    summary: "count: number of redistributors in the region.",
  },
  {
    name: "base",
    msb: 51,
    lsb: 16,
    shift: 16,
    unit: "address",
    summary: "base: guest physical address of the region, bits [51:16].",
  },
  { name: "flags", msb: 15, lsb: 12, summary: "flags: must be 0." },
  { name: "index", msb: 11, lsb: 0, summary: "index: number of the region, from 0; KVM keeps 8 bits of it." },
];

const addressAttributes: readonly NamedAttribute[] = [
  {
    name: "V2_ADDR_DIST",
    attr: 0,
    devices: v2,
    alignment: 0x1000,
    bytes: 0x1000,
    summary: "Base of the GICv2 distributor.",
  },
  {
    name: "V2_ADDR_CPU",
    attr: 1,
    devices: v2,
    alignment: 0x1000,
    bytes: 0x2000,
    summary: "Base of the GICv2 CPU interface.",
  },
  {
    name: "ADDR_DIST",
    attr: 2,
    devices: v3,
    alignment: 0x10000,
    bytes: 0x10000,
    summary: "Base of the GICv3 distributor.",
  },
  {
    name: "ADDR_REDIST",
    attr: 3,
    devices: v3,
    alignment: 0x10000,
    bytes: 0,
    summary: "Base of all redistributors, 128 KiB each.",
  },
  {
    name: "ADDR_ITS",
    attr: 4,
    devices: its,
    alignment: 0x10000,
    bytes: 0x20000,
    summary: "Base of the ITS, control and translation frame.",
  },
  {
    name: "REDIST_REGION",
    attr: 5,
    devices: v3,
    alignment: 0x10000,
    bytes: 0,
    summary: "Base, count and index of a region of redistributors.",
  },
];

const controlAttributes: readonly NamedAttribute[] = [
  { name: "INIT", attr: 0, devices: all, summary: "Initialises the device." },
  {
    name: "SAVE_TABLES",
    attr: 1,
    devices: its,
    summary: "Writes the ITS's devices, events and collections to the tables in guest memory.",
  },
  {
    name: "RESTORE_TABLES",
    attr: 2,
    devices: its,
    summary: "Reads devices, events and collections from the tables in guest memory.",
  },
  {
    name: "SAVE_PENDING_TABLES",
    attr: 3,
    devices: v3,
    summary: "Writes the pending LPIs to the pending tables in guest memory.",
  },
  { name: "RESET", attr: 4, devices: its, summary: "Resets the ITS; the table ABI revision stays." },
];

/** Every attribute group, in the order of its number. */
export const attributeGroups: readonly AttributeGroup[] = [
  {
    name: "ADDR",
    group: 0,
    devices: all,
    valueBytes: 8,
    attributes: addressAttributes,
    summary: "Guest physical addresses of the device's frames.",
    source: header,
  },
  {
    name: "DIST_REGS",
    group: 1,
    devices: gics,
    valueBytes: 4,
    encodings: [
      { devices: v2, fields: v2RegisterFields },
      { devices: v3, fields: [{ ...mpidr, summary: "mpidr: ignored." }, registerOffset] },
    ],
    summary: "Distributor registers, 32 bits at a time.",
    source: header,
  },
  {
    name: "CPU_REGS",
    group: 2,
    devices: v2,
    valueBytes: 4,
    encodings: [{ devices: v2, fields: v2RegisterFields }],
    summary: "GICv2 CPU interface registers of one vCPU.",
    source: header,
  },
  {
    name: "NR_IRQS",
    group: 3,
    devices: gics,
    valueBytes: 4,
    summary: "Number of INTIDs without LPIs: 64 to 1024 in steps of 32, set once.",
    source: header,
  },
  {
    name: "CTRL",
    group: 4,
    devices: all,
    valueBytes: 0,
    attributes: controlAttributes,
    summary: "Actions of the device.",
    source: header,
  },
  {
    name: "REDIST_REGS",
    group: 5,
    devices: v3,
    valueBytes: 4,
    encodings: [{ devices: v3, fields: [mpidr, registerOffset] }],
    summary: "Redistributor registers of one vCPU, 32 bits at a time; the SGI_base frame begins at 0x10000.",
    source: header,
  },
  {
    name: "CPU_SYSREGS",
    group: 6,
    devices: v3,
    valueBytes: 8,
    encodings: [{ devices: v3, fields: sysregFields }],
    summary: "ICC_* system registers of one vCPU.",
    source: header,
  },
  {
    name: "LEVEL_INFO",
    group: 7,
    devices: v3,
    valueBytes: 4,
    encodings: [
      {
        devices: v3,
        fields: [
          mpidr,
          {
            name: "info",
            msb: 31,
            lsb: 10,
            summary: "info: 0 for the level of the input lines, all others are refused.",
          },
          { name: "vINTID", msb: 9, lsb: 0, unit: "INTID", summary: "vINTID: first of 32 INTIDs, a multiple of 32." },
        ],
      },
    ],
    summary: "Level of 32 interrupt input lines, one bit each.",
    source: header,
  },
  {
    name: "ITS_REGS",
    group: 8,
    devices: its,
    valueBytes: 8,
    encodings: [
      {
        devices: its,
        fields: [{ ...registerOffset, msb: 63, summary: "offset: byte offset of the register in the control frame." }],
      },
    ],
    summary: "ITS registers, always as 64-bit values.",
    source: header,
  },
  {
    name: "MAINT_IRQ",
    group: 9,
    devices: v3,
    valueBytes: 4,
    summary: "PPI of the maintenance interrupt of guests with EL2; the number is in the value.",
    source: header,
  },
];

/** Numbers of the groups, by name. */
export const groupNumbers = Object.fromEntries(attributeGroups.map(({ name, group }) => [name, group])) as Readonly<
  Record<AttributeGroupName, number>
>;

/** Numbers of the attributes of ADDR and CTRL, by name. */
export const attributeNumbers = Object.fromEntries(
  [...addressAttributes, ...controlAttributes].map(({ name, attr }) => [name, BigInt(attr)]),
) as Readonly<Record<AttributeName, bigint>>;

const groupsByName = new Map<string, AttributeGroup>(attributeGroups.map((group) => [group.name, group]));

export function attributeGroupByName(name: string): AttributeGroup | undefined {
  return groupsByName.get(name);
}

export function attributeGroupByNumber(number: number): AttributeGroup | undefined {
  return attributeGroups.find((group) => group.group === number);
}

/** Fields of the `attr` of a group's registers for a device; undefined when the device has none there. */
export function attributeFields(group: AttributeGroup, device: DeviceType): readonly Field[] | undefined {
  return group.encodings?.find((encoding) => encoding.devices.includes(device))?.fields;
}

/** Groups that a device has, by their numbers. */
export function groupsOf(device: DeviceType): readonly AttributeGroup[] {
  return attributeGroups.filter(({ devices }) => devices.includes(device));
}

/** Attributes with names that a group has for a device. */
export function attributesOf(group: AttributeGroup, device: DeviceType): readonly NamedAttribute[] {
  return (group.attributes ?? []).filter(({ devices }) => devices.includes(device));
}

/** The named attribute of a group for a device by its number. */
export function namedAttribute(group: AttributeGroup, device: DeviceType, attr: number): NamedAttribute | undefined {
  return group.attributes?.find((entry) => entry.attr === attr && entry.devices.includes(device));
}

/** `flags` of struct kvm_msi: `devid` holds the DeviceID. KVM_SIGNAL_MSI to an ITS without it is EINVAL. Source: Linux uapi/linux/kvm.h. */
export const KVM_MSI_VALID_DEVID = 1;

/** Fields of the `irq` of KVM_IRQ_LINE. Source: Linux Documentation/virt/kvm/api.rst, KVM_IRQ_LINE. */
export const irqLineFields: readonly Field[] = [
  { name: "vcpu2_index", msb: 31, lsb: 28, summary: "vcpu2_index: bits [11:8] of the vCPU index." },
  {
    name: "irq_type",
    msb: 27,
    lsb: 24,
    summary: "irq_type: what irq_id counts.",
    values: [
      { value: 0, name: "CPU", summary: "IRQ (0) or FIQ (1) input of a vCPU, without an in-kernel GIC" },
      { value: 1, name: "SPI" },
      { value: 2, name: "PPI" },
    ],
  },
  { name: "vcpu_index", msb: 23, lsb: 16, summary: "vcpu_index: bits [7:0] of the vCPU index." },
  { name: "irq_id", msb: 15, lsb: 0, unit: "INTID", summary: "irq_id: the INTID." },
];

/** Error numbers that the interface returns, by name. Source: Linux include/uapi/asm-generic/errno-base.h. */
export const errnoByName = {
  ENOENT: 2,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
} as const;

export type ErrnoName = keyof typeof errnoByName;

const errnoNames = new Map<number, string>(Object.entries(errnoByName).map(([name, number]) => [number, name]));

/** Name of a positive error number; undefined for one that the interface does not use. */
export function errnoName(errno: number): string | undefined {
  return errnoNames.get(errno);
}
