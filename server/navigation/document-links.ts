import type { DocumentLink } from "vscode-languageserver";
import { rangeOf, type Script } from "../scripts/script.ts";

/** The paths of included files, without their quotes, each with the file that it leads to. */
export function documentLinks(script: Script): DocumentLink[] {
  return script.document.lines.flatMap(({ syntax, kind, statement }, line) => {
    if (kind !== "include" || syntax.kind !== "include" || statement?.kind !== "include") return [];
    const { start, length } = syntax.path;
    const target = script.uriOf(statement.file);
    return target === undefined ? [] : [{ range: rangeOf(line, { start: start + 1, length: length - 2 }), target }];
  });
}
