import type { DocumentHighlight, Position } from "vscode-languageserver";
import { DocumentHighlightKind } from "vscode-languageserver";
import { cursorAt, rangeOf, type Script } from "../scripts/script.ts";
import { usesOf } from "./references.ts";
import { targetAt } from "./target-at.ts";

/** Lines above and below that are looked at: editors ask at every move of the cursor, and show what is on the screen. */
const REACH = 1000;

/** Uses of what stands at a position, near it. */
export function highlight(script: Script, position: Position): DocumentHighlight[] {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  if (cursor === undefined || target === undefined) return [];
  return usesOf(script, target, cursor.index, cursor.index - REACH, cursor.index + REACH).map((use) => ({
    range: rangeOf(use.line, use),
    kind: use.defines ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}
