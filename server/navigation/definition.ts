import type { LocationLink, Position } from "vscode-languageserver";
import { cursorAt, lineRange, rangeOf, type Script } from "../scripts/script.ts";
import { findMapping } from "./find-mapping.ts";
import { targetAt } from "./target-at.ts";

/**
 * Where what stands at a position comes from: the `let` of a name; the MAPD of a DeviceID, the MAPTI or MAPI of an EventID or
 * pINTID, the MAPC of an ICID, or whatever other line has mapped it, as the machine has it on the line.
 */
export function definition(script: Script, position: Position): LocationLink[] {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor);
  if (cursor === undefined || target === undefined) return [];
  const place =
    target.kind === "name"
      ? script.document.definition(target.name, cursor.index)
      : findMapping(script, target.subject, cursor.index);
  if (place === undefined) return [];
  return [
    {
      originSelectionRange: rangeOf(cursor.index, target),
      targetUri: script.uri,
      targetRange: lineRange(script, place.line),
      targetSelectionRange: rangeOf(place.line, place),
    },
  ];
}
