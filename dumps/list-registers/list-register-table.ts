import { hex } from "../../architecture/hex.ts";
import { declaredRegister, fieldsOf, registerName } from "../../architecture/registers/index.ts";
import { readForm } from "../explain-value/register-value.ts";
import { setBits } from "../explain-value/value-text.ts";
import type { DumpMemory } from "../memory.ts";
import type { DecodedTable, TableOptions, TableResult, TableRow } from "../tables/table.ts";
import { type FormDeclaration, type ListRegisterOrder, listOffset } from "./forms.ts";
import { guessForm } from "./guess-form.ts";
import { listValues } from "./list-values.ts";
import { type VirtualType, virtualType } from "./virtual-type.ts";

/** A register of the saved interface: where it is and what may be said against it. */
interface Entry {
  readonly offset: number;
  readonly byteCount: 4 | 8;
  readonly register: string;
  readonly value: bigint;
  readonly notes: readonly string[];
  /** It is a row of the table; others are there for hovers. */
  readonly shown: boolean;
}

/** A saved vCPU interface (`struct vgic_v3_cpu_if`) at `base`: a row for every register that exists and every list register in use. */
export function listRegisterTable(memory: DumpMemory, base: number, options: TableOptions): TableResult {
  const type = virtualType(options.vtr);
  const { form, order, reason } = guessForm(memory, base, type, options.vtr !== undefined, {
    form: options.form,
    order: options.listOrder,
  });
  const entries = [...savedRegisters(memory, base, form, type), ...listEntries(memory, base, form, order, type)];
  if (entries.length === 0) {
    return { ok: false, message: `The dump holds no register of a saved vCPU interface at ${memory.format(base)}.` };
  }
  entries.sort((a, b) => a.offset - b.offset);
  const shown = entries.filter((entry) => entry.shown);
  const at = (list: readonly Entry[], address: number) =>
    list.findIndex(({ offset, byteCount }) => address >= base + offset && address < base + offset + byteCount);
  const table: DecodedTable = {
    name: "list-registers",
    kind: "list-registers",
    layouts: undefined,
    layout: "architecture",
    layoutTitle: `${form.title} [${form.source}]`,
    layoutReason: reason,
    entryName: "register",
    indexName: "offset",
    entryBytes: 4,
    base,
    levels: 1,
    columns: [],
    rowCount: shown.length,
    row: (i) => rowOf(shown[i], base),
    rowAt: (address) => at(shown, address),
    entryAt: (address) => {
      const found = entries[at(entries, address)];
      return found === undefined ? undefined : rowOf(found, base);
    },
    notes: [type.text, ...tableNotes(memory, base, form, order, type)],
  };
  return { ok: true, table };
}

function savedRegisters(memory: DumpMemory, base: number, form: FormDeclaration, type: VirtualType): Entry[] {
  return form.registers.flatMap(({ offset, register, activePriority }) => {
    const value = memory.readNumber(base + offset, 4);
    if (value === undefined) return [];
    const absent = activePriority !== undefined && activePriority >= type.activePriorities;
    const notes = absent && value !== 0n ? ["does not exist by ICH_VTR_EL2.PREbits"] : [];
    // Of registers that may or may not be there, the used ones count.
    const shown = activePriority === undefined || activePriority === 0 || value !== 0n;
    return [{ offset, byteCount: 4 as const, register, value, notes, shown }];
  });
}

function listEntries(
  memory: DumpMemory,
  base: number,
  form: FormDeclaration,
  order: ListRegisterOrder,
  type: VirtualType,
): Entry[] {
  const values = listValues(memory, base, form, order);
  return values.flatMap((value, n) => {
    if (value === undefined) return [];
    const notes = value === 0n ? [] : listNotes(values, value, n, type);
    return [
      {
        offset: listOffset(form, order, n),
        byteCount: 8 as const,
        register: `ICH_LR${n}_EL2`,
        value,
        notes,
        shown: value !== 0n,
      },
    ];
  });
}

const STATE_PENDING_AND_ACTIVE = 3n;
const HW = 1n << 61n;

function listNotes(values: readonly (bigint | undefined)[], value: bigint, n: number, type: VirtualType): string[] {
  const notes: string[] = [];
  const state = value >> 62n;
  if (n >= type.lists) notes.push(`beyond the ${type.lists} list registers of ICH_VTR_EL2: never loaded`);
  if (state === 0n) return notes;
  const twin = values.findIndex(
    (other, at) =>
      at < n && other !== undefined && other >> 62n !== 0n && (other & 0xffff_ffffn) === (value & 0xffff_ffffn),
  );
  if (twin >= 0) notes.push(`the vINTID of LR${twin} as well: UNPREDICTABLE`);
  if (state === STATE_PENDING_AND_ACTIVE && (value & HW) !== 0n) {
    notes.push("pending and active with HW = 1: a hypervisor must not use it");
  }
  return notes;
}

/** What the list registers and the status registers say together. */
function tableNotes(
  memory: DumpMemory,
  base: number,
  form: FormDeclaration,
  order: ListRegisterOrder,
  type: VirtualType,
): string[] {
  const notes: string[] = [];
  const values = listValues(memory, base, form, order);
  const empty = values.flatMap((value, n) => (value === 0n && n < type.lists ? [`LR${n}`] : []));
  if (empty.length > 0 && empty.length < type.lists) notes.push(`zero: ${empty.join(", ")}`);
  if (empty.length === type.lists) notes.push("all list registers are zero");
  const unknown = values.flatMap((value, n) => (value === undefined && n < type.lists ? [`LR${n}`] : []));
  if (unknown.length > 0) notes.push(`not in the dump: ${unknown.join(", ")}`);
  const saved = form.registers.find(({ register }) => register === "ICH_ELRSR_EL2");
  const elrsr = saved === undefined ? undefined : memory.readNumber(base + saved.offset, 4);
  if (elrsr !== undefined) {
    const wrong = setBits(elrsr).filter((n) => n < type.lists && (values[n] ?? 0n) >> 62n !== 0n);
    if (wrong.length > 0) {
      notes.push(
        `ICH_ELRSR_EL2 calls ${wrong.map((n) => `LR${n}`).join(", ")} empty: written after the save, or another order`,
      );
    }
  }
  return notes;
}

function rowOf({ offset, byteCount, register, value, notes }: Entry, base: number): TableRow {
  const member = declaredRegister(register);
  const reading = readForm(member, value, fieldsOf(member.register, value));
  const set = reading.fields.filter(({ raw }) => raw !== 0n).map(({ name, text }) => `${name} ${text}`);
  const isList = byteCount === 8;
  const content = isList ? reading.summary.replace(/\.$/, "") : set.join(", ") || "0";
  const name = registerName(member.register, member.index);
  return {
    index: offset,
    lastIndex: offset,
    address: base + offset,
    byteCount,
    words: [value],
    fields: reading.fields,
    title: `${name}, saved at offset ${hex(offset)}`,
    text: `${name}: ${content}`,
    notes: isList ? notes : [...notes, ...reading.notes.filter((note) => note.startsWith("Bits "))],
  };
}
