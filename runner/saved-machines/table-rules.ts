import {
  type EntryLayout,
  extractMeaning,
  fieldsOf,
  type LayoutName,
  layouts,
  registerByName,
  type TableKind,
} from "../../architecture/index.ts";
import { modelByName, type RegisterValues, type SavedState } from "../../emulator/index.ts";

/** EventIDs and INTIDs have 16 bits in KVM (VITS_TYPER_IDBITS, INTERRUPT_ID_BITS_ITS) and in QEMU (ITS_IDBITS, GICD_TYPER_IDBITS). */
export const ID_BITS = 16;

/** How a model lays the tables of one ITS out in memory. */
export interface TableRules {
  readonly layout: LayoutName;
  /** KVM: pages of 64 KiB whatever Page_Size says, GITS_BASER0 for devices, GITS_BASER1 for collections, a queue that begins at 64 KiB. */
  readonly kvm: boolean;
  entryOf(kind: TableKind): EntryLayout | undefined;
  /** Bytes from one entry to the next: the layout's, or more in the made-up revisions of the KVM drafts. */
  strideOf(entry: EntryLayout): number;
}

/**
 * The rules of a saved machine's model; a machine of `arch` says itself which layout it has.
 * @param registers of the ITS: GITS_IIDR.Revision chooses among the layouts that a KVM model knows
 */
export function tableRules(
  { model: name, shape }: Pick<SavedState, "model" | "shape">,
  registers: RegisterValues,
): TableRules {
  const model = modelByName(name);
  if (!("kvm" in model)) {
    const { layout = "arch" in model ? model.arch.layout : "qemu" } = shape;
    const { entries } = layouts[layout];
    return { layout, kvm: false, entryOf: (kind) => entries[kind], strideOf: ({ bytes }) => bytes };
  }
  const { tableAbis } = model.kvm;
  const revision = fieldOf(registers, "GITS_IIDR", "Revision");
  const abi = tableAbis.find((known) => known.revision === revision) ?? tableAbis[tableAbis.length - 1];
  const strides: Partial<Record<TableKind, number>> = {
    device: abi.dteBytes,
    itt: abi.iteBytes,
    collection: abi.cteBytes,
  };
  const { entries } = layouts["kvm-rev0"];
  return {
    layout: "kvm-rev0",
    kvm: true,
    entryOf: (kind) => entries[kind],
    strideOf: ({ kind, bytes }) => strides[kind] ?? bytes,
  };
}

/** What a field of a saved register means: an address whole, a size with its one added. A register that was not saved is 0. */
export function fieldOf(registers: RegisterValues, register: string, field: string): number {
  const value = registers.get(register) ?? 0n;
  const found = registerByName(register);
  const declared = found && fieldsOf(found.register, value).find(({ name }) => name === field);
  if (declared === undefined) throw new Error(`${register} has no field ${field}`);
  return Number(extractMeaning(value, declared));
}
