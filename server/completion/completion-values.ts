import { CompletionItemKind } from "vscode-languageserver";
import { type CommandField, type Field, registerByName } from "../../architecture/index.ts";
import {
  type CompletionContext,
  evaluate,
  findRegister,
  findRegisterField,
  formatValue,
  parseExpressionText,
  registerNames,
  type ScriptLine,
  stateKeywords,
} from "../../language/index.ts";
import { freeIntid, freeIttAddress } from "../editing/free-resources.ts";
import { itsAt, itsOfStatement } from "../navigation/its-of-line.ts";
import { knownIds } from "../navigation/known-ids.ts";
import { argumentValue } from "../navigation/mentions.ts";
import type { Cursor, Script } from "../scripts/script.ts";
import { type Draft, place } from "./completion-words.ts";

/** Items that may stand at a place, best first. */
export interface Drafts {
  readonly drafts: readonly Draft[];
  /** False when some were left out. */
  readonly complete: boolean;
}

export const all = (drafts: readonly Draft[]): Drafts => ({ drafts, complete: true });

type ValueContext = Pick<Extract<CompletionContext, { kind: "value" }>, "field" | "inside">;

/** What a number is for: an argument of a command, or an index in brackets. */
interface Wanted {
  /** Name of the argument whose ids are offered. */
  readonly ids: string;
  /** The ITS that is meant; undefined: it is not known which. */
  readonly its: number | undefined;
  readonly device: number | undefined;
  readonly hex: boolean;
}

/** Ids that are mapped above, what is free, named values of the field, names, and what reads state. */
export function valueDrafts(script: Script, cursor: Cursor, { field, inside }: ValueContext): Drafts {
  const declared = inside === undefined ? (field ?? writtenField(cursor)) : undefined;
  const named = (declared?.values ?? []).map(({ value, name }) => member(String(value), name));
  const wanted = wantedIds(script, cursor, field, inside);
  const known = knownIds(script, wanted?.ids ?? "", cursor.index, wanted?.its, wanted?.device);
  const ids = known.list.map(({ id, detail }) =>
    value(wanted?.hex === true ? `0x${id.toString(16)}` : id.toString(), detail),
  );
  const free = inside === undefined ? freeDrafts(script, cursor, field) : [];
  return {
    drafts: [
      ...named,
      ...free,
      ...ids,
      ...peDrafts(script, cursor, field, inside),
      ...nameDrafts(script, cursor),
      ...stateDrafts(),
    ],
    complete: known.complete,
  };
}

/** Ids that fit in brackets behind a word, by their place. */
const indexed: Readonly<Record<string, readonly string[]>> = {
  dte: ["DeviceID"],
  ite: ["DeviceID", "EventID"],
  cte: ["ICID"],
  vte: ["vPEID"],
  pending: ["INTID"],
  enabled: ["INTID"],
  active: ["INTID"],
  priority: ["INTID"],
};

function wantedIds(
  script: Script,
  { line, index }: Cursor,
  field: CommandField | undefined,
  inside: ValueContext["inside"],
): Wanted | undefined {
  if (inside !== undefined) {
    const ids = Object.hasOwn(indexed, inside.word) ? indexed[inside.word][inside.place] : undefined;
    if (ids === undefined) return undefined;
    const device = ids === "EventID" ? numberIn(script, line, inside.first) : undefined;
    const { unit } = inside;
    const its = unit === undefined ? itsAt(script.document, index) : numberIn(script, line, unit);
    return { ids, its, device, hex: ids === "DeviceID" || ids === "EventID" };
  }
  if (field === undefined) return undefined;
  const device = field.name === "EventID" ? argumentValue(line, "DeviceID") : undefined;
  return {
    ids: field.name,
    its: itsOfStatement(script.document, index),
    device: device === undefined ? undefined : Number(device),
    hex: field.display === "hex",
  };
}

/** The value of a piece of text by the names of the script. */
function numberIn({ document }: Script, line: ScriptLine, text: string): number | undefined {
  const { expression, problem } = parseExpressionText(text);
  if (problem !== undefined) return undefined;
  const index = document.lines.indexOf(line);
  const names = new Map(document.namesAt(index).map(({ name, constant }) => [name, constant]));
  const result = evaluate(expression, { lookup: (name) => names.get(name) });
  return result.ok ? Number(result.value) : undefined;
}

/** What nothing uses yet: an LPI, room for an ITT. */
function freeDrafts(script: Script, { index, line }: Cursor, field: CommandField | undefined): Draft[] {
  if (field?.name === "pINTID") {
    const intid = freeIntid(script, index);
    return intid === undefined ? [] : [value(String(intid), "the lowest LPI that no event is mapped to")];
  }
  if (field?.name !== "ITT_addr") return [];
  const size = argumentValue(line, "Size");
  const address = freeIttAddress(script, index, size === undefined ? 5 : Number(size) + 1);
  return address === undefined ? [] : [value(`0x${address.toString(16)}`, "room for the ITT that nothing uses")];
}

/** PEs offered at most. */
const PES = 64;

/** PE numbers where one is meant: RDbase, the second value of pending[…], the brackets of a register that exists once a PE. */
function peDrafts(
  script: Script,
  { index }: Cursor,
  field: CommandField | undefined,
  inside: ValueContext["inside"],
): Draft[] {
  const isPe =
    inside === undefined
      ? field?.name.startsWith("RDbase") === true
      : (["pending", "enabled", "active", "priority"].includes(inside.word) && inside.place === 1) ||
        ["running", "writing"].includes(inside.word) ||
        /^(?:GIC[CHR]|ICC|ICH|ICV)_/i.test(inside.word);
  if (!isPe) return [];
  const { cpus } = script.document.machineLines(index).machine;
  return Array.from({ length: Math.min(cpus, PES) }, (_, pe) => value(String(pe), `PE ${pe} of ${cpus}`));
}

function value(label: string, detail: string): Draft {
  return { label, kind: CompletionItemKind.Value, detail };
}

function member(label: string, detail: string): Draft {
  return { label, kind: CompletionItemKind.EnumMember, detail };
}

/** The register field whose value is written at the cursor: `write R.F = ` or `write R = { F=`. */
function writtenField({ line, column }: Cursor): Field | undefined {
  const before = line.text.slice(0, column);
  const target = /^\s*write\s+(\w+)(?:\[[^\]]*\])?(?:\.(\w+))?\s*=/.exec(before);
  const member = target === null ? undefined : findRegister(target[1]);
  if (target === null || member === undefined) return undefined;
  const name = target[2] ?? /[{,]\s*(\w+)\s*=\s*\w*$/.exec(before)?.[1];
  return name === undefined ? undefined : findRegisterField(member.register, name);
}

/** Names offered at most. */
const NAMES = 1000;

function nameDrafts(script: Script, cursor: Cursor): Draft[] {
  return script.document
    .namesAt(cursor.index)
    .slice(-NAMES)
    .reverse()
    .map(({ name, constant }) => ({
      label: name,
      kind: CompletionItemKind.Variable,
      detail: constant === undefined ? "computed while the script runs" : formatValue(constant),
    }));
}

function stateDrafts(): Draft[] {
  const words = stateKeywords.map(({ word, form }) => ({
    label: word,
    kind: CompletionItemKind.Function,
    detail: form,
    snippet: `${word}[${place(1)}]`,
    data: { kind: "state" as const, name: word },
  }));
  return [...words, ...registerDrafts];
}

/** In the order of their declaration, GITS registers first. */
export const registerDrafts: readonly Draft[] = registerNames.map((name) => {
  const register = registerByName(name)?.register;
  return {
    label: name,
    kind: CompletionItemKind.Variable,
    detail: register === undefined ? "" : `${register.width} bits, ${register.access}`,
    data: { kind: "register" as const, name },
  };
});
