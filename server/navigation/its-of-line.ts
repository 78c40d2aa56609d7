import type { Block, ScriptPart } from "../../language/index.ts";
import { itssNamed, statementOf } from "./mentions.ts";

/** The ITS that statements are about where nothing says which. */
const FIRST: readonly number[] = [0];

/** What is known of the macros of a script: from where they are called. */
interface Macros {
  /** Of the script when it was looked at. */
  readonly version: number;
  /** Lines that call a macro, by its name. */
  readonly calls: ReadonlyMap<string, readonly number[]>;
  /** The ITS of the lines of a macro, by its name. */
  readonly itss: Map<string, readonly number[]>;
}

const known = new WeakMap<VersionedPart, Macros>();

/** The lines of a script, with what counts its changes. */
type VersionedPart = ScriptPart & { readonly version: number };

/**
 * The ITSs that a line may be about where it does not say: that of the innermost `its NUMBER { … }` around it, every one where that number
 * is computed, as in a loop; in a macro those of its calls; else 0.
 */
export function itssAt(document: VersionedPart, index: number): readonly number[] {
  const { blocks, lines } = document;
  if (blocks.list.length === 0) return FIRST;
  for (let block = blocks.around(index); block !== undefined; block = block.parent) {
    const { syntax } = lines[block.open];
    if (syntax.kind === "place" && syntax.place === "its") return itssNamed(lines[block.open], syntax.number);
    if (syntax.kind === "macro") return itssOfMacro(document, syntax.name.text);
  }
  return FIRST;
}

/** The only one of {@link itssAt}. @returns undefined where it may be another one each time */
export function itsAt(document: VersionedPart, index: number): number | undefined {
  return onlyOf(itssAt(document, index));
}

/** The ITS that the command or MSI of a line is about; of any other line the one where nothing is said. As {@link itsAt}. */
export function itsOfStatement(document: VersionedPart, index: number): number | undefined {
  const line = document.lines[index];
  const syntax = line && statementOf(line);
  if (syntax === undefined || !("unit" in syntax) || syntax.unit === undefined) return itsAt(document, index);
  return onlyOf(itssNamed(line, syntax.unit));
}

function onlyOf(itss: readonly number[]): number | undefined {
  return itss.length === 1 ? itss[0] : undefined;
}

/** What `@` has to say in a statement of a line for it to be about an ITS; empty where it is without that. */
export function unitFor(document: VersionedPart, index: number, its: number): string {
  return itsAt(document, index) === its ? "" : `@${its}`;
}

function itssOfMacro(document: VersionedPart, name: string): readonly number[] {
  const macros = macrosOf(document);
  const before = macros.itss.get(name);
  if (before !== undefined) return before;
  // Macros that call each other in a circle add nothing to each other.
  macros.itss.set(name, []);
  const found = new Set<number>();
  for (const call of macros.calls.get(name) ?? [])
    if (!isInside(document, call, name)) for (const its of itssAt(document, call)) found.add(its);
  const itss = found.size === 0 ? FIRST : [...found];
  macros.itss.set(name, itss);
  return itss;
}

function macrosOf(document: VersionedPart): Macros {
  const { version, lines } = document;
  const before = known.get(document);
  if (before?.version === version) return before;
  const calls = new Map<string, number[]>();
  for (const [index, { kind, syntax }] of lines.entries()) {
    if (kind !== "call" || syntax.kind !== "call") continue;
    const list = calls.get(syntax.word.text);
    if (list === undefined) calls.set(syntax.word.text, [index]);
    else list.push(index);
  }
  const macros = { version, calls, itss: new Map<string, readonly number[]>() };
  known.set(document, macros);
  return macros;
}

/** Whether a line stands in a macro. */
function isInside({ blocks, lines }: ScriptPart, index: number, name: string): boolean {
  for (let block: Block | undefined = blocks.around(index); block !== undefined; block = block.parent) {
    const { syntax } = lines[block.open];
    if (syntax.kind === "macro") return syntax.name.text === name;
  }
  return false;
}
