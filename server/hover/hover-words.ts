import { hexGrouped } from "../../architecture/hex.ts";
import { commandErrorByCode, type Field, modelTitle, resolveModel } from "../../architecture/index.ts";
import { readAnyNumber } from "../../dumps/explain-value/index.ts";
import {
  docComment,
  exitOutcome,
  formatValue,
  type KeywordDoc,
  machineProperties,
  outcomeWords,
  type ScriptPart,
  type SingleOutcome,
  statementKeywords,
} from "../../language/index.ts";
import { code, paragraphs, plain, scriptBlock, textBlock } from "../markdown.ts";
import type { Cursor, Script } from "../scripts/script.ts";
import { describeRaw, packetOf, packetText } from "./hover-command.ts";
import { meaningOf } from "./values-text.ts";

/** Form, summary and example of a word of the language. */
export function describeWord({ form, summary, example }: KeywordDoc): string {
  const shown = example.includes("\n") ? paragraphs("Example:", scriptBlock(example)) : `Example: ${code(example)}`;
  return paragraphs(scriptBlock(form), plain(summary), form === example ? undefined : shown);
}

export function describeKeyword(word: string, cursor?: Cursor): string {
  const found = statementKeywords.find((keyword) => keyword.word === word);
  const words = word === "raw" && cursor !== undefined ? packetOf(cursor) : undefined;
  return paragraphs(
    found === undefined ? undefined : describeWord(found),
    words === undefined ? undefined : textBlock(packetText(words)),
    words === undefined ? undefined : describeRaw(words),
  );
}

/** A property of the machine, or one of its words. */
export function describeProperty(name: string, word?: string): string {
  const property = machineProperties.find((entry) => entry.word === name);
  const model = word === undefined ? undefined : resolveModel(word);
  return paragraphs(
    name === "model" && model !== undefined ? `**${plain(model)}**: ${plain(modelTitle(model))}.` : undefined,
    property === undefined ? `A machine has no property ${plain(name)}.` : describeWord(property),
  );
}

/** What an author expects of a command; of command errors what they are and what helps. */
export function describeOutcome(outcome: SingleOutcome): string {
  switch (outcome.kind) {
    case "error": {
      const error = commandErrorByCode(outcome.code);
      const number = `0x${outcome.code.toString(16).padStart(6, "0").toUpperCase()}`;
      if (error === undefined) return `Command error ${number}, which has no name.`;
      return paragraphs(
        `**${plain(error.name)}** (command error ${number})`,
        plain(error.summary),
        plain(error.advice),
        `_${plain(error.source)}${error.confirmed ? "" : ", not confirmed by a public source"}_`,
      );
    }
    case "errno":
      return `**${outcome.name}** (errno ${outcome.errno}): what the host's kernel answers.`;
    default: {
      const word = [...outcomeWords, exitOutcome].find((entry) => entry.word === outcome.kind);
      return word === undefined ? "" : describeWord(word);
    }
  }
}

/** A number in every base; `field` is the argument whose value it is. */
export function describeNumber(value: bigint, field?: Field): string {
  const rows = [`hex      ${hexGrouped(value)}`, `decimal  ${value}`, `binary   ${binary(value)}`];
  const size = sizeText(value);
  if (size !== undefined) rows.push(`size     ${size}`);
  const set = setBits(value);
  if (set !== "") rows.push(`bits     ${set}`);
  const raw = field === undefined || (field.shift ?? 0) !== 0 ? undefined : meaningOf(field, value);
  return paragraphs(
    field === undefined || raw === undefined || raw === "" ? undefined : `${plain(field.name)}: ${raw}`,
    textBlock(rows.join("\n")),
    field === undefined ? readings(value) : undefined,
  );
}

/** Smaller numbers may be anything. */
const TELLING = 0x1000n;
const SHOWN_READINGS = 2;

/** What a number that is no argument may be: an address of the default map, a register's reset value, an INTID. */
function readings(value: bigint): string | undefined {
  if (value < TELLING) return undefined;
  const found = readAnyNumber(value).filter(({ kind }) => kind !== "number");
  const lines = found.slice(0, SHOWN_READINGS).map(({ title, summary }) => `- **${plain(title)}**: ${plain(summary)}`);
  return lines.length === 0 ? undefined : lines.join("\n");
}

function binary(value: bigint): string {
  const digits = value.toString(2);
  const padded = digits.padStart(Math.ceil(digits.length / 4) * 4, "0");
  return `0b${padded.replace(/(?<=.)(?=(?:.{4})+$)/g, "_")}`;
}

/** `64 KiB` for multiples of 1,024. */
function sizeText(value: bigint): string | undefined {
  const units = [
    ["GiB", 30n],
    ["MiB", 20n],
    ["KiB", 10n],
  ] as const;
  for (const [unit, shift] of units)
    if (value !== 0n && value % (1n << shift) === 0n) return `${value >> shift} ${unit}`;
  return undefined;
}

/** Numbers of the bits that are 1, when they are few. */
function setBits(value: bigint): string {
  const set: number[] = [];
  for (let bit = 63; bit >= 0; bit--) if (((value >> BigInt(bit)) & 1n) === 1n) set.push(bit);
  return set.length > 8 ? "" : set.join(", ");
}

/** A macro: its line, what the comments above it say, and the values that a call may leave out. */
export function describeMacro({ document }: Script, name: string): string {
  const place = document.macroPlace(name);
  if (place === undefined) return `No macro is called '${plain(name)}'.`;
  const { part, line } = place;
  const doc = docComment(part, line);
  const text = part.lines[line].text.replace(/\{[^{}]*$/, "").trim();
  return paragraphs(scriptBlock(text), doc === undefined ? undefined : plain(doc), definedIn(part, line));
}

function definedIn({ file }: ScriptPart, line: number): string {
  return file === undefined ? `Defined in line ${line + 1}.` : `Defined in line ${line + 1} of ${plain(file.path)}.`;
}

/** A name of a `let`, a loop or a parameter: its line, what the comments above it say, and its value. */
export function describeName(script: Script, { index, line }: Cursor, name: string, isDefinition: boolean): string {
  const place = script.document.definitionPlace(name, isDefinition ? index + 1 : index);
  if (place === undefined) return `'${plain(name)}' is not defined.`;
  const { part } = place;
  const source = part.lines[place.line];
  const statement = source.binding.statement;
  const constant = statement?.kind === "let" ? statement.constant : undefined;
  const own = part.file === undefined;
  const run = constant ?? (own ? script.simulation?.resultOf(place.line)?.defined?.value : undefined);
  const doc = docComment(part, place.line);
  const where = isDefinition && place.line === index && own ? undefined : definedIn(part, place.line);
  const unknown = source === line ? "" : "Its value is known while the script runs.";
  return paragraphs(
    scriptBlock(source.text.trim()),
    doc === undefined ? undefined : plain(doc),
    run === undefined ? unknown : `Value: ${code(formatValue(run))}${run < 10n ? "" : ` = ${run}`}`,
    where,
  );
}
