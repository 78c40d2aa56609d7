import type { Location, LocationLink, Position, Range } from "vscode-languageserver";
import type { Span } from "../../language/parse/syntax.ts";
import { type Cursor, cursorAt, holds, lineRange, rangeOf, type Script } from "../scripts/script.ts";
import { findMappings } from "./find-mapping.ts";
import { definedAt, targetAt } from "./target-at.ts";

/**
 * Where what stands at a position comes from: the `let` of a name; the MAPD of a DeviceID, the MAPTI or MAPI of an EventID or
 * pINTID, the MAPC of an ICID, or whatever other line has mapped it, as the machine has it on the line; of an RDbase and other PE
 * numbers the `cpus` of the machine. What the packet of a `raw` names counts as well. In a loop over ITSs it may be several lines.
 */
export function definition(script: Script, position: Position): LocationLink[] {
  const cursor = cursorAt(script, position);
  if (cursor === undefined) return [];
  const file = includedFileAt(script, cursor);
  if (file !== undefined) return [file];
  const target = targetAt(cursor, script.document);
  if (target === undefined) return [];
  if (target.kind === "subject") {
    const places = findMappings(script, target.subjects, cursor.index);
    return places.map((place) => linkTo(script, cursor, target, place));
  }
  const place = definedAt(script.document, target);
  if (place === undefined) return [];
  const { part, line } = place;
  if (part.file === undefined) return [linkTo(script, cursor, target, place)];
  const uri = script.uriOf(part.file.identity);
  const whole = rangeOf(line, { start: 0, length: part.lines[line].text.length });
  return uri === undefined ? [] : [linkInto(uri, cursor, target, whole, rangeOf(line, place))];
}

/** Of the path of an include the file, at its beginning. */
function includedFileAt(script: Script, cursor: Cursor): LocationLink | undefined {
  const { line, column } = cursor;
  if (line.kind !== "include") return undefined;
  const { syntax, statement } = line;
  if (syntax.kind !== "include" || statement?.kind !== "include" || !holds(syntax.path, column)) return undefined;
  const uri = script.uriOf(statement.file);
  const start = rangeOf(0, { start: 0, length: 0 });
  return uri === undefined ? undefined : linkInto(uri, cursor, syntax.path, start, start);
}

function linkInto(
  targetUri: string,
  cursor: Cursor,
  origin: Span,
  targetRange: Range,
  targetSelectionRange: Range,
): LocationLink {
  return { originSelectionRange: rangeOf(cursor.index, origin), targetUri, targetRange, targetSelectionRange };
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
