import { hex } from "../architecture/hex.ts";
import { entryIsValid, type Field, layouts } from "../architecture/index.ts";
import type { Steps } from "../emulator/index.ts";
import { bindStatement } from "../language/bind/bind.ts";
import {
  bindExpression,
  compute,
  type Expression,
  isMappedEntry,
  isProblem,
  LineState,
  errors as languageErrors,
  lazily,
  locateRegister,
  type NameTable,
  opensBlock,
  parseExpressionText,
  parseLine,
  type Scope,
  type Statement,
  statementWords,
  suggest,
  type TableReference,
  tableFieldName,
  tableKinds,
} from "../language/index.ts";
import {
  bitRange,
  children,
  type DisplayNode,
  entryNodes,
  fieldText,
  type NumberStyle,
  plainNumber,
  registerNode,
  type ScriptRun,
  type StatementResult,
  wordText,
} from "../runner/index.ts";
import { errors } from "./errors.ts";

/** Evaluates an expression at the present moment. @throws AdapterError when it cannot be read or has no value */
export function evaluateExpression(text: string, run: ScriptRun, style: NumberStyle): DisplayNode {
  return nodeOf(text.trim(), readExpression(text, run), run, style);
}

/** The value of an expression at the present moment. @throws AdapterError as {@link evaluateExpression} */
export function evaluateNumber(text: string, run: ScriptRun): bigint {
  const value = compute(readExpression(text, run), run.scope);
  if (isProblem(value)) throw errors.diagnostic(value);
  return value;
}

/** Reads an expression once, to be computed at many moments: its value as a text, or why it has none. @throws AdapterError when it cannot be read */
export function valueReader(text: string, run: ScriptRun): () => string {
  const expression = readExpression(text, run);
  return () => {
    const value = compute(expression, run.scope);
    return isProblem(value) ? value.message : value.toString();
  };
}

/** An expression that can be evaluated now. @throws AdapterError */
export function readExpression(text: string, run: ScriptRun): Expression {
  if (text.trim() === "") throw errors.noExpression();
  const { expression, problem } = parseExpressionText(text);
  if (problem !== undefined) throw errors.diagnostic(problem);
  const checked = bindExpression(expression, namesOf(run));
  if (isProblem(checked)) throw errors.diagnostic(checked);
  return expression;
}

/** The statement that a text of the console is; undefined when it is an expression. @throws AdapterError for a broken statement */
export function consoleStatement(text: string): Statement | undefined {
  const { statement, problem } = parseLine(text, LineState.body);
  // Two words in a row are no expression: a misspelt command deserves the statement's own message.
  if (problem !== undefined && statement.kind === "broken" && /^\s*\w+\s+[A-Za-z_]/.test(text)) {
    throw errors.diagnostic(problem);
  }
  if (statement.kind === "blank" || statement.kind === "broken") return undefined;
  // `mem64[0x40100080]` begins like a store, and is an expression as long as no `=` follows.
  if (problem !== undefined && parseExpressionText(text).problem === undefined) return undefined;
  if (statement.kind === "machine") throw errors.machineInConsole();
  if (statement.kind === "vm") throw errors.vmInConsole();
  if (statement.kind === "let") throw errors.letInConsole();
  if (statement.kind === "call") {
    // A word alone is a name.
    if (statement.arguments.length === 0) return undefined;
    const { word } = statement;
    const meant = lazily(() => suggest(word.text, statementWords));
    throw errors.diagnostic(languageErrors.unknownStatement(word, word.text, meant));
  }
  if (statement.kind === "end" || opensBlock(statement)) throw errors.blockInConsole();
  if (problem !== undefined) throw errors.diagnostic(problem);
  return statement;
}

/** Runs a statement at the present moment, in stretches. @throws AdapterError when a word of it means nothing, or when it fails */
export function* performStatement(text: string, statement: Statement, run: ScriptRun): Steps<StatementResult> {
  const bound = bindStatement(statement, namesOf(run));
  if (bound === undefined) throw errors.noExpression();
  if ("kind" in bound && bound.kind === "vm") throw errors.vmInConsole();
  if (isProblem(bound)) throw errors.diagnostic(bound);
  const result = yield* run.performing(bound, { start: 0, length: text.length });
  const [problem] = result.problems;
  if (problem !== undefined) throw errors.diagnostic(problem);
  return result;
}

/** The names that the lines run so far have defined. */
function namesOf(run: ScriptRun): NameTable {
  return {
    find: (name) => {
      const constant = run.lookup(name);
      return constant === undefined ? undefined : { constant };
    },
    names: () => run.variables.keys(),
  };
}

function nodeOf(name: string, expression: Expression, run: ScriptRun, style: NumberStyle): DisplayNode {
  const scope: Scope = run.scope;
  const value = compute(expression, scope);
  if (isProblem(value)) throw errors.diagnostic(value);
  switch (expression.kind) {
    case "register": {
      const located = locateRegister(expression, scope);
      if (isProblem(located)) throw errors.diagnostic(located);
      const { location, field } = located;
      if (field === undefined) return { ...registerNode(run.target, location, style), name };
      return { ...fieldNode(name, field, value, style), writable: true };
    }
    case "memory": {
      const address = compute(expression.address, scope);
      const place = isProblem(address) ? undefined : Number(address);
      const type = `${expression.width} bits of guest memory`;
      return {
        name,
        value: wordText(value, expression.width, style),
        type,
        address: place,
        expression: name,
        writable: true,
      };
    }
    case "table":
      return tableNode(name, expression, value, run, style);
    case "interrupt":
      return {
        name,
        value: expression.property === "priority" ? hex(value) : value.toString(),
        expression: name,
      };
    default:
      return { name, value: plainNumber(value, style), expression: name };
  }
}

/** @param argument the value as scripts write it: moved up by the field's shift */
function fieldNode(name: string, field: Field, argument: bigint, style: NumberStyle): DisplayNode {
  const raw = argument >> BigInt(field.shift ?? 0);
  return {
    name,
    value: fieldText(field, raw, style),
    type: bitRange(field),
    address: field.unit === "address" && raw !== 0n ? Number(argument) : undefined,
    expression: name,
  };
}

/** @param value the entry, or the field of it that `expression` names */
function tableNode(
  name: string,
  expression: TableReference,
  value: bigint,
  run: ScriptRun,
  style: NumberStyle,
): DisplayNode {
  const { table, field } = expression;
  const layout = layouts[run.target.layout].entries[tableKinds[table]];
  const fields = layout?.fields ?? [];
  if (field !== undefined) {
    const declared = fields.find((candidate) => candidate.name === tableFieldName(table, field.text));
    return declared === undefined
      ? { name, value: plainNumber(value, style), expression: name }
      : fieldNode(name, declared, value, style);
  }
  const mapped = isMappedEntry(expression, run.scope);
  const hasFields = mapped && layout !== undefined && entryIsValid(layout, value);
  return {
    name,
    value: mapped ? wordText(value, (layout?.bytes ?? 8) * 8, style) : "not mapped",
    type: layout?.entryName,
    expression: name,
    children: hasFields ? children((wanted) => entryNodes(tableKinds[table], name, fields, value, wanted)) : undefined,
  };
}
