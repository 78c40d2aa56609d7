import type { LocationLink, Position } from "vscode-languageserver";
import { cursorAt, type Script } from "../scripts/script.ts";
import { definition, linkTo } from "./definition.ts";
import { mappedAbove, type PlacedMention, placeOf } from "./find-mapping.ts";
import { namedKey } from "./mentions.ts";
import { targetAt } from "./target-at.ts";

/**
 * Where what stands at a position is told of first: the `let` of a name, the first line of its machine that maps a device, an event, a
 * collection or an interrupt. The definition is the line whose mapping is in force.
 */
export function declaration(script: Script, position: Position): LocationLink[] {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  if (cursor === undefined || target === undefined) return [];
  if (target.kind !== "subject") return definition(script, position);
  const { from } = script.document.machineLines(cursor.index);
  const log = mappedAbove(script, cursor.index + 1);
  const places = new Map<number, PlacedMention>();
  for (const subject of target.subjects) {
    if (subject.kind === "pe") continue;
    const first = log?.firstFrom(from, ({ subject: of, to }) =>
      subject.kind === "interrupt"
        ? to.kind === "event" && to.intid === subject.intid
        : namedKey(of) === namedKey(subject),
    );
    if (first !== undefined && !places.has(first.line)) places.set(first.line, placeOf(script, subject, first.line));
  }
  if (places.size === 0) return definition(script, position);
  return [...places.values()].map((place) => linkTo(script, cursor, target, place));
}
