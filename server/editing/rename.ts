import type { Position, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import {
  type DefinitionPlace,
  isReservedWord,
  isStateKeyword,
  LineState,
  looksLikeRegister,
  nodesOf,
  parseLine,
  type ScriptDocument,
  ScriptLine,
} from "../../language/index.ts";
import { type Use, usesOf } from "../navigation/references.ts";
import { definedAt, type NamedTarget, targetAt } from "../navigation/target-at.ts";
import { cursorAt, rangeOf, type Script } from "../scripts/script.ts";

/** Why something cannot be renamed, as a sentence for the user. */
export interface RenameRefusal {
  readonly refusal: string;
}

/** The name at a position, which can be renamed; null for everything else. Values, loops, parameters and macros have their names from the user. */
export function prepareRename(script: Script, position: Position): { range: Range; placeholder: string } | null {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  if (cursor === undefined || target === undefined || target.kind === "subject") return null;
  if (definedAt(script.document, target) === undefined) return null;
  return { range: rangeOf(cursor.index, target), placeholder: target.name };
}

/**
 * Renames what has its name from the user everywhere in the script and in those that include what it is defined in, unless something would
 * mean something else then.
 * @param others scripts that may mean the same by the name: those that include files, and the files
 */
export function rename(
  script: Script,
  position: Position,
  newName: string,
  others: readonly Script[] = [],
): WorkspaceEdit | RenameRefusal {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  if (target === undefined || target.kind === "subject")
    return { refusal: "Only names of values, loops, parameters and macros can be renamed." };
  const place = definedAt(script.document, target);
  const file = place?.part.file;
  if (file !== undefined && !others.some(({ document }) => document.identity === file.identity))
    return {
      refusal: `'${target.name}' is a name of ${file.path}, which cannot be read. Open it and rename it there.`,
    };
  if (target.name === newName) return { changes: {} };
  const changes: Record<string, TextEdit[]> = {};
  for (const one of [script, ...others]) {
    const same = one === script ? target : sameIn(one.document, target, place);
    if (same === undefined) continue;
    const uses = usesOf(one, same, position.line, 0, one.document.lines.length);
    const refusal = refusalOf(one, newName) ?? clashOf(one.document, uses, newName);
    if (refusal !== undefined) return { refusal: one === script ? refusal : `In ${fileNameOf(one.uri)}: ${refusal}` };
    if (uses.length > 0) changes[one.uri] = uses.map((use) => ({ range: rangeOf(use.line, use), newText: newName }));
  }
  return { changes };
}

/** How another script sees what is defined at a place; undefined where it does not. */
function sameIn(
  document: ScriptDocument,
  { kind, name, start, length }: NamedTarget,
  place: DefinitionPlace | undefined,
): NamedTarget | undefined {
  if (place === undefined) return undefined;
  const { syntax } = place.part.lines[place.line];
  const isParameter = kind === "name" && syntax.kind === "macro";
  const macro = isParameter ? document.macroPlace(syntax.name.text) : undefined;
  let same: NamedTarget;
  if (kind === "macro") same = { kind, name, start, length };
  else if (document.identity === place.part.identity) same = { kind, name, seenFrom: place.line + 1, start, length };
  else if (macro !== undefined) same = { kind, name, seenFrom: macro.line + 1, of: macro.part, start, length };
  else same = { kind, name, seenFrom: document.lines.length, start, length };
  const seen = definedAt(document, same);
  const isSame = seen?.part.identity === place.part.identity && seen.line === place.line && seen.start === place.start;
  return isSame ? same : undefined;
}

function fileNameOf(uri: string): string {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    // What is no escape is shown as it stands.
    return name;
  }
}

function refusalOf(script: Script, name: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name))
    return `'${name}' is no name: names are letters, digits and _, and begin with no digit.`;
  if (isReservedWord(name) || isStateKeyword(name) || looksLikeRegister(name)) return `'${name}' is reserved.`;
  // The language knows what else is reserved: commands and such.
  const { problem } = parseLine(`let ${name} = 0`, LineState.start);
  if (problem !== undefined) return problem.message;
  const { document } = script;
  return (document.definition(name) ?? document.macro(name)) ? `'${name}' is defined already.` : undefined;
}

/** Kinds of the words of a line, in their order. */
function kindsOf(line: ScriptLine): string {
  return nodesOf(line)
    .sort((one, other) => one.start - other.start)
    .map(({ kind }) => kind)
    .join(" ");
}

/** Lines with a word that the new name would give a meaning, or take it from, are looked at one by one: at most so many. */
const MOST_CHECKED = 200_000;

/**
 * Why a name cannot have another one though that is free: on some line the new word is no name (`begin user`), or a name that nothing
 * defined would be defined then.
 */
function clashOf(document: ScriptDocument, uses: readonly Use[], newName: string): string | undefined {
  const { lines } = document;
  const renamed = new Map<number, Use[]>();
  for (const use of uses) renamed.set(use.line, [...(renamed.get(use.line) ?? []), use]);
  for (const [line, places] of renamed) {
    const { text, stateBefore } = lines[line];
    let changed = text;
    for (const { start, length } of [...places].sort((one, other) => other.start - one.start))
      changed = changed.slice(0, start) + newName + changed.slice(start + length);
    if (kindsOf(lines[line]) !== kindsOf(new ScriptLine(changed, "", stateBefore)))
      return `'${newName}' means something else on line ${line + 1}. Choose another name.`;
  }
  for (let line = 0; line < Math.min(lines.length, MOST_CHECKED); line++) {
    if (!lines[line].text.includes(newName)) continue;
    if (nodesOf(lines[line]).some((node) => (node.kind === "name" || node.kind === "macro") && node.name === newName))
      return `'${newName}' is used on line ${line + 1}, where nothing defines it. It would mean this value then.`;
  }
  return undefined;
}
