import { type DefinitionPlace, nodeAt, type ScriptDocument, type ScriptPart } from "../../language/index.ts";
import type { Span } from "../../language/parse/syntax.ts";
import { type Cursor, holds } from "../scripts/script.ts";
import { itssAt } from "./its-of-line.ts";
import { mentionsOf, type Named } from "./mentions.ts";

/** What the cursor points to that can be found elsewhere: a name, a macro, or a device, event, collection, interrupt or PE. */
export type Target = Span &
  (
    | {
        readonly kind: "name";
        readonly name: string;
        /** The line from which on it is looked for: a name may mean something else in another loop or macro. */
        readonly seenFrom: number;
        /** Of a parameter of a macro of an included file: that file, of which the line is. */
        readonly of?: ScriptPart;
      }
    | { readonly kind: "macro"; readonly name: string }
    | {
        readonly kind: "subject";
        /** At least one; of a device, event or collection of which it is not known whose it is, that of each ITS. */
        readonly subjects: readonly Named[];
      }
  );

/** A name or a macro. */
export type NamedTarget = Extract<Target, { kind: "name" | "macro" }>;

/** What stands at the cursor. A name is the name; its value's device or event is found at the argument's name. */
export function targetAt({ line, column, index }: Cursor, document: ScriptDocument): Target | undefined {
  const node = nodeAt(line, column);
  if (node !== undefined) {
    const { start, length } = node;
    if (node.kind === "name")
      return { kind: "name", name: node.name, seenFrom: node.isDefinition ? index + 1 : index, start, length };
    if (node.kind === "macro") return { kind: "macro", name: node.name, start, length };
    const macro = node.kind === "parameter" ? document.macroPlace(node.macro) : undefined;
    if (node.kind === "parameter" && macro !== undefined) {
      const { part, line: seenFrom } = macro;
      const of = part.file === undefined ? {} : { of: part };
      return { kind: "name", name: node.name, seenFrom: seenFrom + 1, ...of, start, length };
    }
  }
  const mentions = mentionsOf(line, itssAt(document, index)).filter((candidate) => holds(candidate, column));
  if (mentions.length === 0) return undefined;
  const [{ start, length, subject: first }] = mentions;
  // A MAPI's EventID is its LPI as well: what is named first is meant.
  const subjects = mentions.map(({ subject }) => subject).filter(({ kind }) => kind === first.kind);
  return { kind: "subject", subjects, start, length };
}

/** Where a name or a macro is defined: in the script, or in a file that it includes. */
export function definedAt(document: ScriptDocument, target: NamedTarget): DefinitionPlace | undefined {
  if (target.kind === "name") return (target.of ?? document).definitionPlace(target.name, target.seenFrom);
  const place = document.macroPlace(target.name);
  const syntax = place?.part.lines[place.line].syntax;
  if (place === undefined || syntax?.kind !== "macro") return undefined;
  return { ...place, start: syntax.name.start, length: syntax.name.length };
}

/** Whether two words that define something are the same one. */
export function isSamePlace(one: DefinitionPlace | undefined, other: DefinitionPlace | undefined): boolean {
  return one?.part === other?.part && one?.line === other?.line && one?.start === other?.start;
}
