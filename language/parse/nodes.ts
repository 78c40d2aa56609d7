import type {
  AttributeGroup,
  Command,
  CommandField,
  DeviceType,
  Field,
  NamedAttribute,
  RegisterMember,
} from "../../architecture/index.ts";
import { resolveAttribute } from "../bind/bind-attribute.ts";
import { resolveOutcome, type SingleOutcome } from "../bind/outcomes.ts";
import { findRegister, findRegisterField } from "../bind/registers.ts";
import { tableFieldName } from "../bind/tables.ts";
import { isProblem } from "../diagnostic.ts";
import { isStatementKeyword, type StatementKeyword } from "../editing/keywords.ts";
import type { StateKeyword } from "../editing/state-keywords.ts";
import { errors } from "../errors.ts";
import { findArgument, findCommand, msiArguments } from "../operation/assemble.ts";
import type { ScriptLine } from "./line.ts";
import type { Argument, Expression, OutcomeClause, Span, Statement, TableName, Word } from "./syntax.ts";

/** A piece of a line that means something by itself, with what it means: for hovers, definitions, references and colours. */
export type ScriptNode = Span &
  (
    | { readonly kind: "keyword"; readonly keyword: StatementKeyword }
    /** The word `same` of `expect same as`. */
    | { readonly kind: "same" }
    | { readonly kind: "command"; readonly command: Command }
    /** `command` is absent in `msi`. */
    | {
        readonly kind: "argument";
        readonly command?: Command;
        readonly field: CommandField;
        readonly value: Expression;
      }
    | { readonly kind: "register"; readonly member: RegisterMember; readonly expression?: Expression }
    | {
        readonly kind: "field";
        readonly member: RegisterMember;
        readonly field: Field;
        readonly expression?: Expression;
      }
    | { readonly kind: "state"; readonly keyword: StateKeyword; readonly expression?: Expression }
    | {
        readonly kind: "table-field";
        readonly table: TableName;
        readonly name: string;
        readonly expression: Expression;
      }
    /** A word of a device attribute: the device, its group, or the attribute by name. */
    | {
        readonly kind: "attribute";
        readonly device: DeviceType;
        readonly group?: AttributeGroup;
        readonly named?: NamedAttribute;
      }
    | { readonly kind: "name"; readonly name: string; readonly isDefinition: boolean }
    | { readonly kind: "macro"; readonly name: string; readonly isDefinition: boolean }
    /** The name of a parameter where a macro is called. */
    | { readonly kind: "parameter"; readonly macro: string; readonly name: string }
    | { readonly kind: "number"; readonly value: bigint }
    | { readonly kind: "outcome"; readonly outcome: SingleOutcome }
    | { readonly kind: "property"; readonly name: string }
    | { readonly kind: "property-word"; readonly property: string; readonly word: string }
  );

/** The node at a column: what the cursor stands in or, failing that, directly behind. */
export function nodeAt(line: ScriptLine, column: number): ScriptNode | undefined {
  let behind: ScriptNode | undefined;
  for (const node of nodesOf(line)) {
    if (column >= node.start && column < node.start + node.length) return node;
    if (column === node.start + node.length) behind = node;
  }
  return behind;
}

/** All nodes of a line. They do not overlap; words that mean nothing, such as misspelt ones, have none. */
export function nodesOf({ syntax, text, binding }: ScriptLine): ScriptNode[] {
  const nodes: ScriptNode[] = [];
  // A word that names no macro is as good as a misspelt command.
  if (syntax.kind === "call" && binding.problem?.code === errors.unknownStatement.code) return nodes;
  addStatement(nodes, syntax, text);
  return nodes;
}

function addStatement(nodes: ScriptNode[], syntax: Statement, text: string): void {
  const keyword = (word: Word) => {
    if (isStatementKeyword(word.text)) nodes.push({ kind: "keyword", keyword: word.text, ...place(word) });
  };
  const models = (words: readonly Word[]) => {
    for (const word of words) nodes.push({ kind: "property-word", property: "model", word: word.text, ...place(word) });
  };
  const outcome = (clause: OutcomeClause | undefined) => {
    for (const { words, models: on } of clause?.cases ?? []) {
      for (const word of words) {
        const resolved = resolveOutcome(word);
        if (!isProblem(resolved)) nodes.push({ kind: "outcome", outcome: resolved, ...place(word) });
      }
      models(on);
    }
  };
  switch (syntax.kind) {
    case "blank":
      break;
    case "broken":
      if (syntax.word !== undefined) keyword(syntax.word);
      break;
    case "machine":
      if (syntax.word !== undefined) keyword(syntax.word);
      for (const { name, word, values } of syntax.properties) {
        nodes.push({ kind: "property", name: name.text, ...place(name) });
        if (word !== undefined)
          nodes.push({ kind: "property-word", property: name.text, word: word.text, ...place(word) });
        for (const value of values) addExpression(nodes, value);
      }
      break;
    case "let":
      keyword(syntax.word);
      nodes.push({ kind: "name", name: syntax.name.text, isDefinition: true, ...place(syntax.name) });
      if (syntax.source === undefined) addExpression(nodes, syntax.value);
      else addStatement(nodes, syntax.source, text);
      break;
    case "command": {
      const command = findCommand(syntax.word.text);
      if (command !== undefined) nodes.push({ kind: "command", command, ...place(syntax.word) });
      addOptional(nodes, syntax.unit);
      addArguments(nodes, command, syntax.arguments);
      outcome(syntax.outcome);
      break;
    }
    case "msi":
      keyword(syntax.word);
      addOptional(nodes, syntax.unit);
      addArguments(nodes, undefined, syntax.arguments);
      outcome(syntax.outcome);
      break;
    case "raw":
    case "fill":
      keyword(syntax.word);
      if (syntax.kind === "raw") addOptional(nodes, syntax.unit);
      for (const value of syntax.values) addExpression(nodes, value);
      if (syntax.kind === "raw") outcome(syntax.outcome);
      break;
    case "write":
      keyword(syntax.word);
      addExpression(nodes, syntax.target);
      addOptional(nodes, syntax.pe);
      addOptional(nodes, syntax.value);
      addFields(nodes, syntax.target, syntax.fields ?? []);
      break;
    case "read":
      keyword(syntax.word);
      addExpression(nodes, syntax.target);
      addOptional(nodes, syntax.pe);
      break;
    case "store":
      if (text.startsWith(syntax.word.text, syntax.word.start)) keyword(syntax.word);
      addExpression(nodes, syntax.address);
      addExpression(nodes, syntax.value);
      break;
    case "action":
      keyword(syntax.word);
      addOptional(nodes, syntax.unit);
      outcome(syntax.outcome);
      break;
    case "host":
      keyword(syntax.word);
      for (const part of [syntax.pe, syntax.target, syntax.value]) if (part !== undefined) addExpression(nodes, part);
      outcome(syntax.outcome);
      break;
    case "wire":
      keyword(syntax.word);
      for (const part of [syntax.intid, syntax.pe, syntax.value]) if (part !== undefined) addExpression(nodes, part);
      outcome(syntax.outcome);
      break;
    case "attribute": {
      keyword(syntax.word);
      addOptional(nodes, syntax.unit);
      const { device, group, named } = resolveAttribute(syntax);
      if (device !== undefined) nodes.push({ kind: "attribute", device, ...place(syntax.device) });
      if (device !== undefined && group !== undefined)
        nodes.push({ kind: "attribute", device, group, ...place(syntax.group) });
      if (device !== undefined && syntax.name !== undefined && named !== undefined)
        nodes.push({ kind: "attribute", device, group, named, ...place(syntax.name) });
      for (const part of [syntax.number, syntax.value]) if (part !== undefined) addExpression(nodes, part);
      outcome(syntax.outcome);
      break;
    }
    case "vm":
      keyword(syntax.word);
      outcome(syntax.outcome);
      break;
    case "load":
      keyword(syntax.word);
      addExpression(nodes, syntax.address);
      break;
    case "lpi":
      keyword(syntax.word);
      for (const part of [syntax.intid, syntax.pe, syntax.value]) addOptional(nodes, part);
      for (const { value } of syntax.fields ?? []) addExpression(nodes, value);
      break;
    case "expect":
      keyword(syntax.word);
      addExpression(nodes, syntax.condition);
      models(syntax.models);
      break;
    case "same":
      keyword(syntax.word);
      nodes.push({ kind: "same", ...place(syntax.same) });
      models(syntax.others);
      models(syntax.models);
      break;
    case "queue":
      keyword(syntax.word);
      addOptional(nodes, syntax.unit);
      addExpression(nodes, syntax.slot);
      break;
    case "print":
      keyword(syntax.word);
      for (const part of syntax.parts) if (part.kind !== "string") addExpression(nodes, part);
      break;
    case "call":
      nodes.push({ kind: "macro", name: syntax.word.text, isDefinition: false, ...place(syntax.word) });
      for (const { name, value } of syntax.arguments) {
        nodes.push({ kind: "parameter", macro: syntax.word.text, name: name.text, ...place(name) });
        addExpression(nodes, value);
      }
      break;
    case "end":
      if (syntax.condition !== undefined) addExpression(nodes, syntax.condition);
      break;
    case "for":
      keyword(syntax.word);
      nodes.push({ kind: "name", name: syntax.name.text, isDefinition: true, ...place(syntax.name) });
      for (const part of [syntax.from, syntax.to, syntax.step]) if (part !== undefined) addExpression(nodes, part);
      break;
    case "macro":
      keyword(syntax.word);
      nodes.push({ kind: "macro", name: syntax.name.text, isDefinition: true, ...place(syntax.name) });
      for (const { name, value } of syntax.parameters) {
        nodes.push({ kind: "name", name: name.text, isDefinition: true, ...place(name) });
        if (value !== undefined) addExpression(nodes, value);
      }
      break;
    case "repeat":
      keyword(syntax.word);
      addExpression(nodes, syntax.count);
      break;
    case "if":
      keyword(syntax.word);
      addExpression(nodes, syntax.condition);
      break;
    case "place":
      keyword(syntax.word);
      addExpression(nodes, syntax.number);
      break;
    case "include":
    case "test":
    case "batch":
      keyword(syntax.word);
      break;
  }
}

function place({ start, length }: Span): Span {
  return { start, length };
}

function addArguments(nodes: ScriptNode[], command: Command | undefined, list: readonly Argument[]): void {
  for (const { name, value } of list) {
    const field = findArgument(command ?? msiArguments, name.text);
    if (field !== undefined) nodes.push({ kind: "argument", command, field, value, ...place(name) });
    addExpression(nodes, value);
  }
}

function addFields(nodes: ScriptNode[], target: Expression, list: readonly Argument[]): void {
  const member = target.kind === "register" ? findRegister(target.name.text) : undefined;
  for (const { name, value } of list) {
    const field = member && findRegisterField(member.register, name.text);
    if (member !== undefined && field !== undefined) nodes.push({ kind: "field", member, field, ...place(name) });
    addExpression(nodes, value);
  }
}

function addOptional(nodes: ScriptNode[], expression: Expression | undefined): void {
  if (expression !== undefined) addExpression(nodes, expression);
}

function addExpression(nodes: ScriptNode[], expression: Expression): void {
  switch (expression.kind) {
    case "missing":
      break;
    case "number":
      nodes.push({ kind: "number", value: expression.value, ...place(expression) });
      break;
    case "name":
      nodes.push({ kind: "name", name: expression.name, isDefinition: false, ...place(expression) });
      break;
    case "unary":
      addExpression(nodes, expression.operand);
      break;
    case "binary":
      addExpression(nodes, expression.left);
      addExpression(nodes, expression.right);
      break;
    case "slice":
      addExpression(nodes, expression.operand);
      addExpression(nodes, expression.high);
      if (expression.low !== undefined) addExpression(nodes, expression.low);
      break;
    case "register": {
      const member = findRegister(expression.name.text);
      if (member !== undefined) nodes.push({ kind: "register", member, expression, ...place(expression.name) });
      if (expression.unit !== undefined) addExpression(nodes, expression.unit);
      if (expression.pe !== undefined) addExpression(nodes, expression.pe);
      const field = member && expression.field && findRegisterField(member.register, expression.field.text);
      if (member !== undefined && field !== undefined && expression.field !== undefined)
        nodes.push({ kind: "field", member, field, expression, ...place(expression.field) });
      break;
    }
    case "read":
      if (isStatementKeyword(expression.word.text))
        nodes.push({ kind: "keyword", keyword: expression.word.text, ...place(expression.word) });
      addExpression(nodes, expression.target);
      break;
    case "memory":
      addState(nodes, `mem${expression.width}`, expression);
      addExpression(nodes, expression.address);
      break;
    case "table": {
      const { table, field } = expression;
      addState(nodes, table, expression);
      addOptional(nodes, expression.unit);
      for (const id of expression.ids) addExpression(nodes, id);
      const name = field && tableFieldName(table, field.text);
      if (field !== undefined && name !== undefined)
        nodes.push({ kind: "table-field", table, name, expression, ...place(field) });
      break;
    }
    case "vcpu":
      addState(nodes, expression.property, expression);
      addExpression(nodes, expression.pe);
      break;
    case "interrupt":
      addState(nodes, expression.property, expression);
      addExpression(nodes, expression.intid);
      if (expression.pe !== undefined) addExpression(nodes, expression.pe);
      break;
  }
}

function addState(nodes: ScriptNode[], keyword: StateKeyword, expression: Expression): void {
  nodes.push({ kind: "state", keyword, expression, start: expression.start, length: keyword.length });
}
