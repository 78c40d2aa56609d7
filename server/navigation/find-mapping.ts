import { type ScriptLine, statementSpan } from "../../language/index.ts";
import { isMapping, type Mapping, type MappingLog, type Subject, subjectKey } from "../../runner/index.ts";
import type { Script } from "../scripts/script.ts";
import { itssAt } from "./its-of-line.ts";
import { type Mention, mentionsOf, type Named, namedKey } from "./mentions.ts";

/** Milliseconds that an answer may spend on running up to its line; without them there is none. */
export const BUDGET = 25;

/** A mention with the number of its line. */
export interface PlacedMention extends Mention {
  readonly line: number;
}

/** What is mapped when a line begins, as its machine has it; undefined while the run has not come so far. */
export function mappedAbove(script: Script, line: number): MappingLog | undefined {
  return script.simulation?.mappingsAbove(line, BUDGET);
}

/**
 * The line that mapped what a line sees, as the machine carried it out: the line itself when it maps it, else the line above whose
 * mapping is in force. Where no line above has mapped or unmapped it, the first below that maps it.
 */
export function findMapping(script: Script, named: Named, from: number): PlacedMention | undefined {
  if (named.kind === "pe") return findPes(script, named, from);
  const own = mappedAbove(script, from + 1)
    ?.of(from)
    .find((change) => isMapping(change) && maps(change, named));
  if (own !== undefined) return placeOf(script, named, from);
  const log = mappedAbove(script, from);
  if (log === undefined) return undefined;
  if (named.kind === "interrupt") {
    for (const mapping of log.mappedAt(from)) if (maps(mapping, named)) return placeOf(script, named, mapping.line);
  } else {
    const change = log.above(named, from);
    if (change !== undefined) return change.to === undefined ? undefined : placeOf(script, named, change.line);
  }
  const below = log.firstFrom(from + 1, (mapping) => maps(mapping, named));
  return below && placeOf(script, named, below.line);
}

/** The `cpus` of the machine that a line runs on, or the block where it says nothing of them; undefined on the default machine. */
function findPes(script: Script, named: Named, line: number): PlacedMention | undefined {
  const { lines } = script.document;
  for (let index = line; index >= 0; index--) {
    if (lines[index].kind !== "machine") continue;
    const block = machineBlock(lines, index);
    for (const at of block) {
      const { syntax } = lines[at];
      const cpus = syntax.kind === "machine" ? syntax.properties.find(({ name }) => name.text === "cpus") : undefined;
      if (cpus !== undefined) return { subject: named, start: cpus.name.start, length: cpus.name.length, line: at };
    }
    const [first] = block;
    return { subject: named, ...statementSpan(lines[first]), line: first };
  }
  return undefined;
}

/** Numbers of the lines of the block that a line of it belongs to. */
function machineBlock(lines: readonly ScriptLine[], line: number): number[] {
  const opens = (at: number) => {
    const { syntax } = lines[at];
    return syntax.kind === "machine" && syntax.word !== undefined;
  };
  let from = line;
  while (from > 0 && !opens(from) && isBlockLine(lines[from - 1])) from--;
  const block = [from];
  for (let at = from + 1; at < lines.length && isBlockLine(lines[at]) && !opens(at); at++) block.push(at);
  return block;
}

function isBlockLine({ kind }: ScriptLine): boolean {
  return kind === "machine" || kind === "blank";
}

/** Where a line names something; the whole statement where it does not, as `raw` and writes of GITS_CWRITER. */
export function placeOf(script: Script, named: Named, line: number): PlacedMention {
  const source = script.document.lines[line];
  const key = namedKey(named);
  const mention = mentionsOf(source, itssAt(script.document, line)).find(({ subject }) => namedKey(subject) === key);
  return { ...(mention ?? { subject: named, ...statementSpan(source) }), line };
}

/** As {@link findMapping} of each of several, without saying a line twice. */
export function findMappings(script: Script, named: readonly Named[], from: number): PlacedMention[] {
  const found = new Map<number, PlacedMention>();
  for (const one of named) {
    const place = findMapping(script, one, from);
    if (place !== undefined && !found.has(place.line)) found.set(place.line, place);
  }
  return [...found.values()];
}

/** Every mention of one of several subjects of a kind on the lines `from` to `to` (exclusive), each place once. */
export function findMentions(script: Script, named: readonly Named[], from: number, to: number): PlacedMention[] {
  const { lines } = script.document;
  const keys = new Set(named.map(namedKey));
  const found: PlacedMention[] = [];
  for (let line = Math.max(from, 0); line < Math.min(to, lines.length); line++) {
    for (const mention of mentionsOf(lines[line], itssAt(script.document, line))) {
      const last = found.at(-1);
      const isSame = last?.line === line && last.start === mention.start;
      if (!isSame && keys.has(namedKey(mention.subject))) found.push({ ...mention, line });
    }
  }
  return found;
}

/** Whether a line mapped something when it ran; false while it has not. */
export function lineMaps(script: Script, named: Named, line: number): boolean {
  const changes = script.simulation?.mappingsKnown(line + 1)?.of(line) ?? [];
  return changes.some((change) => isMapping(change) && maps(change, named));
}

function maps({ subject, to }: Mapping, named: Named): boolean {
  if (named.kind === "interrupt") return to.kind === "event" && to.intid === named.intid;
  return named.kind !== "pe" && same(subject, named);
}

function same(one: Subject, other: Subject): boolean {
  return one.kind === other.kind && subjectKey(one) === subjectKey(other);
}
