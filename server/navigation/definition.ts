import type { LocationLink, Position } from "vscode-languageserver";
import { nodeAt, type ScriptPart } from "../../language/index.ts";
import type { Span } from "../../language/parse/syntax.ts";
import { type Cursor, cursorAt, holds, lineRange, rangeOf, type Script } from "../scripts/script.ts";
import { findMapping } from "./find-mapping.ts";
import { targetAt } from "./target-at.ts";

/**
 * Where what stands at a position comes from: the `let` of a name; the MAPD of a DeviceID, the MAPTI or MAPI of an EventID or
 * pINTID, the MAPC of an ICID, or whatever other line has mapped it, as the machine has it on the line.
 */
export function definition(script: Script, position: Position): LocationLink[] {
  const cursor = cursorAt(script, position);
  if (cursor === undefined) return [];
  const elsewhere = includedDefinition(script, cursor);
  if (elsewhere !== undefined) return elsewhere;
  const target = targetAt(cursor);
  if (target === undefined) return [];
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

/** Of an include's path the file; of a macro the line that defines it; of a name of an included file where it is defined there. */
function includedDefinition(script: Script, cursor: Cursor): LocationLink[] | undefined {
  const { document } = script;
  const { line, column, index } = cursor;
  const { syntax, statement } = line;
  const link = (origin: Span, part: ScriptPart, at: number, word: Span): LocationLink[] => {
    const uri = part.file === undefined ? script.uri : script.uriOf(part.file.identity);
    if (uri === undefined) return [];
    return [
      {
        originSelectionRange: rangeOf(index, origin),
        targetUri: uri,
        targetRange: rangeOf(at, { start: 0, length: part.lines[at].text.length }),
        targetSelectionRange: rangeOf(at, word),
      },
    ];
  };
  if (syntax.kind === "include" && statement?.kind === "include" && holds(syntax.path, column)) {
    const file = document.included(statement.file);
    return file && link(syntax.path, file, 0, { start: 0, length: 0 });
  }
  const node = nodeAt(line, column);
  if (node?.kind === "macro") {
    const found = document.macroPlace(node.name);
    const defines = found?.part.lines[found.line].syntax;
    return found && defines?.kind === "macro" ? link(node, found.part, found.line, defines.name) : undefined;
  }
  const found = node?.kind === "name" ? document.definitionPlace(node.name, index) : undefined;
  return node === undefined || found?.part.file === undefined ? undefined : link(node, found.part, found.line, found);
}
