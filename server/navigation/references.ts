import type { Location, Position } from "vscode-languageserver";
import { nodesOf } from "../../language/index.ts";
import type { Span } from "../../language/parse/syntax.ts";
import { cursorAt, rangeOf, type Script } from "../scripts/script.ts";
import { findMentions, lineMaps } from "./find-mapping.ts";
import { definedAt, isSamePlace, type Target, targetAt } from "./target-at.ts";

/** A use of something, and whether it is what defines it. */
export interface Use extends Span {
  readonly line: number;
  readonly defines: boolean;
}

/**
 * Uses of what a target points to on the lines `from` to `to` (exclusive). Devices, events, collections and interrupts are those of one
 * machine: that of the line `at`.
 */
export function usesOf(script: Script, target: Target, at: number, from: number, to: number): Use[] {
  if (target.kind === "subject") {
    const machine = script.document.machineLines(at);
    const mentions = findMentions(script, target.subjects, Math.max(from, machine.from), Math.min(to, machine.to));
    return mentions.map(({ line, start, length }) => ({
      line,
      start,
      length,
      defines: target.subjects.some((subject) => lineMaps(script, subject, line)),
    }));
  }
  const uses: Use[] = [];
  const { document } = script;
  const { lines, blocks } = document;
  const place = definedAt(document, target);
  // Without blocks every name means one thing.
  const scoped = target.kind === "name" && blocks.list.length > 0;
  const isMeant = (seenFrom: number) => {
    return !scoped || isSamePlace(document.definitionPlace(target.name, seenFrom), place);
  };
  for (let index = Math.max(from, 0); index < Math.min(to, lines.length); index++) {
    const line = lines[index];
    // A cheap look before the costly one.
    if (!line.text.includes(target.name)) continue;
    for (const node of nodesOf(line)) {
      if (!("name" in node) || node.name !== target.name) continue;
      const { start, length } = node;
      if (target.kind === "macro" && node.kind === "macro")
        uses.push({ line: index, start, length, defines: node.isDefinition });
      if (target.kind !== "name") continue;
      if (node.kind === "name" && isMeant(node.isDefinition ? index + 1 : index))
        uses.push({ line: index, start, length, defines: node.isDefinition });
      // The name of a parameter where a call gives it.
      const macro = node.kind === "parameter" ? document.macroPlace(node.macro) : undefined;
      if (macro !== undefined && place?.part === macro.part && place.line === macro.line)
        uses.push({ line: index, start, length, defines: false });
    }
  }
  return uses;
}

/** Every use of what stands at a position in the script. */
export function references(script: Script, position: Position, includeDeclaration: boolean): Location[] {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  if (cursor === undefined || target === undefined) return [];
  const uses = usesOf(script, target, cursor.index, 0, script.document.lines.length)
    .filter(({ defines }) => includeDeclaration || !defines)
    .map((use) => ({ uri: script.uri, range: rangeOf(use.line, use) }));
  const place = includeDeclaration && target.kind !== "subject" ? definedAt(script.document, target) : undefined;
  const file = place?.part.file && script.uriOf(place.part.file.identity);
  return place === undefined || file === undefined ? uses : [{ uri: file, range: rangeOf(place.line, place) }, ...uses];
}
