import type { ArchDecisions, KvmDecisions, QemuDecisions } from "./model.ts";

/** What a decision is about, for users: the docs table, and the hints where models differ. */
export interface DecisionFact {
  /** A sentence without a full stop that the decision's value completes or answers. */
  readonly title: string;
  readonly source: string;
}

type Facts<Decisions> = Readonly<Record<keyof Decisions, DecisionFact>>;

const vgic = "Linux arch/arm64/kvm/vgic";
const recordings = "recordings of Linux 5.10, 6.1, 6.12, 7.2 and 7.3";

export const kvmDecisionFacts: Facts<KvmDecisions> = {
  kernel: { title: "Recorded version", source: recordings },
  unlocatableDeviceOnSave: {
    title: "SAVE_TABLES with a device whose level-1 entry is gone",
    source: `${vgic}/vgic-its.c vgic_its_save_device_tables; 6.12.112 "Skip unreachable devices instead of failing the save"`,
  },
  iteWithoutCollectionOnSave: {
    title: "SAVE_TABLES with an event whose collection was unmapped",
    source: `${vgic}/vgic-its.c vgic_its_save_itt; 6.12.113 "Don't dereference a NULL collection on ITT save"`,
  },
  iteNextSkipsUnmapped: {
    title: "ITE.next of a saved table passes over events without a collection",
    source: `${vgic}/vgic-its.c compute_next_eventid_offset; Linux 7.3`,
  },
  oneIteAnLpi: {
    title:
      "An LPI belongs to one event of the VM: a second MAPTI or MAPI of it does nothing, and RESTORE_TABLES drops a second ITE",
    source: `${vgic}/vgic-its.c vgic_add_lpi; Linux 7.3`,
  },
  mappingSetsTarget: {
    title: "Mapping an LPI that is still pending from an earlier mapping gives it the new collection's vCPU",
    source: `${vgic}/vgic-its.c vgic_add_lpi; Linux 7.3`,
  },
  unmapClearsEntry: {
    title: "DISCARD and MAPD with V = 0 write a zero entry to guest memory",
    source: `${vgic}/vgic-its.c vgic_its_cmd_handle_discard, vgic_its_cmd_handle_mapd; November 2024`,
  },
  movallMoves: {
    title: "LPIs that MOVALL moves",
    source: `${vgic}/vgic-its.c vgic_its_cmd_handle_movall; 6.10 to 6.12.112 walk every LPI of the VM`,
  },
  failedRestoreFrees: {
    title: "A failed RESTORE_TABLES frees what it had restored",
    source: `${vgic}/vgic-its.c vgic_its_restore_device_tables`,
  },
  iteMustBeInRam: {
    title: "MAPTI and RESTORE_TABLES refuse an event whose ITE is not in RAM",
    source: `${vgic}/vgic-its.c vgic_its_check_event_id`,
  },
  unfitIcidOnRestore: {
    title: "RESTORE_TABLES meets an ICID that does not fit the collection table",
    source: `${vgic}/vgic-its.c vgic_its_restore_cte`,
  },
  restoreChecksEventBits: {
    title: "RESTORE_TABLES refuses a DTE with more than 16 EventID bits",
    source: `${vgic}/vgic-its.c vgic_its_restore_dte; 6.12.92`,
  },
  restoreChecksDeviceId: {
    title: "RESTORE_TABLES refuses a DeviceID that has no place in the device table",
    source: `${vgic}/vgic-its.c vgic_its_restore_dte; its draft "Device table save/restore" (v5, April 2017)`,
  },
  baserChangeFrees: {
    title: "A changed GITS_BASER<n> frees the table's contents and empties the translation cache",
    source: `${vgic}/vgic-its.c vgic_mmio_write_its_baser; 6.12.112`,
  },
  implementationRevision: {
    title: "GICD_IIDR.Revision; from 3 on GICR_CTLR reads IR and CES as 1",
    source: `${vgic}/vgic-mmio-v3.c, include/kvm/arm_vgic.h KVM_VGIC_IMP_REV_*`,
  },
  offsetCheckedBeforeLocks: {
    title: "Register attributes with a running vCPU: the offset is looked up before the vCPU locks are taken",
    source: `${vgic}/vgic-kvm-device.c`,
  },
  unknownCtrlAttribute: {
    title: "A CTRL attribute that does not exist",
    source: `${vgic}/vgic-its.c vgic_its_set_attr`,
  },
  lpiInvalidationRegisters: {
    title: "GICR_INVLPIR, GICR_INVALLR and GICR_SYNCR exist",
    source: `${vgic}/vgic-mmio-v3.c; Linux 5.19`,
  },
  typerLastForUser: {
    title: "GICR_TYPER.Last is shown to user space, and a region that another one continues has no last redistributor",
    source: `${vgic}/vgic-mmio-v3.c vgic_mmio_vcpu_rdist_is_last; Linux 5.15`,
  },
  failedRegionStays: {
    title: "A failed ADDR/REDIST_REGION leaves the region that it entered",
    source: `${vgic}/vgic-mmio-v3.c vgic_v3_set_redist_base; until Linux 5.15`,
  },
  failedRegionTakes: {
    title: "Redistributor frames that leave the bus with a region that fails",
    source: `${vgic}/vgic-mmio-v3.c vgic_register_all_redist_iodevs; Linux 7.3`,
  },
  frameCheck: {
    title: "What of a frame has to lie in the address space (E2BIG)",
    source: `${vgic}/vgic-kvm-device.c vgic_check_iorange; until Linux 5.16 vgic_check_ioaddr`,
  },
  pendingTablesNeedInit: {
    title: "SAVE_PENDING_TABLES before CTRL/INIT is ENXIO",
    source: `${vgic}/vgic-v3.c vgic_v3_save_pending_tables; Linux 5.13`,
  },
  lineChecksInitFirst: {
    title: "KVM_IRQ_LINE of a PPI looks at the GIC before it looks for the vCPU",
    source: "Linux arch/arm64/kvm/arm.c kvm_vm_ioctl_irq_line",
  },
  unknownSystemRegister: {
    title: "Errno of a CPU_SYSREGS attribute that is no register",
    source: `${vgic}/vgic-sys-reg-v3.c; Linux 5.19`,
  },
  identityBeforeInit: {
    title: "GICD_IIDR and GICD_TYPER2 can be accessed before CTRL/INIT",
    source: `${vgic}/vgic-kvm-device.c; Linux 6.17`,
  },
  maintenanceInterruptAttribute: { title: "Group MAINT_IRQ exists", source: `${vgic}/vgic-kvm-device.c; Linux 6.17` },
  dirAttribute: { title: "CPU_REGS has GICC_DIR", source: `${vgic}/vgic-mmio-v2.c; Linux 6.19` },
  failedStart: {
    title: "The first KVM_RUN fails for the GIC's addresses",
    source: `${vgic}/vgic-init.c kvm_vgic_map_resources; Linux 5.17`,
  },
  listOrder: {
    title: "Order in which interrupts go into list registers that are too few",
    source: `${vgic}/vgic.c vgic_irq_cmp; Linux 6.19`,
  },
  countsEois: {
    title: "Interrupts outside the list registers are deactivated by EOIcount and maintenance interrupts",
    source: `${vgic}/vgic-v3.c; Linux 6.19`,
  },
  resamplesOnDeactivation: {
    title: "The level of a physical line is asked for when the virtual interrupt that stands for it ends",
    source: `${vgic}/vgic.c vgic_irq_handle_resampling; Linux 5.14`,
  },
  softwareDeactivation: {
    title: "Physical interrupts are deactivated by KVM where list registers of the host cannot do it",
    source: `${vgic}/vgic.h vgic_irq_needs_resampling; Linux 5.14`,
  },
  tableAbis: {
    title: "Layouts of saved tables, by GITS_IIDR.Revision",
    source: `${vgic}/vgic-its.c its_table_abi_versions`,
  },
  revisionWrite: {
    title: "User space's write of GITS_IIDR.Revision",
    source: `${vgic}/vgic-its.c vgic_mmio_uaccess_write_its_iidr; its draft "GITS_IIDR as ABI revision" (v4, March 2017)`,
  },
  level2FirstDevice: {
    title: "RESTORE_TABLES counts the first DeviceID of a level-2 page by",
    source: `${vgic}/vgic-its.c handle_l1_dte; its draft "Device table save/restore" (v5, April 2017)`,
  },
  level2Step: {
    title: "RESTORE_TABLES steps through a level-2 page by",
    source: `${vgic}/vgic-its.c handle_l1_dte; its draft "Device table save/restore" (v5, April 2017)`,
  },
  level1Step: {
    title: "RESTORE_TABLES steps through a level-1 table by",
    source: `${vgic}/vgic-its.c vgic_its_restore_device_tables; its draft "Device table save/restore" (v5, April 2017)`,
  },
  level2Answer: {
    title: "RESTORE_TABLES takes the answer of a level-2 page",
    source: `${vgic}/vgic-its.c handle_l1_dte, scan_its_table; its draft "Device table save/restore" (v5, April 2017)`,
  },
  wideEntryRest: {
    title: "SAVE_TABLES writes behind the first 8 bytes of a wider entry",
    source: `${vgic}/vgic-its.c vgic_its_save_dte; its draft "Device table save/restore" (v5, April 2017)`,
  },
  queueWriters: {
    title: "vCPUs that write GITS_CWRITER at the same time carry out commands",
    source: `${vgic}/vgic-its.c vgic_mmio_write_its_cwriter; its draft "basic ITS register handlers" (v4, 2016)`,
  },
  cwriterAtEnd: {
    title: "GITS_CWRITER equal to the size of the queue",
    source: `${vgic}/vgic-its.c vgic_mmio_write_its_cwriter; its draft of 2016`,
  },
  hardwareCollections: {
    title: "GITS_TYPER.HCC",
    source: `${vgic}/vgic-its.c vgic_mmio_read_its_typer; its draft of 2016`,
  },
  typerIteBytes: {
    title: "Bytes of an ITE as GITS_TYPER.ITT_entry_size tells",
    source: `${vgic}/vgic-its.c vgic_mmio_read_its_typer; its draft of 2016`,
  },
  idRegisters: {
    title: "GITS_PIDR<n>",
    source: `${vgic}/vgic-its.c vgic_mmio_read_its_idregs; its draft of 2016`,
  },
  activePriorityFormat: {
    title: "GICC_APR<n> of CPU_REGS has a bit for each of",
    source: `${vgic}/vgic-mmio-v2.c vgic_mmio_read_apr; draft "Add vgic reg access from dev attr" (v3, 2013)`,
  },
  unknownV2Register: {
    title: "Get and set of a GICv2 register that is unknown",
    source: `${vgic}/vgic-mmio.c vgic_uaccess; draft "Add vgic reg access from dev attr" (v3, 2013)`,
  },
  accessExcludes: {
    title: "What keeps vCPUs from running during a register access of user space",
    source: `${vgic}/vgic-kvm-device.c; draft "Add vgic reg access from dev attr" (v3, 2013)`,
  },
};

const intc = "QEMU 7.2 hw/intc";

export const qemuDecisionFacts: Facts<QemuDecisions> = {
  version: { title: "Recorded version", source: "recordings of QEMU 7.2 and 11.1" },
  layout: { title: "Layout of the tables in guest memory", source: `${intc}/gicv3_internal.h` },
  priorityBits: { title: "Priority bits of the CPU interface", source: `${intc}/arm_gicv3_cpuif.c gicv3_init_cpuif` },
  spis: { title: "SPIs", source: "QEMU 7.2 hw/arm/virt.c NUM_IRQS" },
  unreadableCommand: {
    title: "A command that is in no memory",
    source: `${intc}/arm_gicv3_its.c process_cmdq`,
  },
  collectionFaultOnTrigger: {
    title: "INT, CLEAR, DISCARD or an MSI whose CTE or VTE is in no memory",
    source: `${intc}/arm_gicv3_its.c do_process_its_cmd`,
  },
  sizeCheckedOnUnmap: {
    title: "MAPD with V = 0 is refused for a bad Size",
    source: `${intc}/arm_gicv3_its.c process_mapd`,
  },
  registersLockedWhileEnabled: {
    title: "GITS_CBASER and GITS_BASER<n> ignore writes while GITS_CTLR.Enabled = 1",
    source: `${intc}/arm_gicv3_its.c its_writell`,
  },
  creadrWritableWithOneSecurityState: {
    title: "GITS_CREADR takes writes when GICD_CTLR.DS = 1",
    source: `${intc}/arm_gicv3_its.c its_writell`,
  },
  linesCountPrivate: {
    title: "GICD_TYPER.ITLinesNumber counts SGIs and PPIs too, and not SPIs alone",
    source: `${intc}/arm_gicv3_dist.c gicd_readl; recordings of QEMU 7.2 and 11.1`,
  },
  priorityMaskHighBits: {
    title: "ICC_PMR_EL1 keeps bits [31:8] as they were written",
    source: `${intc}/arm_gicv3_cpuif.c icc_fullprio_mask; QEMU 8.2 "ICC_PMR_EL1 high bits should be RAZ"`,
  },
  activePrioritiesKeepNonSecureHalf: {
    title: "ICC_AP1R<n>_EL1 written by Non-secure software, where EL3 is, keeps the Non-secure half of the priorities",
    source: `${intc}/arm_gicv3_cpuif.c icc_ap_write; QEMU 10.0.13 and 11.1, asked of a live 7.2 and 11.1`,
  },
  absentVpePage: {
    title: "The vPE table entry of a level-2 page that does not exist",
    source: `${intc}/arm_gicv3_its.c get_vte; recordings of QEMU 7.2 and 11.1`,
  },
};

const chosen = "a reading chosen here";

export const archDecisionFacts: Facts<ArchDecisions> = {
  version: {
    title: "What it is a model of",
    source: "the public register pages and pseudocode quotations of Arm IHI0069",
  },
  layout: { title: "Layout of the tables in guest memory", source: `${chosen}: the only known one with a vPE table` },
  priorityBits: { title: "Priority bits of the CPU interface", source: chosen },
  spis: { title: "SPIs", source: chosen },
  commandError: {
    title: "A command error",
    source: "Arm GITS_CREADR.Stalled and GITS_CWRITER.Retry; Arm 101206 table 4-15 (errors stall unless masked)",
  },
  liveEventRemap: {
    title: "MAPTI, MAPI, VMAPTI or VMAPI of an event that is mapped already",
    source: `UNPREDICTABLE; ${chosen}, as QEMU does it`,
  },
  cwriterOutOfRange: {
    title: "GITS_CWRITER beyond the command queue",
    source: "Arm GITS_CWRITER: CONSTRAINED UNPREDICTABLE, the first of the two choices",
  },
};
