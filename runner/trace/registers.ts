import { numberIn, type TraceEvent } from "../../dumps/qemu-trace/event.ts";

/** Registers by the middle part of the event's name; `#` is the group, `%` the index. */
const NAMES: Readonly<Record<string, string>> = {
  icc_pmr: "ICC_PMR_EL1",
  icc_bpr: "ICC_BPR#_EL1",
  icc_ap: "ICC_AP#R%_EL1",
  icc_igrpen: "ICC_IGRPEN#_EL1",
  icc_igrpen1_el3: "ICC_IGRPEN1_EL3",
  icc_ctlr: "ICC_CTLR_EL1",
  icc_ctlr_el3: "ICC_CTLR_EL3",
  icc_iar0: "ICC_IAR0_EL1",
  icc_iar1: "ICC_IAR1_EL1",
  icc_eoir: "ICC_EOIR#_EL1",
  icc_hppir0: "ICC_HPPIR0_EL1",
  icc_hppir1: "ICC_HPPIR1_EL1",
  icc_dir: "ICC_DIR_EL1",
  icc_rpr: "ICC_RPR_EL1",
  ich_ap: "ICH_AP#R%_EL2",
  ich_hcr: "ICH_HCR_EL2",
  ich_vmcr: "ICH_VMCR_EL2",
  ich_lr: "ICH_LR%_EL2",
  ich_lr32: "ICH_LR%",
  ich_lrc: "ICH_LRC%",
  ich_vtr: "ICH_VTR_EL2",
  ich_misr: "ICH_MISR_EL2",
  ich_eisr: "ICH_EISR_EL2",
  ich_elrsr: "ICH_ELRSR_EL2",
  icv_ap: "ICV_AP#R%_EL1",
  icv_bpr: "ICV_BPR#_EL1",
  icv_pmr: "ICV_PMR_EL1",
  icv_igrpen: "ICV_IGRPEN#_EL1",
  icv_ctlr: "ICV_CTLR_EL1",
  icv_rpr: "ICV_RPR_EL1",
  icv_hppir: "ICV_HPPIR#_EL1",
  icv_dir: "ICV_DIR_EL1",
  icv_iar: "ICV_IAR#_EL1",
  icv_eoir: "ICV_EOIR#_EL1",
};

/** System register that an access event is about, or undefined when it is about none. */
export function systemRegisterOf(event: TraceEvent): string | undefined {
  const key = /^gicv3_(ic[chv]_\w+)_(?:read|write)$/.exec(event.spec.name)?.[1];
  const name = key === undefined ? undefined : NAMES[key];
  return name?.replace("#", String(numberIn(event, "group"))).replace("%", String(numberIn(event, "index")));
}
