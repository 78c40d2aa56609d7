/**
 * What a line of each event means for a replay.
 * - `read`: software read a register; nothing changes.
 * - `after`: software wrote or acknowledged something, and what followed from it stands *above* the line.
 * - `before`: an input whose consequences stand *below* the line.
 * - `around`: an access whose consequences stand above and below.
 * - `effect`: what QEMU did because of one of the others, or because a PE changed its Exception level.
 * - `command`: the arguments of an ITS command. The queue's memory is in no trace, so they are what the queue is made of.
 */
export type Role = "read" | "after" | "before" | "around" | "effect" | "command";

/** One field of an event's line. */
export interface EventField {
  readonly name: string;
  readonly radix: 10 | 16;
  /** Up to 64 bits: a bigint; else a number. */
  readonly wide: boolean;
}

/** One trace event: how its line is written and what it means. */
export interface EventSpec {
  readonly name: string;
  readonly role: Role;
  /** Text before, between and after the fields: one more than there are fields. */
  readonly literals: readonly string[];
  readonly fields: readonly EventField[];
}

/**
 * The lines as QEMU's `log` back end prints them. `{x}` is decimal, `{x:x}` hexadecimal behind 0x, `{x:X}` hexadecimal with up to 64 bits.
 * Source of names and fields: QEMU 7.2 hw/intc/trace-events.
 */
const declared: Readonly<Record<Role, Readonly<Record<string, string>>>> = {
  read: {
    gicv3_dist_read: "GICv3 distributor read: offset {offset:x} data {data:X} size {size} secure {secure}",
    gicv3_dist_badread: "GICv3 distributor read: offset {offset:x} size {size} secure {secure}: error",
    gicv3_redist_read: "GICv3 redistributor {cpu:x} read: offset {offset:x} data {data:X} size {size} secure {secure}",
    gicv3_redist_badread: "GICv3 redistributor {cpu:x} read: offset {offset:x} size {size} secure {secure}: error",
    gicv3_its_read: "GICv3 ITS read: offset {offset:x} data {data:X} size {size}",
    gicv3_its_badread: "GICv3 ITS read: offset {offset:x} size {size}: error",
    gicv3_icc_pmr_read: "GICv3 ICC_PMR read cpu {cpu:x} value {value:X}",
    gicv3_icc_bpr_read: "GICv3 ICC_BPR{group} read cpu {cpu:x} value {value:X}",
    gicv3_icc_ap_read: "GICv3 ICC_AP{group}R{index} read cpu {cpu:x} value {value:X}",
    gicv3_icc_igrpen_read: "GICv3 ICC_IGRPEN{group} read cpu {cpu:x} value {value:X}",
    gicv3_icc_igrpen1_el3_read: "GICv3 ICC_IGRPEN1_EL3 read cpu {cpu:x} value {value:X}",
    gicv3_icc_ctlr_read: "GICv3 ICC_CTLR read cpu {cpu:x} value {value:X}",
    gicv3_icc_ctlr_el3_read: "GICv3 ICC_CTLR_EL3 read cpu {cpu:x} value {value:X}",
    gicv3_icc_hppir0_read: "GICv3 ICC_HPPIR0 read cpu {cpu:x} value {value:X}",
    gicv3_icc_hppir1_read: "GICv3 ICC_HPPIR1 read cpu {cpu:x} value {value:X}",
    gicv3_icc_rpr_read: "GICv3 ICC_RPR read cpu {cpu:x} value {value:X}",
    gicv3_ich_ap_read: "GICv3 ICH_AP{group}R{index} read cpu {cpu:x} value {value:X}",
    gicv3_ich_hcr_read: "GICv3 ICH_HCR_EL2 read cpu {cpu:x} value {value:X}",
    gicv3_ich_vmcr_read: "GICv3 ICH_VMCR_EL2 read cpu {cpu:x} value {value:X}",
    gicv3_ich_lr_read: "GICv3 ICH_LR{index}_EL2 read cpu {cpu:x} value {value:X}",
    gicv3_ich_lr32_read: "GICv3 ICH_LR{index} read cpu {cpu:x} value {value:X}",
    gicv3_ich_lrc_read: "GICv3 ICH_LRC{index} read cpu {cpu:x} value {value:X}",
    gicv3_ich_vtr_read: "GICv3 ICH_VTR read cpu {cpu:x} value {value:X}",
    gicv3_ich_misr_read: "GICv3 ICH_MISR read cpu {cpu:x} value {value:X}",
    gicv3_ich_eisr_read: "GICv3 ICH_EISR read cpu {cpu:x} value {value:X}",
    gicv3_ich_elrsr_read: "GICv3 ICH_ELRSR read cpu {cpu:x} value {value:X}",
    gicv3_icv_ap_read: "GICv3 ICV_AP{group}R{index} read cpu {cpu:x} value {value:X}",
    gicv3_icv_bpr_read: "GICv3 ICV_BPR{group} read cpu {cpu:x} value {value:X}",
    gicv3_icv_pmr_read: "GICv3 ICV_PMR read cpu {cpu:x} value {value:X}",
    gicv3_icv_igrpen_read: "GICv3 ICV_IGRPEN{group} read cpu {cpu:x} value {value:X}",
    gicv3_icv_ctlr_read: "GICv3 ICV_CTLR read cpu {cpu:x} value {value:X}",
    gicv3_icv_rpr_read: "GICv3 ICV_RPR read cpu {cpu:x} value {value:X}",
    gicv3_icv_hppir_read: "GICv3 ICV_HPPIR{group} read cpu {cpu:x} value {value:X}",
  },
  after: {
    gicv3_dist_write: "GICv3 distributor write: offset {offset:x} data {data:X} size {size} secure {secure}",
    gicv3_dist_badwrite: "GICv3 distributor write: offset {offset:x} data {data:X} size {size} secure {secure}: error",
    gicv3_redist_write:
      "GICv3 redistributor {cpu:x} write: offset {offset:x} data {data:X} size {size} secure {secure}",
    gicv3_redist_badwrite:
      "GICv3 redistributor {cpu:x} write: offset {offset:x} data {data:X} size {size} secure {secure}: error",
    gicv3_its_write: "GICv3 ITS write: offset {offset:x} data {data:X} size {size}",
    gicv3_its_badwrite: "GICv3 ITS write: offset {offset:x} data {data:X} size {size}: error",
    gicv3_icc_iar0_read: "GICv3 ICC_IAR0 read cpu {cpu:x} value {value:X}",
    gicv3_icc_iar1_read: "GICv3 ICC_IAR1 read cpu {cpu:x} value {value:X}",
  },
  before: {
    gicv3_dist_set_irq: "GICv3 distributor interrupt {intid} level changed to {level}",
    gicv3_redist_set_irq: "GICv3 redistributor {cpu:x} interrupt {intid} level changed to {level}",
    gicv3_its_translation_write:
      "GICv3 ITS TRANSLATER write: offset {offset:x} data {data:X} size {size} requester_id {requester:x}",
    gicv3_icc_generate_sgi:
      "GICv3 CPU i/f {cpu:x} generating SGI {intid} IRM {irm} target affinity {affinity:x}xx targetlist {targets:x}",
    gicv3_icc_pmr_write: "GICv3 ICC_PMR write cpu {cpu:x} value {value:X}",
    gicv3_icc_bpr_write: "GICv3 ICC_BPR{group} write cpu {cpu:x} value {value:X}",
    gicv3_icc_ap_write: "GICv3 ICC_AP{group}R{index} write cpu {cpu:x} value {value:X}",
    gicv3_icc_igrpen_write: "GICv3 ICC_IGRPEN{group} write cpu {cpu:x} value {value:X}",
    gicv3_icc_igrpen1_el3_write: "GICv3 ICC_IGRPEN1_EL3 write cpu {cpu:x} value {value:X}",
    gicv3_icc_ctlr_write: "GICv3 ICC_CTLR write cpu {cpu:x} value {value:X}",
    gicv3_icc_ctlr_el3_write: "GICv3 ICC_CTLR_EL3 write cpu {cpu:x} value {value:X}",
    gicv3_icc_eoir_write: "GICv3 ICC_EOIR{group} write cpu {cpu:x} value {value:X}",
    gicv3_icc_dir_write: "GICv3 ICC_DIR write cpu {cpu:x} value {value:X}",
    gicv3_ich_ap_write: "GICv3 ICH_AP{group}R{index} write cpu {cpu:x} value {value:X}",
    gicv3_ich_hcr_write: "GICv3 ICH_HCR_EL2 write cpu {cpu:x} value {value:X}",
    gicv3_ich_vmcr_write: "GICv3 ICH_VMCR_EL2 write cpu {cpu:x} value {value:X}",
    gicv3_ich_lr_write: "GICv3 ICH_LR{index}_EL2 write cpu {cpu:x} value {value:X}",
    gicv3_ich_lr32_write: "GICv3 ICH_LR{index} write cpu {cpu:x} value {value:X}",
    gicv3_ich_lrc_write: "GICv3 ICH_LRC{index} write cpu {cpu:x} value {value:X}",
    gicv3_icv_ap_write: "GICv3 ICV_AP{group}R{index} write cpu {cpu:x} value {value:X}",
    gicv3_icv_bpr_write: "GICv3 ICV_BPR{group} write cpu {cpu:x} value {value:X}",
    gicv3_icv_pmr_write: "GICv3 ICV_PMR write cpu {cpu:x} value {value:X}",
    gicv3_icv_igrpen_write: "GICv3 ICV_IGRPEN{group} write cpu {cpu:x} value {value:X}",
    gicv3_icv_ctlr_write: "GICv3 ICV_CTLR write cpu {cpu:x} value {value:X}",
    gicv3_icv_dir_write: "GICv3 ICV_DIR write cpu {cpu:x} value {value:X}",
    gicv3_icv_eoir_write: "GICv3 ICV_EOIR{group} write cpu {cpu:x} value {value:X}",
  },
  around: {
    gicv3_icv_iar_read: "GICv3 ICV_IAR{group} read cpu {cpu:x} value {value:X}",
  },
  effect: {
    gicv3_cpuif_update: "GICv3 CPU i/f {cpu:x} HPPI update: irq {intid} group {group} prio {priority}",
    gicv3_cpuif_set_irqs: "GICv3 CPU i/f {cpu:x} HPPI update: setting FIQ {fiq} IRQ {irq}",
    gicv3_cpuif_virt_update:
      "GICv3 CPU i/f {cpu:x} virt HPPI update LR index {index} HPPVLPI {vintid} grp {group} prio {priority}",
    gicv3_cpuif_virt_set_irqs: "GICv3 CPU i/f {cpu:x} virt HPPI update: setting FIQ {fiq} IRQ {irq}",
    gicv3_cpuif_virt_set_maint_irq: "GICv3 CPU i/f {cpu:x} virt HPPI update: setting maintenance-irq {level}",
    gicv3_redist_send_sgi: "GICv3 redistributor {cpu:x} pending SGI {intid}",
    gicv3_its_process_command: "GICv3 ITS: processing command at offset {slot:x}: {opcode:x}",
    gicv3_its_cte_read: "GICv3 ITS: Collection Table read for ICID {icid:x}: valid {valid} RDBase {rdbase:x}",
    gicv3_its_cte_write: "GICv3 ITS: Collection Table write for ICID {icid:x}: valid {valid} RDBase {rdbase:x}",
    gicv3_its_cte_read_fault: "GICv3 ITS: Collection Table read for ICID {icid:x}: faulted",
    gicv3_its_dte_read:
      "GICv3 ITS: Device Table read for DeviceID {device:x}: valid {valid} size {size:x} ITTaddr {itt:X}",
    gicv3_its_dte_write:
      "GICv3 ITS: Device Table write for DeviceID {device:x}: valid {valid} size {size:x} ITTaddr {itt:X}",
    gicv3_its_dte_read_fault: "GICv3 ITS: Device Table read for DeviceID {device:x}: faulted",
    gicv3_its_ite_read:
      "GICv3 ITS: Interrupt Table read for ITTaddr {itt:X} EventID {event:x}: valid {valid} inttype {type} intid {intid:x} ICID {icid:x} vPEID {vpe:x} doorbell {doorbell:x}",
    gicv3_its_ite_write:
      "GICv3 ITS: Interrupt Table write for ITTaddr {itt:X} EventID {event:x}: valid {valid} inttype {type} intid {intid:x} ICID {icid:x} vPEID {vpe:x} doorbell {doorbell:x}",
    gicv3_its_ite_read_fault: "GICv3 ITS: Interrupt Table read for ITTaddr {itt:X} EventID {event:x}: faulted",
    gicv3_its_vte_read:
      "GICv3 ITS: vPE Table read for vPEID {vpe:x}: valid {valid} VPTsize {size:x} VPTaddr {table:X} RDbase {rdbase:x}",
    gicv3_its_vte_write:
      "GICv3 ITS: vPE Table write for vPEID {vpe:x}: valid {valid} VPTsize {size:x} VPTaddr {table:X} RDbase {rdbase:x}",
    gicv3_its_vte_read_fault: "GICv3 ITS: vPE Table read for vPEID {vpe:x}: faulted",
  },
  command: {
    gicv3_its_cmd_int: "GICv3 ITS: command INT DeviceID {device:x} EventID {event:x}",
    gicv3_its_cmd_clear: "GICv3 ITS: command CLEAR DeviceID {device:x} EventID {event:x}",
    gicv3_its_cmd_discard: "GICv3 ITS: command DISCARD DeviceID {device:x} EventID {event:x}",
    gicv3_its_cmd_sync: "GICv3 ITS: command SYNC",
    gicv3_its_cmd_mapd: "GICv3 ITS: command MAPD DeviceID {device:x} Size {size:x} ITT_addr {itt:X} V {valid}",
    gicv3_its_cmd_mapc: "GICv3 ITS: command MAPC ICID {icid:x} RDbase {rdbase:X} V {valid}",
    gicv3_its_cmd_mapi: "GICv3 ITS: command MAPI DeviceID {device:x} EventID {event:x} ICID {icid:x}",
    gicv3_its_cmd_mapti:
      "GICv3 ITS: command MAPTI DeviceID {device:x} EventID {event:x} ICID {icid:x} pINTID {intid:x}",
    gicv3_its_cmd_inv: "GICv3 ITS: command INV DeviceID {device:x} EventID {event:x}",
    gicv3_its_cmd_invall: "GICv3 ITS: command INVALL",
    gicv3_its_cmd_movall: "GICv3 ITS: command MOVALL RDbase1 {rdbase1:X} RDbase2 {rdbase2:X}",
    gicv3_its_cmd_movi: "GICv3 ITS: command MOVI DeviceID {device:x} EventID {event:x} ICID {icid:x}",
    gicv3_its_cmd_vmapi:
      "GICv3 ITS: command VMAPI DeviceID {device:x} EventID {event:x} vPEID {vpe:x} Dbell_pINTID {doorbell:x}",
    // The word VMAPI stands in the line of VMAPTI, too.
    gicv3_its_cmd_vmapti:
      "GICv3 ITS: command VMAPI DeviceID {device:x} EventID {event:x} vPEID {vpe:x} vINTID {vintid:x} Dbell_pINTID {doorbell:x}",
    gicv3_its_cmd_vmapp:
      "GICv3 ITS: command VMAPP vPEID {vpe:x} RDbase {rdbase:X} V {valid} VPT_addr {table:X} VPT_size {size:x}",
    gicv3_its_cmd_vmovp: "GICv3 ITS: command VMOVP vPEID {vpe:x} RDbase {rdbase:X}",
    gicv3_its_cmd_vsync: "GICv3 ITS: command VSYNC",
    gicv3_its_cmd_vmovi:
      "GICv3 ITS: command VMOVI DeviceID {device:x} EventID {event:x} vPEID {vpe:x} D {rings} Dbell_pINTID {doorbell:x}",
    gicv3_its_cmd_vinvall: "GICv3 ITS: command VINVALL vPEID {vpe:x}",
    gicv3_its_cmd_unknown: "GICv3 ITS: unknown command {opcode:x}",
  },
};

/** Every event that is known, by name. */
export const eventSpecs: ReadonlyMap<string, EventSpec> = new Map(
  (Object.keys(declared) as Role[]).flatMap((role) =>
    Object.entries(declared[role]).map(([name, line]) => [name, specOf(name, role, line)] as const),
  ),
);

function specOf(name: string, role: Role, line: string): EventSpec {
  const literals: string[] = [];
  const fields: EventField[] = [];
  let from = 0;
  for (const match of line.matchAll(/\{(\w+)(?::([xX]))?\}/g)) {
    literals.push(line.slice(from, match.index));
    fields.push({ name: match[1], radix: match[2] === undefined ? 10 : 16, wide: match[2] === "X" });
    from = match.index + match[0].length;
  }
  literals.push(line.slice(from));
  return { name, role, literals, fields };
}
