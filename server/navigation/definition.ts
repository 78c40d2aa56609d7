import type { Location, LocationLink, Position } from "vscode-languageserver";
import type { Span } from "../../language/parse/syntax.ts";
import { type Cursor, cursorAt, lineRange, rangeOf, type Script } from "../scripts/script.ts";
import { findMapping } from "./find-mapping.ts";
import { definedAt, targetAt } from "./target-at.ts";

/**
 * Where what stands at a position comes from: the `let` of a name; the MAPD of a DeviceID, the MAPTI or MAPI of an EventID or
 * pINTID, the MAPC of an ICID, or whatever other line has mapped it, as the machine has it on the line; of an RDbase and other PE
 * numbers the `cpus` of the machine. What the packet of a `raw` names counts as well.
 */
export function definition(script: Script, position: Position): LocationLink[] {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  if (cursor === undefined || target === undefined) return [];
  const place =
    target.kind === "subject" ? findMapping(script, target.subject, cursor.index) : definedAt(script.document, target);
  return place === undefined ? [] : [linkTo(script, cursor, target, place)];
}

/** A link from what stands at a cursor to a place of the same script. */
export function linkTo(
  script: Script,
  cursor: Cursor,
  origin: Span,
  place: Span & { readonly line: number },
): LocationLink {
  return {
    originSelectionRange: rangeOf(cursor.index, origin),
    targetUri: script.uri,
    targetRange: lineRange(script, place.line),
    targetSelectionRange: rangeOf(place.line, place),
  };
}

/** Links as plain places, for clients that know no links. */
export function locationsOf(links: readonly LocationLink[]): Location[] {
  return links.map(({ targetUri, targetSelectionRange }) => ({ uri: targetUri, range: targetSelectionRange }));
}
