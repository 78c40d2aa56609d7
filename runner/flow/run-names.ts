import { type Local, localValue, type Position } from "./frame.ts";
import type { Executed } from "./run-history.ts";

/** The values that the lines of a script have given to names: those that are seen to its end, and those of blocks, which positions have. */
export class RunNames {
  private readonly values = new Map<string, bigint>();

  /** Of the whole script alone: what a macro sees. */
  readonly outside = (name: string): bigint | undefined => this.values.get(name);

  /** Value of a name as the line at a position sees it. */
  lookup(name: string, { locals }: Position): bigint | undefined {
    return (locals === undefined ? undefined : localValue(locals, name)) ?? this.values.get(name);
  }

  /** Names that the line at a position sees, with their values. */
  seenAt({ locals }: Position): ReadonlyMap<string, bigint> {
    if (locals === undefined) return this.values;
    const all = new Map(this.values);
    const inner: Local[] = [];
    for (let local: Local | undefined = locals; local !== undefined; local = local.next) inner.unshift(local);
    for (const { name, value } of inner) all.set(name, value);
    return all;
  }

  /** Gives a name a value to the end of the script. @returns what {@link takeBack} needs */
  define({ name, value }: Pick<Local, "name" | "value">): NonNullable<Executed["names"]> {
    const previous = this.values.get(name);
    this.values.set(name, value);
    return { name, previous };
  }

  /** A name has the value again that it had before. */
  takeBack({ name, previous }: NonNullable<Executed["names"]>): void {
    if (previous !== undefined) this.values.set(name, previous);
    else this.values.delete(name);
  }
}
