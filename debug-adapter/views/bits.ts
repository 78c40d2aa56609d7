import { commandByOpcode, type Field, formatCommand, hex, layouts } from "../../architecture/index.ts";
import { bindStatement } from "../../language/bind/bind.ts";
import {
  isBoundStatement,
  isMappedEntry,
  isProblem,
  locateRegister,
  operationOf,
  parseLine,
  type Scope,
  tableKinds,
} from "../../language/index.ts";
import {
  fieldViews,
  hexWord,
  isSettableEntryField,
  isWritableField,
  readRegister,
  registerExpression,
  type ScriptRun,
} from "../../runner/index.ts";
import { errors } from "../errors.ts";
import { evaluateNumber, readExpression } from "../evaluate.ts";
import type { Launched } from "../launching/launch.ts";
import type { BitsArguments, BitsBody, BitsField } from "../views-protocol.ts";
import type { Moments } from "./moments.ts";
import { slotWords } from "./queue.ts";

/** The field that says which command it is. */
const OPCODE = "opcode";

/** Answers `gic/bits`. @throws AdapterError when there is nothing that has bits with names */
export function bitsBody(launched: Launched, moments: Moments, asked: BitsArguments): BitsBody {
  const { run } = launched;
  if ("expression" in asked) return ofExpression(run, moments, asked.expression);
  if ("slot" in asked) {
    const { its = 0, slot } = asked;
    const words = its < run.target.map.its.length ? slotWords(run.target, run.target.queue(its), slot) : undefined;
    if (words === undefined) throw errors.noVariable(`slot ${slot}`);
    return { ...ofCommand(words, `slot ${slot}`), fixed: "slot" };
  }
  const { statement, text, where } = lineOf(launched, asked.line, asked.text);
  if (!isBoundStatement(statement)) throw errors.noExpression();
  const operation = operationOf(statement, run.scope);
  if (isProblem(operation) || operation.kind !== "command") throw errors.noExpression();
  const body = ofCommand(operation.words, where);
  if (statement.kind !== "command") return { ...body, fixed: "raw" };
  const { arguments: given, word } = statement.syntax;
  const last = given.at(-1)?.value ?? word;
  const fields = body.fields.map((field): BitsField => {
    if (field.name === OPCODE) return field;
    const written = given.find(({ name }) => name.text.toLowerCase() === field.name.toLowerCase());
    const edit =
      written === undefined
        ? { start: last.start + last.length, length: 0, before: `${given.length === 0 ? " " : ", "}${field.name}=` }
        : { start: written.value.start, length: written.value.length, before: "" };
    return { ...field, edit };
  });
  return { ...body, fields, source: { line: asked.line, text } };
}

/** What a line of the script says, or would say as an editor has it. @throws AdapterError where that cannot be read */
function lineOf({ document }: Launched, number: number, written: string | undefined) {
  const line = document.lines[number - 1];
  if (line === undefined) throw errors.noExpression();
  const where = `line ${number}`;
  if (written === undefined || written === line.text) return { statement: line.statement, text: line.text, where };
  const { statement, problem } = parseLine(written, line.stateBefore);
  if (problem !== undefined) throw errors.diagnostic(problem);
  if (statement.kind !== "command" && statement.kind !== "raw") throw errors.noExpression();
  const names = new Map(document.namesAt(number - 1).map((name) => [name.name, name]));
  const bound = bindStatement(statement, { find: (name) => names.get(name), names: () => names.keys() });
  if (isProblem(bound)) throw errors.diagnostic(bound);
  return { statement: bound, text: written, where: `${where}, not saved` };
}

function ofExpression(run: ScriptRun, moments: Moments, text: string): BitsBody {
  const expression = readExpression(text, run);
  const scope: Scope = run.scope;
  if (expression.kind === "register") {
    const located = locateRegister(expression, scope);
    if (isProblem(located)) throw errors.diagnostic(located);
    const { location } = located;
    const view = readRegister(run.target, location);
    const name = registerExpression(location);
    if (view.value === undefined) throw errors.noVariable(`${name}: ${view.text}`);
    const before = moments.before(`register ${name}`, () => readRegister(run.target, location).value);
    // So that the next stop can tell, whichever way it goes.
    moments.present(`register ${name}`, () => view.value);
    const at = view.address === undefined ? "" : ` at ${hex(view.address)}`;
    return {
      title: name,
      summary: `${view.width}-bit register${at}, ${view.access}: ${view.summary}`,
      words: [hexWord(view.value, view.width)],
      fields: view.fields.map((field) =>
        fieldBody(
          field.field,
          view.value ?? 0n,
          isWritableField(view, field) ? `${name}.${field.name}` : undefined,
          field.access ?? view.access,
        ),
      ),
      ...(view.resetValue === undefined ? {} : { resetValue: hexWord(view.resetValue, view.width) }),
      ...(before === undefined || before === view.value ? {} : { previous: [hexWord(before, view.width)] }),
    };
  }
  if (expression.kind !== "table") throw errors.noVariable(`${text}: bits with names`);
  const entry = text.replace(/\.\w+\s*$/, "");
  const value = evaluateNumber(entry, run);
  const kind = tableKinds[expression.table];
  const layout = layouts[run.target.layout].entries[kind];
  const mapped = isMappedEntry(expression, scope);
  if (layout === undefined) throw errors.noVariable(entry);
  const width = layout.bytes * 8;
  const before = moments.before(`entry ${entry}`, () => safely(() => evaluateNumber(entry, run)));
  moments.present(`entry ${entry}`, () => value);
  return {
    title: entry,
    summary: `${layout.entryName}, ${layouts[run.target.layout].title}`,
    words: wordsOf(value, width),
    fields: layout.fields.map((field) => {
      const { name } = field;
      const isSettable = mapped && isSettableEntryField(kind, layout.fields, value, name);
      return fieldBody(field, value, isSettable ? `${entry}.${name}` : undefined);
    }),
    ...(before === undefined || before === value ? {} : { previous: wordsOf(before, width) }),
  };
}

/** The value; undefined where there was none. */
function safely(read: () => bigint): bigint | undefined {
  try {
    return read();
  } catch {
    // The entry was not there: that it is new is seen by its row.
    return undefined;
  }
}

function ofCommand(words: readonly bigint[], where: string): BitsBody {
  const command = commandByOpcode(Number(words[0] & 0xffn));
  const value = words.reduceRight((sum, word) => (sum << 64n) | word, 0n);
  const fields: readonly Field[] = (command?.fields ?? []).map((field) => ({
    ...field,
    lsb: field.lsb + field.word * 64,
    msb: field.msb + field.word * 64,
  }));
  const opcode: Field = { name: OPCODE, msb: 7, lsb: 0, display: "hex", summary: "Which command it is." };
  return {
    title: formatCommand([words[0], words[1], words[2], words[3]]),
    summary: `${where}: ${command?.summary ?? "no command of the architecture"}`,
    words: words.map((word) => hexWord(word, 64)),
    fields: [opcode, ...fields].map((field) => fieldBody(field, value, undefined)),
  };
}

/** Words of 64 bits; a narrower entry, or what is left, in one as wide as it is. */
function wordsOf(value: bigint, width: number): string[] {
  const words: string[] = [];
  for (let low = 0; low < width; low += 64) words.push(hexWord(value >> BigInt(low), Math.min(64, width - low)));
  return words;
}

function fieldBody(field: Field, value: bigint, expression: string | undefined, access = field.access): BitsField {
  const [{ name, msb, lsb, text, summary }] = fieldViews([field], value);
  return {
    name,
    msb,
    lsb,
    text,
    summary,
    ...(access === undefined ? {} : { access }),
    ...(expression === undefined ? {} : { expression }),
    values: (field.values ?? []).map((one) => ({ value: String(one.value), name: one.name })),
  };
}
