import type { ArchModelName, KvmModelName, LayoutName, ModelName, QemuModelName } from "../../architecture/index.ts";
import type { KvmTableAbi } from "./table-abi.ts";

/** What a Linux kernel's virtual ITS decides where kernels differ. Every decision names its source. */
export interface KvmDecisions {
  /** Exact version that was recorded, for sentences to users. */
  readonly kernel: string;
  /** SAVE_TABLES with a device whose DTE has no place in the table (its L1 entry is gone). */
  readonly unlocatableDeviceOnSave: "EINVAL" | "skip";
  /** SAVE_TABLES with an ITE whose collection was unmapped after MAPTI. */
  readonly iteWithoutCollectionOnSave: "host-crash" | "zero-entry";
  /** What ITE.next of a saved table points at: the next event that still has a collection, or the next event of the list. */
  readonly iteNextSkipsUnmapped: boolean;
  /** An LPI belongs to one ITE of the VM: mapping it a second time does nothing (Linux 7.3), or makes one more ITE that reaches it. */
  readonly oneIteAnLpi: boolean;
  /** Mapping an LPI that is still pending from an earlier mapping gives it the new collection's vCPU (Linux 7.3), or leaves it its own. */
  readonly mappingSetsTarget: boolean;
  /** DISCARD writes a zero ITE, MAPD V=0 a zero DTE to guest memory. */
  readonly unmapClearsEntry: boolean;
  /** Which LPIs MOVALL moves: those of RDbase1, or every LPI of the VM. */
  readonly movallMoves: "RDbase1" | "every LPI";
  /** A failed RESTORE_TABLES frees what it had restored. */
  readonly failedRestoreFrees: boolean;
  /** MAPTI and RESTORE_TABLES refuse an event whose ITE is not in RAM. */
  readonly iteMustBeInRam: boolean;
  /** RESTORE_TABLES meets an ICID that does not fit the collection table. */
  readonly unfitIcidOnRestore: "EINVAL" | "skip";
  /** RESTORE_TABLES refuses a DTE with more than 16 EventID bits. */
  readonly restoreChecksEventBits: boolean;
  /** RESTORE_TABLES refuses a DeviceID that has no place in the device table. */
  readonly restoreChecksDeviceId: boolean;
  /** A BASER write that changes the register frees the table's contents and empties the translation cache, Valid or not. */
  readonly baserChangeFrees: boolean;
  /** Implementation revision in GICD_IIDR.Revision; from 3 on GICR_CTLR reads IR and CES as 1. */
  readonly implementationRevision: 2 | 3;
  /** Register access with a running vCPU: the offset is looked up before the vCPU locks are taken. */
  readonly offsetCheckedBeforeLocks: boolean;
  /** A CTRL attribute that does not exist. */
  readonly unknownCtrlAttribute: "ENXIO" | "OK";
  /** GICR_INVLPIR, GICR_INVALLR and GICR_SYNCR exist (Linux 5.19). */
  readonly lpiInvalidationRegisters: boolean;
  /** GICR_TYPER.Last is shown to user space, and a region that another one continues has no last redistributor (Linux 5.15). */
  readonly typerLastForUser: boolean;
  /** ADDR/REDIST or REDIST_REGION that fails after the region was entered leaves it there (before Linux 5.15). */
  readonly failedRegionStays: boolean;
  /** Redistributors whose frames leave the bus with a region that fails: those of all vCPUs before the failing one, or its own (Linux 7.3). */
  readonly failedRegionTakes: "all frames" | "its own frames";
  /** What an address of a frame has to be: its start within the address space, looked at before EEXIST, or all of it (Linux 5.16). */
  readonly frameCheck: "start" | "whole frame";
  /** SAVE_PENDING_TABLES before CTRL/INIT is ENXIO (Linux 5.13), or saves nothing. */
  readonly pendingTablesNeedInit: boolean;
  /** KVM_IRQ_LINE looks whether the GIC is initialised before it looks for the vCPU of a PPI. */
  readonly lineChecksInitFirst: boolean;
  /** Get or set of a CPU_SYSREGS attribute that is no register: the errno of the system register code (Linux 5.19), or of the GIC's. */
  readonly unknownSystemRegister: "ENOENT" | "ENXIO";
  /** GICD_IIDR and GICD_TYPER2 can be accessed before CTRL/INIT; a changed GICD_TYPER2 after it is EBUSY, not EINVAL (Linux 6.17). */
  readonly identityBeforeInit: boolean;
  /** Group MAINT_IRQ exists (Linux 6.17). */
  readonly maintenanceInterruptAttribute: boolean;
  /** CPU_REGS has GICC_DIR (Linux 6.19, which traps deactivation). */
  readonly dirAttribute: boolean;
  /**
   * The first KVM_RUN fails for the GIC's addresses: every later ioctl is EIO (`kvm_vm_dead`, Linux 5.17), or the GIC is torn down
   * (`kvm_vgic_destroy`), a GICv2 made anew at the next access, and the vCPU counts as having run: its next KVM_RUN enters the guest.
   */
  readonly failedStart: "VM dead" | "GIC torn down";
  /** Order in which a list that is longer than the list registers are many goes into them (Linux 6.19 changed it). */
  readonly listOrder: "active-first" | "enabled-group-first";
  /**
   * The world switch of Linux 6.19: maintenance interrupts for everything that stays outside the list registers, EOIcount taken as
   * deactivations, ICH_HCR_EL2 written at every entry, LPIs without an active state.
   */
  readonly countsEois: boolean;
  /**
   * The level of a physical line is asked for when its virtual interrupt ended with the line raised anew, too, and not only when it came
   * back pending (Linux 5.14).
   */
  readonly resamplesOnDeactivation: boolean;
  /** KVM deactivates physical interrupts itself on hosts whose list registers cannot (Linux 5.14). */
  readonly softwareDeactivation: boolean;
  /** Layouts of the saved tables that it knows, by consecutive revisions; the newest is the last. */
  readonly tableAbis: readonly KvmTableAbi[];
  /**
   * What user space's write of GITS_IIDR.Revision does: it selects the layout for all that follows, and an unknown one is EINVAL; or it
   * is kept for RESTORE_TABLES, which compares it, while saves and the guest's reads stay with the newest.
   */
  readonly revisionWrite: "selects" | "compared on restore";
  /** First DeviceID of a level-2 page: entries before it are counted by the DTE's size or by that of a level-1 entry. */
  readonly level2FirstDevice: "DTE size" | "level-1 entry size";
  /** Step from DTE to DTE when RESTORE_TABLES walks a level-2 page. */
  readonly level2Step: "DTE size" | "ITE size";
  /** Step from entry to entry when RESTORE_TABLES walks a level-1 table. */
  readonly level1Step: "level-1 entry size" | "DTE size";
  /**
   * What the walk of the level-1 table makes of a level-2 page's answer. 0 says that the page held the last device and 1 that it held none
   * with `next` = 0, so that the walk goes on; or the two are taken for each other.
   */
  readonly level2Answer: "0 ends the walk" | "1 ends the walk";
  /** What SAVE_TABLES writes behind the first 8 bytes of a wider entry. */
  readonly wideEntryRest: "zero" | "kernel stack";
  /** Who carries out the commands between GITS_CREADR and GITS_CWRITER when several vCPUs write GITS_CWRITER. */
  readonly queueWriters: "one at a time" | "the first for all";
  /** GITS_CWRITER equal to the size of the queue. */
  readonly cwriterAtEnd: "ignored" | "taken";
  /** GITS_TYPER.HCC: collections that the ITS holds without a table in memory. */
  readonly hardwareCollections: number;
  /** Bytes of an ITE as GITS_TYPER.ITT_entry_size tells them. */
  readonly typerIteBytes: number;
  /** GITS_PIDR<n> name the part and its designer (Arm's values), or only what the architecture fixes. */
  readonly idRegisters: "Arm" | "architecture alone";
  /**
   * GICC_APR<n> of CPU_REGS: the host's own register, with a bit for each of its preemption levels, or four registers with a bit for each of
   * 128 levels, of which the host's are evenly spaced ones.
   */
  readonly activePriorityFormat: "the host's levels" | "128 levels";
  /** Get and set of a GICv2 register that is unknown: done, without effect, or ENXIO, whether a vCPU runs or not. */
  readonly unknownV2Register: "ignored" | "ENXIO";
  /** What keeps vCPUs from running during a register access of user space: their locks, or a look whether one runs. */
  readonly accessExcludes: "vCPU locks" | "a look";
}

/**
 * What QEMU's emulated GIC decides where the architecture leaves a choice or QEMU takes its own way. Every decision names its source
 * in hw/intc of QEMU.
 */
export interface QemuDecisions {
  /** Exact version that was recorded, for sentences to users. */
  readonly version: string;
  /** Layout of the ITS tables, which lie in guest memory and are read at every command (gicv3_internal.h). */
  readonly layout: LayoutName;
  /** Bits of physical priority of the CPU interface (arm_gicv3_cpuif.c gicv3_init_cpuif; what most Arm cores have). */
  readonly priorityBits: number;
  /** SPIs of the `virt` machine (hw/arm/virt.c NUM_IRQS). */
  readonly spis: number;
  /** A command that is in no memory: read as zeros, and so no command that exists (arm_gicv3_its.c process_cmdq, address_space_map). */
  readonly unreadableCommand: "unknown opcode 0" | "stall";
  /** INT, CLEAR, DISCARD and MSIs whose CTE or VTE is in no memory (arm_gicv3_its.c do_process_its_cmd returns CMD_CONTINUE_OK). */
  readonly collectionFaultOnTrigger: "stall" | "swallow";
  /** MAPD with V = 0 is refused for a bad Size (arm_gicv3_its.c process_mapd). */
  readonly sizeCheckedOnUnmap: boolean;
  /** GITS_CBASER and GITS_BASER<n> ignore writes while GITS_CTLR.Enabled = 1 (arm_gicv3_its.c its_writell). */
  readonly registersLockedWhileEnabled: boolean;
  /** GITS_CREADR takes writes when GICD_CTLR.DS = 1 (arm_gicv3_its.c its_writell). */
  readonly creadrWritableWithOneSecurityState: boolean;
  /** GICD_TYPER.ITLinesNumber counts SGIs and PPIs too, as the architecture has it, or SPIs alone (arm_gicv3_dist.c gicd_readl). */
  readonly linesCountPrivate: boolean;
  /** ICC_PMR_EL1 keeps bits [31:8] as they were written (arm_gicv3_cpuif.c icc_fullprio_mask, 8.2). */
  readonly priorityMaskHighBits: boolean;
  /**
   * ICC_AP1R<n>_EL1 written by Non-secure software where EL3 is: the Non-secure half of the priorities is kept, or nothing of the first two
   * registers (arm_gicv3_cpuif.c icc_ap_write).
   */
  readonly activePrioritiesKeepNonSecureHalf: boolean;
  /** A vPE whose level-2 page does not exist: an entry that is not valid, or one that cannot be read (arm_gicv3_its.c get_vte). */
  readonly absentVpePage: "not valid" | "fault";
}

/**
 * What the strict reading of the architecture decides where the text leaves a choice. Sources are the manual's pages as far as they are
 * public; where no source says, the decision is a reading chosen here and says so.
 */
export interface ArchDecisions {
  /** What it is a model of, for sentences to users. */
  readonly version: string;
  /** Layout of the tables, which lie in guest memory and are read at every command. */
  readonly layout: LayoutName;
  /** Bits of physical priority of the CPU interface. */
  readonly priorityBits: number;
  /** SPIs, a multiple of 32. */
  readonly spis: number;
  /** A command error stops the queue at the command, or is dropped with it. */
  readonly commandError: "stall" | "ignore";
  /** MAPTI, MAPI, VMAPTI and VMAPI of an event that is mapped already. */
  readonly liveEventRemap: "overwrite" | "keep";
  /** GITS_CWRITER beyond the command queue. */
  readonly cwriterOutOfRange: "wait for a valid value" | "keep the old value";
}

/** A named set of behaviours. */
export interface Model {
  readonly name: ModelName;
  /** What it is, for people; of a kernel with the exact version. */
  readonly title: string;
}

export interface KvmModel extends Model {
  readonly name: KvmModelName;
  readonly kvm: KvmDecisions;
}

export interface QemuModel extends Model {
  readonly name: QemuModelName;
  readonly qemu: QemuDecisions;
}

export interface ArchModel extends Model {
  readonly name: ArchModelName;
  readonly arch: ArchDecisions;
}
