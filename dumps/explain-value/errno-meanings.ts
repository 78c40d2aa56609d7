import {
  type AttributeGroupName,
  attributeGroups,
  type ErrnoName,
  errnoByName,
} from "../../architecture/device-attributes.ts";
import { type Reading, sentence } from "./reading.ts";

/** What an errno means when an attribute group answers it, for one kind of call or all. */
interface Meaning {
  readonly groups: readonly (AttributeGroupName | "KVM_SIGNAL_MSI" | "KVM_IRQ_LINE")[];
  readonly text: string;
}

const registerGroups = ["DIST_REGS", "CPU_REGS", "REDIST_REGS", "CPU_SYSREGS", "LEVEL_INFO"] as const;

/**
 * Sources: Linux Documentation/virt/kvm/devices/arm-vgic*.rst; arch/arm64/kvm/vgic/vgic-kvm-device.c, vgic-its.c of 6.12 and 7.2; recordings of
 * these kernels.
 */
const meanings: Readonly<Record<ErrnoName, readonly Meaning[]>> = {
  ENOENT: [
    { groups: ["ADDR"], text: "REDIST_REGION: no region has this index." },
    { groups: ["CPU_SYSREGS"], text: "The interface has no register of this encoding (Linux 5.10: ENXIO)." },
  ],
  EIO: [
    {
      groups: ["DIST_REGS", "CPU_REGS"],
      text: "The VM is dead: its frames could not be mapped when a vCPU first ran, for example because they overlap.",
    },
  ],
  ENXIO: [
    { groups: ["ITS_REGS"], text: "The base address of the ITS is not set, or no register is at this offset." },
    { groups: ["ADDR"], text: "The attribute is of another device type." },
    { groups: ["CTRL"], text: "The device has no such action, or SAVE_PENDING_TABLES came before INIT." },
    { groups: registerGroups, text: "KVM_HAS_DEVICE_ATTR: no register is at this offset or encoding." },
    { groups: [...registerGroups, "ITS_REGS", "NR_IRQS", "MAINT_IRQ"], text: "The device has no such group." },
    { groups: ["KVM_IRQ_LINE"], text: "irq_type 0 (CPU) in a VM with an in-kernel GIC." },
  ],
  E2BIG: [{ groups: ["ADDR"], text: "The region ends outside the guest's physical address space." }],
  ENOMEM: [{ groups: ["CTRL", "ADDR"], text: "The kernel has no memory for the device's state." }],
  EACCES: [
    {
      groups: ["CTRL"],
      text: "SAVE_TABLES: an event is a hardware virtual LPI on a GICv4.0 host, whose state cannot be read.",
    },
  ],
  EFAULT: [
    { groups: ["CTRL"], text: "A table or an ITT is not in the guest's memory." },
    {
      groups: ["ADDR", "NR_IRQS", "ITS_REGS", "MAINT_IRQ", ...registerGroups],
      text: "`addr` points to memory that user space does not have.",
    },
  ],
  EBUSY: [
    { groups: ["ITS_REGS"], text: "GITS_CREADR is written while the ITS is enabled, or a vCPU is running." },
    { groups: ["CTRL"], text: "A vCPU is running: all must be stopped." },
    { groups: registerGroups, text: "A vCPU is running, or the VGICv3 device is not initialised yet (CTRL INIT)." },
    { groups: ["NR_IRQS"], text: "The number of INTIDs is set already, or the device is initialised." },
    { groups: ["KVM_SIGNAL_MSI"], text: "The ITS, or LPIs at the target redistributor, are disabled." },
  ],
  EEXIST: [
    { groups: ["ADDR"], text: "The address is set already." },
    { groups: ["CTRL"], text: "RESTORE_TABLES: two collection table entries have the same ICID." },
  ],
  ENODEV: [{ groups: ["ADDR"], text: "The VM has no device of this type, or the attribute is of another one." }],
  EINVAL: [
    {
      groups: ["ADDR"],
      text: "The base is not aligned (64 KiB in GICv3, 4 KiB in GICv2), or a redistributor region overlaps another.",
    },
    { groups: ["NR_IRQS"], text: "The number is not 64 to 1024 in steps of 32." },
    {
      groups: ["ITS_REGS"],
      text: "The offset is not aligned (4 bytes below 0x8 and from 0xffd0, else 8), GITS_IIDR.Revision is unknown, or GITS_CREADR is beyond the queue.",
    },
    {
      groups: ["CTRL"],
      text: "RESTORE_TABLES: an entry is inconsistent with the registers or the other tables. SAVE_TABLES: the device table has no place for a device (Linux 6.12).",
    },
    {
      groups: ["DIST_REGS", "CPU_REGS"],
      text: "No vCPU has this index; GICD_IIDR or GICD_TYPER2 differs in what is fixed.",
    },
    { groups: ["REDIST_REGS"], text: "No vCPU has this mpidr." },
    {
      groups: ["CPU_SYSREGS"],
      text: "No vCPU has this mpidr; ICC_CTLR_EL1 asks for more PRIbits or IDbits than the host has, or another SEIS or A3V; ICC_SRE_EL1.SRE is 0; an active-priority register beyond those implemented.",
    },
    { groups: ["LEVEL_INFO"], text: "vINTID is no multiple of 32, or info is not 0." },
    { groups: ["KVM_SIGNAL_MSI"], text: "No ITS is at the address, or the flag KVM_MSI_VALID_DEVID is missing." },
    {
      groups: ["KVM_IRQ_LINE"],
      text: "irq_type is unknown, irq_id is outside its type's range, or there is no such vCPU.",
    },
  ],
};

/** Words that an errno can be asked about. */
export const errnoGroups: readonly string[] = [
  ...attributeGroups.map(({ name }) => name),
  "KVM_SIGNAL_MSI",
  "KVM_IRQ_LINE",
];

function isErrnoName(name: string): name is ErrnoName {
  return Object.hasOwn(errnoByName, name);
}

/** Names of the error numbers of the interface. */
export const errnoNames: readonly ErrnoName[] = Object.keys(errnoByName).filter(isErrnoName);

/** What an errno means, in one group or in all. @param name or number, with or without a minus sign */
export function readErrno(name: string, group?: string): Reading | undefined {
  const wanted = name.toUpperCase().replace(/^-/, "");
  const errno = errnoNames.find((known) => known === wanted || String(errnoByName[known]) === wanted);
  if (errno === undefined) return undefined;
  const all = meanings[errno];
  const chosen = group === undefined ? all : all.filter(({ groups }) => groups.some((known) => known === group));
  const title = `${errno} (errno ${errnoByName[errno]})${group === undefined ? "" : ` from ${group}`}`;
  if (chosen.length === 0) return sentence("errno", title, "KVM's GIC devices are not known to answer it there.");
  if (chosen.length === 1 && group !== undefined) return sentence("errno", title, chosen[0].text);
  const notes = chosen.map(({ groups, text }) => `${groups.join(", ")}: ${text}`);
  return sentence("errno", title, "What it says depends on what was asked:", notes);
}

/** The errnos of a group with their meanings, a sentence each. */
export function errnosOfGroup(group: AttributeGroupName): string[] {
  return errnoNames.flatMap((errno) =>
    meanings[errno].filter(({ groups }) => groups.includes(group)).map(({ text }) => `${errno}: ${text}`),
  );
}
