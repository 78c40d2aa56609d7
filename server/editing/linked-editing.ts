import type { LinkedEditingRanges, Position } from "vscode-languageserver";
import { usesOf } from "../navigation/references.ts";
import { definedAt, targetAt } from "../navigation/target-at.ts";
import { cursorAt, rangeOf, type Script } from "../scripts/script.ts";

/** Uses that change together at most: an editor writes each of them at every keystroke. */
const MOST = 200;

/** A `let` name under the cursor with its uses, which change together while the name is typed at its definition. */
export function linkedEditing(script: Script, position: Position): LinkedEditingRanges | null {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  if (cursor === undefined || target === undefined || target.kind === "subject") return null;
  const place = definedAt(script.document, target);
  // At a use a new name most likely means another name; at the definition it is the same one, spelt anew.
  if (place?.part !== script.document || place.line !== cursor.index || place.start !== target.start) return null;
  const uses = usesOf(script, target, cursor.index, 0, script.document.lines.length);
  if (uses.length > MOST) return null;
  return { ranges: uses.map((use) => rangeOf(use.line, use)), wordPattern: "[A-Za-z_]\\w*" };
}
