import { hex, hexGrouped } from "../../architecture/hex.ts";
import {
  type EntryLayout,
  entryIsValid,
  extractRaw,
  type Field,
  formatArgument,
  layouts,
  type Register,
  type RegisterMember,
  registerEncoding,
  registerName,
} from "../../architecture/index.ts";
import {
  type Expression,
  evaluate,
  isFailure,
  isMappedEntry,
  isProblem,
  locateRegister,
  type RegisterLocation,
  type Scope,
  stateKeywords,
  tableFields,
  tableKinds,
} from "../../language/index.ts";
import type { TableName, TableReference } from "../../language/parse/syntax.ts";
import { registerAddress, type ScriptRun } from "../../runner/index.ts";
import { bits, code, doubleword, paragraphs, plain, width } from "../markdown.ts";
import type { Cursor, Script } from "../scripts/script.ts";
import { attributeText } from "./hover-attribute.ts";
import { describeWord } from "./hover-words.ts";
import { fieldTable, meaningOf, valueTable, withoutName } from "./values-text.ts";

/** Milliseconds that a hover may spend on running up to its line; without them it shows no values. */
const BUDGET = 25;

/** A value before and after a line. */
interface Moment<Value = bigint> {
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** Reads something of the machine before and after a line. @param read is given what expressions mean on the line */
function around<Value>(
  script: Script,
  { index }: Cursor,
  read: (run: ScriptRun, scope: Scope) => Value | undefined,
): Moment<Value> & { readonly run?: ScriptRun } {
  const { simulation, document } = script;
  // Behind the last line of a block the run has left it, and would mean another PE or ITS.
  const inBlock = document.blocks.around(index) === undefined ? undefined : simulation?.stateBefore(index, BUDGET);
  const { pe, its } = inBlock?.scope ?? {};
  const later = simulation?.stateBefore(index + 1, BUDGET);
  const after = later && read(later, { ...later.scope, pe, its });
  const run = simulation?.stateBefore(index, BUDGET);
  return { before: run && read(run, run.scope), after, run };
}

/** A register: where it is, what it holds before and after the line, and its fields. */
export function describeRegister(
  script: Script,
  cursor: Cursor,
  member: RegisterMember,
  expression: Expression | undefined,
): string {
  const { register } = member;
  const name = registerName(register, member.index);
  const moment = around(script, cursor, (run, scope) => registerValue(run, scope, member, expression));
  const location = moment.run && locationOf(moment.run.scope, member, expression);
  const address = moment.run && location && registerAddress(moment.run.target, location);
  const per = location === undefined ? "" : ofUnit(register, location);
  return paragraphs(
    `**${plain(name)}**${per} (${register.width} bits, ${register.access})`,
    plain(register.summary),
    [placeText(member, address), resetText(register, member.index)].filter((text) => text !== "").join(" "),
    moment.run?.target.vmm === undefined
      ? undefined
      : attributeText(member, location?.pe ?? 0, moment.run.target.map.gicc === undefined ? 3 : 2),
    valueLine(moment, register.width),
    fieldTable(register.fields, moment.before, moment.after),
    register.readEffect === undefined ? undefined : `Reading it has an effect: ${plain(register.readEffect)}`,
  );
}

/** A field of a register with its values. */
export function describeField(
  script: Script,
  cursor: Cursor,
  member: RegisterMember,
  field: Field,
  expression: Expression | undefined,
): string {
  const moment = around(script, cursor, (run, scope) => registerValue(run, scope, member, expression));
  const raw = (value: bigint | undefined) => (value === undefined ? undefined : extractRaw(value, field));
  const [before, after] = [raw(moment.before), raw(moment.after)];
  const text = (value: bigint) => {
    const meaning = meaningOf(field, value);
    return `${code(formatArgument(field, value))}${meaning === "" ? "" : ` (${meaning})`}`;
  };
  const name = registerName(member.register, member.index);
  const shown =
    before === undefined
      ? undefined
      : after === undefined || after === before
        ? `Value: ${text(before)}`
        : `Value before this line: ${text(before)}, after it: ${text(after)}`;
  return paragraphs(
    `**${plain(name)}.${plain(field.name)}** ${bits(field)} (${width(field)}, ${field.access ?? member.register.access})`,
    plain(withoutName(field)),
    shown,
    valueTable(field, after ?? before),
  );
}

/** `dte[…]`, `pending[…]`, `mem64[…]`: what it reads, and its value before and after the line. */
export function describeState(
  script: Script,
  cursor: Cursor,
  keyword: string,
  expression: Expression | undefined,
): string {
  const doc = stateKeywords.find(({ word }) => word === keyword);
  const whole = expression?.kind === "table" ? { ...expression, field: undefined } : expression;
  const { run, before, after } = around(script, cursor, (at, scope) => ({
    value: computed(scope, whole),
    fields: whole?.kind === "table" ? fieldsOf(at, scope, whole) : [],
  }));
  const moment: Moment = { before: before?.value, after: after?.value };
  const fields = [before?.fields ?? [], after?.fields ?? []].find((list) => list.length > 0) ?? [];
  return paragraphs(
    doc === undefined ? undefined : describeWord(doc),
    valueLine(moment, whole === undefined ? 64 : widthOf(whole, run)),
    fields.length > 0 ? fieldTable(fields, moment.before, moment.after) : undefined,
  );
}

/** A field of a table entry, in the layout of the machine and in the others. */
export function describeTableField(
  script: Script,
  cursor: Cursor,
  tableName: TableName,
  name: string,
  expression: Expression,
): string {
  const moment = around(script, cursor, (_, scope) => computed(scope, expression));
  const fields = tableFields(tableName, name).map(
    ({ layout, field }) => `- ${plain(layout)}: ${bits(field)} ${plain(withoutName(field))}`,
  );
  const lead = name === "valid" ? "1 when the entry is mapped, else 0." : undefined;
  return paragraphs(`**${tableName}.${plain(name)}**`, lead, valueLine(moment, 64), fields.join("\n"));
}

/** The fields of an entry that is mapped; none where it holds nothing: an event of KVM's whose collection is gone. */
function fieldsOf(run: ScriptRun, scope: Scope, reference: TableReference): readonly Field[] {
  const layout = entryLayout(run, reference.table);
  const value = computed(scope, reference);
  if (layout === undefined || value === undefined || !entryIsValid(layout, value)) return [];
  return isMappedEntry(reference, scope) ? layout.fields : [];
}

/** Undefined while nothing has been run. */
function entryLayout(run: ScriptRun | undefined, tableName: TableName): EntryLayout | undefined {
  return run && layouts[run.target.layout].entries[tableKinds[tableName]];
}

/** Bits of what an expression reads. */
function widthOf(expression: Expression, run: ScriptRun | undefined): number {
  if (expression.kind === "interrupt") return 8;
  if (expression.kind === "memory") return expression.width;
  if (expression.kind === "table") return (entryLayout(run, expression.table)?.bytes ?? 8) * 8;
  return 64;
}

function locationOf(
  scope: Scope,
  { register, index }: RegisterMember,
  expression: Expression | undefined,
): RegisterLocation | undefined {
  if (expression?.kind === "register") {
    const located = locateRegister(expression, scope);
    return isProblem(located) ? undefined : located.location;
  }
  return { name: registerName(register, index), register, index, pe: scope.pe ?? 0, its: scope.its ?? 0 };
}

function registerValue(
  run: ScriptRun,
  scope: Scope,
  member: RegisterMember,
  expression: Expression | undefined,
): bigint | undefined {
  const location = locationOf(scope, member, expression);
  const value = location && run.state.register(location);
  return value === undefined || isFailure(value) ? undefined : value;
}

function computed(scope: Scope, expression: Expression | undefined): bigint | undefined {
  if (expression === undefined) return undefined;
  const result = evaluate(expression, scope);
  return result.ok ? result.value : undefined;
}

function valueLine({ before, after }: Moment, bitCount: number): string | undefined {
  const text = (value: bigint) => {
    if (value < 10n && bitCount < 64) return code(value.toString());
    return code(bitCount === 64 ? doubleword(value) : hex(value, Math.ceil(bitCount / 4)));
  };
  if (before === undefined) return after === undefined ? undefined : `Value after this line: ${text(after)}`;
  if (after === undefined || after === before) return `Value: ${text(before)}`;
  return `Value before this line: ${text(before)}, after it: ${text(after)}`;
}

/** Whose a register is, where there may be several. */
function ofUnit(register: Register, { pe, its }: RegisterLocation): string {
  if (register.block === "GITS") return its === 0 ? "" : ` of ITS ${its}`;
  return isPerPe(register) ? ` of PE ${pe}` : "";
}

function isPerPe({ block }: Register): boolean {
  return block !== "GITS" && block !== "GICD";
}

function placeText({ register, index }: RegisterMember, address: number | undefined): string {
  if (register.offset === undefined) {
    const encoding = registerEncoding(register, index);
    if (encoding === undefined) return "";
    return `S${encoding.op0}_${encoding.op1}_C${encoding.CRn}_C${encoding.CRm}_${encoding.op2}.`.replaceAll("_", "\\_");
  }
  const offset = register.offset + (index - (register.firstIndex ?? 0)) * (register.stride ?? 0);
  const place = `Offset ${hex(offset, 4)} of ${register.block}`;
  return address === undefined ? `${place}.` : `${place}, at ${hex(address, 8)}.`;
}

function resetText({ reset, memberResets, firstIndex }: Register, index: number): string {
  const entries = Object.entries(reset ?? {}).map(([who, value]) => `${who} ${hexGrouped(value)}`);
  for (const [who, values] of Object.entries(memberResets ?? {}))
    entries.push(`${who} ${hexGrouped(values[index - (firstIndex ?? 0)] ?? 0n)}`);
  return entries.length === 0 ? "" : `Reset: ${entries.join(", ")}.`;
}
