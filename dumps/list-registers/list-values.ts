import type { DumpMemory } from "../memory.ts";
import { type FormDeclaration, type ListRegisterOrder, listOffset, SAVED_LIST_REGISTERS } from "./forms.ts";

/** Values of LR0 to LR15 of the save at `base`; undefined where the dump has none. */
export function listValues(
  memory: DumpMemory,
  base: number,
  form: FormDeclaration,
  order: ListRegisterOrder,
): (bigint | undefined)[] {
  return Array.from({ length: SAVED_LIST_REGISTERS }, (_, n) =>
    memory.readNumber(base + listOffset(form, order, n), 8),
  );
}
