import type { Diagnostic } from "vscode-languageserver";
import { type CommandField, hex } from "../../architecture/index.ts";
import { errors, findCommand, msiArguments } from "../../language/index.ts";
import { mappedAbove } from "../navigation/find-mapping.ts";
import { itsOfStatement } from "../navigation/its-of-line.ts";
import { constantOf } from "../navigation/mentions.ts";
import { rangeOf, type Script } from "../scripts/script.ts";
import type { Fix } from "./fix.ts";
import { freeIntid, freeIttAddress, mappedCollection } from "./free-resources.ts";

/** EventID bits of a device whose size nobody has said: 32 events. */
const EVENT_BITS = 5;

/** Adds the arguments that a command must have and has not, with values that fit what is mapped above. */
export function missingArgumentFix(script: Script, { code, range }: Diagnostic): Fix | undefined {
  if (code !== errors.missingArgument.code) return undefined;
  const index = range.start.line;
  const line = script.document.lines[index];
  const { syntax } = line;
  if (syntax.kind !== "command" && syntax.kind !== "msi") return undefined;
  const owner = syntax.kind === "msi" ? msiArguments : findCommand(syntax.word.text);
  if (owner === undefined) return undefined;
  const given = new Map(syntax.arguments.map(({ name, value }) => [name.text.toLowerCase(), value]));
  const isUnused = ({ unusedIf }: CommandField) => {
    const other = unusedIf && given.get(unusedIf.field.toLowerCase());
    return other !== undefined && constantOf(line, other) === unusedIf?.raw;
  };
  const missing = owner.fields.filter(
    (field) => field.defaultRaw === undefined && !given.has(field.name.toLowerCase()) && !isUnused(field),
  );
  if (missing.length === 0) return undefined;
  const last = syntax.arguments.at(-1)?.value;
  const end = last === undefined ? syntax.word.start + syntax.word.length : last.start + last.length;
  // A value in parentheses ends behind its closing one.
  const closing = /^[\s)]*\)/.exec(line.text.slice(end))?.[0].length ?? 0;
  const added = missing.map(({ name }) => `${name}=${likelyValue(script, index, name)}`).join(", ");
  const newText = `${last === undefined ? " " : ", "}${added}`;
  const names = missing.map(({ name }) => name).join(", ");
  return {
    title: `Add ${names}`,
    edits: [{ range: rangeOf(index, { start: end + closing, length: 0 }), newText }],
    preferred: true,
  };
}

/** A value that works where nothing more is known: what was mapped last above, or what is free. */
function likelyValue(script: Script, line: number, name: string): string {
  const its = itsOfStatement(script.document, line);
  switch (name) {
    case "DeviceID": {
      for (const { subject } of mappedAbove(script, line)?.mappedAt(line) ?? [])
        if (subject.kind === "device" && subject.its === its) return hex(subject.device);
      return "0x0";
    }
    case "pINTID":
    case "vINTID":
      return String(freeIntid(script, line) ?? 8192);
    case "ITT_addr":
      return hex(freeIttAddress(script, line, EVENT_BITS) ?? 0);
    case "Size":
      return String(EVENT_BITS - 1);
    case "ICID":
      return String(mappedCollection(script, line, its));
    default:
      return "0";
  }
}
