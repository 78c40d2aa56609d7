import { commandByOpcode, extractRaw } from "../../architecture/index.ts";
import {
  type Expression,
  evaluate,
  findArgument,
  findCommand,
  limits,
  msiArguments,
  type ScriptLine,
} from "../../language/index.ts";
import type { Argument, CommandStatement, Span, Statement } from "../../language/parse/syntax.ts";
import { type Subject, subjectKey } from "../../runner/index.ts";
import { expressionsOf } from "../shared/expressions.ts";

/** What a number in a script names: something that an ITS maps, an interrupt that it maps to, or a PE. */
export type Named =
  | Subject
  | { readonly kind: "interrupt"; readonly intid: number }
  | { readonly kind: "pe"; readonly pe: number };

/** A place in a line that names something of the ITS. */
export interface Mention extends Span {
  readonly subject: Named;
}

/** A string that is the same for the same thing. */
export function namedKey(named: Named): string {
  if (named.kind === "interrupt") return `interrupt ${named.intid}`;
  return named.kind === "pe" ? `pe ${named.pe}` : subjectKey(named);
}

/** The statement of a line; of a `let` that keeps the answer of a statement that one. */
export function statementOf({ syntax }: ScriptLine): Statement {
  return (syntax.kind === "let" ? syntax.source : undefined) ?? syntax;
}

/** A value that depends on no state, with the names as they are on its line. */
export function constantOf(line: ScriptLine, expression: Expression): bigint | undefined {
  if (expression.kind === "number") return expression.value;
  const lookup = (name: string) => line.binding.uses.find((use) => use.name === name)?.definition?.constant;
  const result = evaluate(expression, { lookup });
  return result.ok ? result.value : undefined;
}

/** The value of an argument of a line's command or MSI as it is written; undefined when it is absent or depends on state. */
export function argumentValue(line: ScriptLine, name: string): bigint | undefined {
  const syntax = statementOf(line);
  if (syntax.kind !== "command" && syntax.kind !== "msi") return undefined;
  return valueOfArgument(line, syntax.arguments, name);
}

function valueOfArgument(line: ScriptLine, list: readonly Argument[], name: string): bigint | undefined {
  const wanted = name.toLowerCase();
  const argument = list.find((entry) => entry.name.text.toLowerCase() === wanted);
  return argument === undefined ? undefined : constantOf(line, argument.value);
}

const EVERY_ITS: readonly number[] = Array.from({ length: Number(limits.itss) }, (_, its) => its);

/** The ITSs that a number in a line may be one of: every one where it is computed, none where no ITS has such a number. */
export function itssNamed(line: ScriptLine, unit: Expression): readonly number[] {
  const value = constantOf(line, unit);
  if (value === undefined) return EVERY_ITS;
  return value < 0n || value >= limits.itss ? [] : [Number(value)];
}

/**
 * Everything of ITSs that a line names, arguments and table references alike. An id of which it is not known whose it is, as in a loop
 * over ITSs, is named once for each ITS.
 * @param itss the ITSs that may be meant where nothing is said: see its-of-line.ts
 */
export function mentionsOf(line: ScriptLine, itss: readonly number[]): Mention[] {
  const syntax = statementOf(line);
  const mentions: Mention[] = [];
  switch (syntax.kind) {
    case "command":
      addArguments(mentions, line, itss, findCommand(syntax.word.text)?.name ?? "", syntax);
      break;
    case "msi":
      addArguments(mentions, line, itss, "msi", syntax);
      break;
    case "raw":
      addPacket(mentions, line, syntax.unit === undefined ? itss : itssNamed(line, syntax.unit), syntax.values);
      break;
    case "host":
      if (syntax.pe !== undefined) addPe(mentions, line, syntax.pe);
      if (syntax.target !== undefined) addReferences(mentions, line, itss, syntax.target);
      if (syntax.value !== undefined) addReferences(mentions, line, itss, syntax.value);
      break;
    case "wire": {
      const intid = idOf(constantOf(line, syntax.intid));
      if (intid !== undefined && (syntax.verb === "line" || syntax.verb === "host-map"))
        mentions.push({ subject: { kind: "interrupt", intid }, ...spanOf(syntax.intid) });
      if (syntax.pe !== undefined) addPe(mentions, line, syntax.pe);
      break;
    }
    default:
      for (const expression of expressionsOf(syntax)) addReferences(mentions, line, itss, expression);
  }
  return mentions;
}

function addArguments(
  mentions: Mention[],
  line: ScriptLine,
  outer: readonly number[],
  command: string,
  { unit, arguments: list }: Pick<CommandStatement, "unit" | "arguments">,
): void {
  const itss = unit === undefined ? outer : itssNamed(line, unit);
  const device = idOf(valueOfArgument(line, list, "DeviceID"));
  for (const { name, value } of list) {
    const field = findArgument(findCommand(command) ?? msiArguments, name.text);
    const id = idOf(constantOf(line, value));
    if (field === undefined || id === undefined) continue;
    const { start } = name;
    const length = value.start + value.length - start;
    const add = (subject: Named) => mentions.push({ subject, start, length });
    switch (field.name) {
      case "DeviceID":
        for (const its of itss) add({ kind: "device", its, device: id });
        break;
      case "EventID":
        if (device === undefined) break;
        for (const its of itss) add({ kind: "event", its, device, event: id });
        if (command === "MAPI") add({ kind: "interrupt", intid: id });
        break;
      case "pINTID":
        add({ kind: "interrupt", intid: id });
        break;
      case "ICID":
        for (const its of itss) add({ kind: "collection", its, icid: id });
        break;
      case "RDbase":
      case "RDbase1":
      case "RDbase2":
        add({ kind: "pe", pe: id });
        break;
    }
  }
}

/** What the packet of a `raw` names, each at the word that holds it. */
function addPacket(
  mentions: Mention[],
  line: ScriptLine,
  itss: readonly number[],
  values: readonly Expression[],
): void {
  const words = values.map((value) => constantOf(line, value));
  const [first] = words;
  const command = first === undefined ? undefined : commandByOpcode(Number(BigInt.asUintN(8, first)));
  if (command === undefined) return;
  const field = (name: string) => {
    const found = command.fields.find((entry) => entry.name === name);
    const word = found && words[found.word];
    if (found === undefined || word === undefined) return undefined;
    return { id: Number(extractRaw(BigInt.asUintN(64, word), found)), span: spanOf(values[found.word]) };
  };
  const [device, event, icid] = [field("DeviceID"), field("EventID"), field("ICID")];
  const intid = field("pINTID") ?? (command.name === "MAPI" ? event : undefined);
  for (const its of itss) {
    if (event !== undefined && device !== undefined)
      mentions.push({ subject: { kind: "event", its, device: device.id, event: event.id }, ...event.span });
    if (device !== undefined) mentions.push({ subject: { kind: "device", its, device: device.id }, ...device.span });
    if (icid !== undefined) mentions.push({ subject: { kind: "collection", its, icid: icid.id }, ...icid.span });
  }
  if (intid !== undefined) mentions.push({ subject: { kind: "interrupt", intid: intid.id }, ...intid.span });
  for (const name of ["RDbase", "RDbase1", "RDbase2"]) {
    const pe = field(name);
    if (pe !== undefined) mentions.push({ subject: { kind: "pe", pe: pe.id }, ...pe.span });
  }
}

function addPe(mentions: Mention[], line: ScriptLine, expression: Expression): void {
  const pe = idOf(constantOf(line, expression));
  if (pe !== undefined) mentions.push({ subject: { kind: "pe", pe }, ...spanOf(expression) });
}

function spanOf({ start, length }: Span): Span {
  return { start, length };
}

function addReferences(mentions: Mention[], line: ScriptLine, outer: readonly number[], expression: Expression): void {
  const add = (subject: Named, { start, length }: Span) => mentions.push({ subject, start, length });
  switch (expression.kind) {
    case "unary":
      addReferences(mentions, line, outer, expression.operand);
      break;
    case "binary":
      addReferences(mentions, line, outer, expression.left);
      addReferences(mentions, line, outer, expression.right);
      break;
    case "slice":
      addReferences(mentions, line, outer, expression.operand);
      break;
    case "table": {
      // vPEs are not followed.
      if (expression.table === "vte") break;
      const [first, second] = expression.ids.map((id) => idOf(constantOf(line, id)));
      if (first === undefined) break;
      for (const its of expression.unit === undefined ? outer : itssNamed(line, expression.unit)) {
        if (expression.table === "cte") add({ kind: "collection", its, icid: first }, expression.ids[0]);
        else add({ kind: "device", its, device: first }, expression.ids[0]);
        if (expression.table === "ite" && second !== undefined)
          add({ kind: "event", its, device: first, event: second }, expression.ids[1]);
      }
      break;
    }
    case "interrupt": {
      const intid = idOf(constantOf(line, expression.intid));
      if (intid !== undefined) add({ kind: "interrupt", intid }, expression.intid);
      if (expression.pe !== undefined) addPe(mentions, line, expression.pe);
      break;
    }
    case "register":
      if (expression.pe !== undefined) addPe(mentions, line, expression.pe);
      break;
    case "vcpu":
      addPe(mentions, line, expression.pe);
      break;
  }
}

/** An id as a number; undefined for what no id is. */
function idOf(value: bigint | undefined): number | undefined {
  return value === undefined || value < 0n || value > 0xffff_ffffn ? undefined : Number(value);
}
