import type { Position, Range, WorkspaceEdit } from "vscode-languageserver";
import { isStateKeyword, isStatementKeyword, LineState, looksLikeRegister, parseLine } from "../../language/index.ts";
import { usesOf } from "../navigation/references.ts";
import { targetAt } from "../navigation/target-at.ts";
import { cursorAt, rangeOf, type Script } from "../scripts/script.ts";

/** Why something cannot be renamed, as a sentence for the user. */
export interface RenameRefusal {
  readonly refusal: string;
}

/** The name at a position, which can be renamed; null for everything else. Only `let` names have their names from the user. */
export function prepareRename(script: Script, position: Position): { range: Range; placeholder: string } | null {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor);
  if (cursor === undefined || target?.kind !== "name" || script.document.definition(target.name) === undefined)
    return null;
  return { range: rangeOf(cursor.index, target), placeholder: target.name };
}

/** Renames a `let` name everywhere in the script. */
export function rename(script: Script, position: Position, newName: string): WorkspaceEdit | RenameRefusal {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor);
  if (target?.kind !== "name") return { refusal: "Only names that let defines can be renamed." };
  const place = script.document.definitionPlace(target.name, position.line);
  if (place?.part.file !== undefined)
    return { refusal: `'${target.name}' is a name of ${place.part.file.path}, an included file. Rename it there.` };
  if (target.name === newName) return { changes: {} };
  const refusal = refusalOf(script, newName);
  if (refusal !== undefined) return { refusal };
  const uses = usesOf(script, target, position.line, 0, script.document.lines.length);
  return {
    changes: { [script.uri]: uses.map((use) => ({ range: rangeOf(use.line, use), newText: newName })) },
  };
}

function refusalOf(script: Script, name: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name))
    return `'${name}' is no name: names are letters, digits and _, and begin with no digit.`;
  if (isStatementKeyword(name) || isStateKeyword(name) || looksLikeRegister(name)) return `'${name}' is reserved.`;
  // The language knows what else is reserved: commands and such.
  const { problem } = parseLine(`let ${name} = 0`, LineState.start);
  if (problem !== undefined) return problem.message;
  return script.document.definition(name) === undefined ? undefined : `'${name}' is defined already.`;
}
