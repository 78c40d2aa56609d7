/** How the saved interface of a vCPU lies in memory. */
export type CpuInterfaceForm = "current" | "status" | "first" | "array";

/** Order of the list registers in the array: LR n at index n, or at 15 - n. */
export type ListRegisterOrder = "normal" | "reversed";

export const listRegisterOrders: readonly ListRegisterOrder[] = ["normal", "reversed"];

/** Members of the array, whatever the hardware has (VGIC_V3_MAX_LRS). */
export const SAVED_LIST_REGISTERS = 16;

/** A register of the structure; list registers are not among them. */
export interface SavedRegister {
  /** Byte offset in the structure; 4 bytes long. */
  readonly offset: number;
  readonly register: string;
  /** Number of an active-priority register. */
  readonly activePriority?: number;
}

/** One shape of `struct vgic_v3_cpu_if`. */
export interface FormDeclaration {
  readonly name: CpuInterfaceForm;
  readonly title: string;
  readonly registers: readonly SavedRegister[];
  /** Offset of the array of list registers, 8 bytes each. */
  readonly lists: number;
  readonly source: string;
}

/** Registers of 4 bytes one after another, then both groups of active-priority registers; the array is aligned to 8 bytes. */
function form(name: CpuInterfaceForm, title: string, head: readonly string[], source: string): FormDeclaration {
  const active = [0, 1].flatMap((group) =>
    [0, 1, 2, 3].map((n) => ({ register: `ICH_AP${group}R${n}_EL2`, activePriority: n })),
  );
  const all = head.length === 0 ? [] : [...head.map((register) => ({ register })), ...active];
  const registers = all.map((entry, place) => ({ ...entry, offset: place * 4 }));
  return { name, title, registers, lists: Math.ceil((all.length * 4) / 8) * 8, source };
}

/** Every shape, the most likely one first. The structure is private to the kernel and has changed. */
export const cpuInterfaceForms: readonly FormDeclaration[] = [
  form(
    "current",
    "struct vgic_v3_cpu_if of present kernels",
    ["ICH_HCR_EL2", "ICH_VMCR_EL2", "ICC_SRE_EL1"],
    "Linux 6.12 include/kvm/arm_vgic.h",
  ),
  form(
    "status",
    "struct vgic_v3_cpu_if with MISR, EISR and ELRSR",
    ["ICH_HCR_EL2", "ICH_VMCR_EL2", "ICC_SRE_EL1", "ICH_MISR_EL2", "ICH_EISR_EL2", "ICH_ELRSR_EL2"],
    "Linux 4.9 include/kvm/arm_vgic.h",
  ),
  form(
    "first",
    "struct vgic_v3_cpu_if with MISR, EISR and ELRSR, without SRE",
    ["ICH_HCR_EL2", "ICH_VMCR_EL2", "ICH_MISR_EL2", "ICH_EISR_EL2", "ICH_ELRSR_EL2"],
    "the first version of include/kvm/arm_vgic.h with GICv3",
  ),
  form("array", "array of list registers alone", [], "`vgic_lr` of struct vgic_v3_cpu_if"),
];

export const formNames: readonly CpuInterfaceForm[] = cpuInterfaceForms.map(({ name }) => name);

/** Offset of the array's element that holds list register `n`. */
export function listOffset({ lists }: FormDeclaration, order: ListRegisterOrder, n: number): number {
  return lists + 8 * (order === "normal" ? n : SAVED_LIST_REGISTERS - 1 - n);
}
