import type { LocationLink, Position } from "vscode-languageserver";
import { cursorAt, type Script } from "../scripts/script.ts";
import { definition, linkTo } from "./definition.ts";
import { mappedAbove, placeOf } from "./find-mapping.ts";
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
  if (target.kind !== "subject" || target.subject.kind === "pe") return definition(script, position);
  const { subject } = target;
  const { from } = script.document.machineLines(cursor.index);
  const first = mappedAbove(script, cursor.index + 1)?.firstFrom(from, ({ subject: of, to }) =>
    subject.kind === "interrupt"
      ? to.kind === "event" && to.intid === subject.intid
      : namedKey(of) === namedKey(subject),
  );
  if (first === undefined) return definition(script, position);
  return [linkTo(script, cursor, target, placeOf(script, subject, first.line))];
}
