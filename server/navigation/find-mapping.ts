import type { ScriptDocument, ScriptLine } from "../../language/index.ts";
import { commandName, isMapping, type Mention, mentionsOf, type Subject, subjectKey } from "./mappings.ts";

/** A mention with the number of its line. */
export interface PlacedMention extends Mention {
  readonly line: number;
}

/** Commands that map a kind of subject. */
const mappers: Readonly<Record<Subject["kind"], readonly string[]>> = {
  device: ["MAPD"],
  event: ["MAPTI", "MAPI"],
  interrupt: ["MAPTI", "MAPI"],
  collection: ["MAPC"],
};

/**
 * The mapping that a line sees: the nearest command above it (or the line itself) that maps the subject. Where none is above,
 * the first below. Mappings of another machine of the script do not count.
 */
export function findMapping(document: ScriptDocument, subject: Subject, from: number): PlacedMention | undefined {
  const { lines } = document;
  const machine = document.machineLines(from);
  for (let line = Math.min(from, lines.length - 1); line >= machine.from; line--) {
    const found = mappingIn(lines[line], subject);
    if (found !== undefined) return { ...found, line };
  }
  for (let line = from + 1; line < machine.to; line++) {
    const found = mappingIn(lines[line], subject);
    if (found !== undefined) return { ...found, line };
  }
  return undefined;
}

/** Every mention of a subject on the lines `from` to `to` (exclusive). */
export function findMentions(document: ScriptDocument, subject: Subject, from: number, to: number): PlacedMention[] {
  const key = subjectKey(subject);
  const found: PlacedMention[] = [];
  for (let line = Math.max(from, 0); line < Math.min(to, document.lines.length); line++) {
    for (const mention of mentionsOf(document.lines[line]))
      if (mention.subject.kind === subject.kind && subjectKey(mention.subject) === key)
        found.push({ ...mention, line });
  }
  return found;
}

function mappingIn(line: ScriptLine, subject: Subject): Mention | undefined {
  const name = commandName(line);
  if (name === undefined || !mappers[subject.kind].includes(name) || !isMapping(line)) return undefined;
  const key = subjectKey(subject);
  return mentionsOf(line).find((mention) => mention.maps && subjectKey(mention.subject) === key);
}
