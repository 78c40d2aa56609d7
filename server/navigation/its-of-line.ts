import type { Block, ScriptPart } from "../../language/index.ts";
import { itsNamed, statementOf } from "./mentions.ts";

/** The ITS that statements are about where nothing says which. */
const FIRST = 0;

/** What is known of the macros of a script: from where they are called. */
interface Macros {
  /** Of the script when it was looked at. */
  readonly version: number;
  /** Lines that call a macro, by its name. */
  readonly calls: ReadonlyMap<string, readonly number[]>;
  /** The ITS of the lines of a macro, by its name. */
  readonly itss: Map<string, number | undefined>;
}

const known = new WeakMap<VersionedPart, Macros>();

/** The lines of a script, with what counts its changes. */
type VersionedPart = ScriptPart & { readonly version: number };

/**
 * The ITS that a line is about where it does not say: that of the innermost `its NUMBER { … }` around it, in a macro that of its calls,
 * else 0.
 * @returns undefined where it is another one each time: the number is computed, or calls of the macro are about several
 */
export function itsAt(document: VersionedPart, index: number): number | undefined {
  const { blocks, lines } = document;
  if (blocks.list.length === 0) return FIRST;
  for (let block = blocks.around(index); block !== undefined; block = block.parent) {
    const { syntax } = lines[block.open];
    if (syntax.kind === "place" && syntax.place === "its") return itsNamed(lines[block.open], syntax.number, undefined);
    if (syntax.kind === "macro") return itsOfMacro(document, syntax.name.text);
  }
  return FIRST;
}

/** The ITS that the command or MSI of a line is about; of any other line the one where nothing is said. As {@link itsAt}. */
export function itsOfStatement(document: VersionedPart, index: number): number | undefined {
  const line = document.lines[index];
  const its = itsAt(document, index);
  const syntax = line && statementOf(line);
  return syntax !== undefined && "unit" in syntax ? itsNamed(line, syntax.unit, its) : its;
}

/** What `@` has to say in a statement of a line for it to be about an ITS; empty where it is without that. */
export function unitFor(document: VersionedPart, index: number, its: number): string {
  return itsAt(document, index) === its ? "" : `@${its}`;
}

function itsOfMacro(document: VersionedPart, name: string): number | undefined {
  const macros = macrosOf(document);
  if (macros.itss.has(name)) return macros.itss.get(name);
  // Of macros that call each other in a circle nothing is known.
  macros.itss.set(name, undefined);
  const found = new Set<number | undefined>();
  for (const call of macros.calls.get(name) ?? [])
    if (!isInside(document, call, name)) found.add(itsAt(document, call));
  const [only] = found;
  const its = found.size === 0 ? FIRST : found.size === 1 ? only : undefined;
  macros.itss.set(name, its);
  return its;
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
  const macros = { version, calls, itss: new Map<string, number | undefined>() };
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
