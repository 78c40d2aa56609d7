import type { LocationLink, Position } from "vscode-languageserver";
import { isMapping } from "../../runner/index.ts";
import { cursorAt, type Script } from "../scripts/script.ts";
import { definition, linkTo } from "./definition.ts";
import { findMappings, mappedAbove } from "./find-mapping.ts";
import { argumentValue, type Named } from "./mentions.ts";
import { targetAt } from "./target-at.ts";

/**
 * Where what holds the thing at a position comes from: of an EventID the MAPD of its device, of an interrupt the MAPC of the collection
 * that it goes to, of a device, a collection and a PE the machine; of a name what its value names is not known, so its `let`.
 */
export function typeDefinition(script: Script, position: Position): LocationLink[] {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  if (cursor === undefined || target === undefined) return [];
  if (target.kind !== "subject") return definition(script, position);
  const holders = target.subjects.map((subject) => holderOf(script, subject, cursor.index));
  const places = findMappings(
    script,
    holders.filter((holder) => holder !== undefined),
    cursor.index,
  );
  return places.map((place) => linkTo(script, cursor, target, place));
}

function holderOf(script: Script, named: Named, line: number): Named | undefined {
  switch (named.kind) {
    case "event":
      return { kind: "device", its: named.its, device: named.device };
    case "interrupt":
      return collectionOf(script, named.intid, line);
    default:
      return { kind: "pe", pe: 0 };
  }
}

/** The collection that the line names which maps an interrupt; undefined where no line above or on it does. */
function collectionOf(script: Script, intid: number, line: number): Named | undefined {
  const log = mappedAbove(script, line + 1);
  for (const change of log?.mappedAt(line + 1) ?? []) {
    if (!isMapping(change) || change.to.kind !== "event" || change.to.intid !== intid) continue;
    const icid = argumentValue(script.document.lines[change.line], "ICID");
    return icid === undefined ? undefined : { kind: "collection", its: change.subject.its, icid: Number(icid) };
  }
  return undefined;
}
