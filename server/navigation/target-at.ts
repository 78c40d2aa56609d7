import { nodeAt, type ScriptDocument } from "../../language/index.ts";
import type { Span } from "../../language/parse/syntax.ts";
import { type Cursor, holds } from "../scripts/script.ts";
import { type Mention, mentionsOf, type Named } from "./mentions.ts";

/** What the cursor points to that can be found elsewhere: a name, a macro, or a device, event, collection, interrupt or PE. */
export type Target = Span &
  (
    | {
        readonly kind: "name";
        readonly name: string;
        /** The line from which on it is looked for: a name may mean something else in another loop or macro. */
        readonly seenFrom: number;
      }
    | { readonly kind: "macro"; readonly name: string }
    | { readonly kind: "subject"; readonly subject: Named }
  );

/** What stands at the cursor. A name is the name; its value's device or event is found at the argument's name. */
export function targetAt({ line, column, index }: Cursor, document: ScriptDocument): Target | undefined {
  const node = nodeAt(line, column);
  if (node !== undefined) {
    const { start, length } = node;
    if (node.kind === "name")
      return { kind: "name", name: node.name, seenFrom: node.isDefinition ? index + 1 : index, start, length };
    if (node.kind === "macro") return { kind: "macro", name: node.name, start, length };
    const macro = node.kind === "parameter" ? document.macroLine(node.macro) : undefined;
    if (node.kind === "parameter" && macro !== undefined)
      return { kind: "name", name: node.name, seenFrom: macro + 1, start, length };
  }
  const mention: Mention | undefined = mentionsOf(line).find((candidate) => holds(candidate, column));
  if (mention === undefined) return undefined;
  const { subject, start, length } = mention;
  return { kind: "subject", subject, start, length };
}

/** Where a name or a macro is defined. */
export function definedAt(
  document: ScriptDocument,
  target: Extract<Target, { kind: "name" | "macro" }>,
): (Span & { readonly line: number }) | undefined {
  if (target.kind === "name") return document.definition(target.name, target.seenFrom);
  const line = document.macroLine(target.name);
  const syntax = line === undefined ? undefined : document.lines[line].syntax;
  if (line === undefined || syntax?.kind !== "macro") return undefined;
  return { line, start: syntax.name.start, length: syntax.name.length };
}
