import { extractMeaning, type RegisterMember, registerByName } from "../../architecture/index.ts";
import { peekRegister, type Target } from "../target.ts";

const name = "GITS_TYPER";
const typer: RegisterMember | undefined = registerByName(name);
const entrySize = typer?.register.fields.find((field) => field.name === "ITT_entry_size");

/** By machine: a register that never changes need not be read again. */
const known = new WeakMap<Target, number>();

/** Bytes of an ITT with so many EventID bits, by GITS_TYPER.ITT_entry_size of the machine. */
export function ittBytes(target: Target, eventBits: number): number {
  let bytes = known.get(target);
  if (bytes === undefined) {
    const value = typer && peekRegister(target, { name, ...typer, pe: 0, its: 0 });
    bytes = value === undefined || entrySize === undefined ? 8 : Number(extractMeaning(value, entrySize));
    known.set(target, bytes);
  }
  return bytes * 2 ** eventBits;
}
