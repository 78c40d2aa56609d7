import { commandByName, commands } from "../../architecture/index.ts";
import { suggestRegister } from "../bind/registers.ts";
import { lazily, suggest } from "../bind/suggest.ts";
import {
  answeringKeywords,
  isReservedWord,
  isStatementKeyword,
  looksLikeRegister,
  type StatementKeyword,
  statementKeywords,
} from "../editing/keywords.ts";
import { isSoftStateKeyword, isStateKeyword } from "../editing/state-keywords.ts";
import { errors } from "../errors.ts";
import type { LineParser } from "./line-parser.ts";
import { parseAttribute } from "./parse-attribute.ts";
import {
  BODY_BELOW,
  isBlockStatement,
  parseBatch,
  parseFor,
  parseIf,
  parseInclude,
  parseMacro,
  parsePlace,
  parsePrint,
  parseRepeat,
  parseTest,
} from "./parse-block.ts";
import { parseExpect, parseModels } from "./parse-expect.ts";
import { parseExpression, parsePrimary, parseRegister } from "./parse-expression.ts";
import { parseMachine } from "./parse-machine.ts";
import { parseLoad, parseLpi, parseVm } from "./parse-vm.ts";
import type {
  ActionName,
  AnsweringStatement,
  Argument,
  AttributeVerb,
  Expression,
  HostVerb,
  MemoryWidth,
  OutcomeCase,
  OutcomeClause,
  Statement,
  WireVerb,
  Word,
} from "./syntax.ts";
import { Token } from "./token.ts";

/** Reads what follows the statement's first word, which is passed already. */
type StatementParser = (parser: LineParser, word: Word) => Statement;

const parsers: Readonly<Record<StatementKeyword, StatementParser>> = {
  machine: parseMachine,
  let: parseLet,
  raw: (parser, word) => ({
    kind: "raw",
    word,
    unit: parseUnit(parser),
    values: parseValues(parser, rawNames),
    outcome: parseOutcome(parser),
  }),
  msi: (parser, word) => ({
    kind: "msi",
    word,
    unit: parseUnit(parser),
    arguments: parseArguments(parser),
    outcome: parseOutcome(parser),
  }),
  write: parseWrite,
  write8: parseWrite,
  write16: parseWrite,
  write32: parseWrite,
  write64: parseWrite,
  read: parseRead,
  read8: parseRead,
  read16: parseRead,
  read32: parseRead,
  read64: parseRead,
  mem8: store(8),
  mem16: store(16),
  mem32: store(32),
  mem64: store(64),
  fill: (parser, word) => ({ kind: "fill", word, values: parseValues(parser, fillNames) }),
  expect: parseExpect,
  save: action("save"),
  restore: (parser, word) =>
    parser.kind === Token.identifier
      ? { ...parseVm(parser, word, "restore"), outcome: parseOutcome(parser) }
      : action("restore")(parser, word),
  migrate: (parser, word) => ({ ...parseVm(parser, word, "migrate"), outcome: parseOutcome(parser) }),
  snapshot: (parser, word) => parseVm(parser, word, "snapshot"),
  load: parseLoad,
  "lpi-config": (parser, word) => parseLpi(parser, word, "lpi-config", parseFieldList),
  "lpi-pending": (parser, word) => parseLpi(parser, word, "lpi-pending", parseFieldList),
  "save-pending": action("save-pending"),
  reset: action("reset"),
  "user-write": host("user-write"),
  "user-read": host("user-read"),
  "set-attr": attribute("set-attr"),
  "get-attr": attribute("get-attr"),
  "has-attr": attribute("has-attr"),
  "vcpu-run": host("vcpu-run"),
  "vcpu-stop": host("vcpu-stop"),
  "vcpu-add": host("vcpu-add"),
  begin: host("begin"),
  step: host("step"),
  line: wire("line"),
  "host-map": wire("host-map"),
  "host-unmap": wire("host-unmap"),
  "host-line": wire("host-line"),
  for: parseFor,
  repeat: parseRepeat,
  if: parseIf,
  macro: parseMacro,
  test: parseTest,
  cpu: parsePlace("cpu"),
  its: parsePlace("its"),
  batch: parseBatch,
  queue: (parser, word) => ({ kind: "queue", word, unit: parseUnit(parser), slot: parseExpression(parser) }),
  print: parsePrint,
  include: parseInclude,
};

const rawNames = ["DW0", "DW1", "DW2", "DW3"] as const;
const fillNames = ["the address", "the length in bytes", "the byte"] as const;

/** Reads the line's statement; the parser stands at its first token. */
export function parseStatement(parser: LineParser): Statement {
  if (parser.kind !== Token.identifier) {
    if (!parser.reportBadToken()) parser.report(errors.statementExpected(here(parser), parser.found()));
    return { kind: "broken" };
  }
  const word = takeStatementWord(parser);
  const statement = isStatementKeyword(word.text) ? parsers[word.text](parser, word) : parseCommand(parser, word);
  if (statement.kind !== "broken") parser.reportRest(adviceForRest(statement));
  return statement;
}

/** The first word of a statement. Statement words may contain hyphens, other identifiers may not. */
function takeStatementWord(parser: LineParser): Word {
  const hyphened = parser.nextKind === Token.minus;
  return hyphened
    ? parser.takeJoinedWord([Token.openBracket, Token.assign, Token.comma, Token.arrow, Token.at])
    : parser.takeWord();
}

/** True when a word begins a statement: a statement word or a command in any case. */
export function beginsStatement(word: string): boolean {
  return isStatementKeyword(word) || commandByName(word.toUpperCase()) !== undefined;
}

function here(parser: LineParser) {
  return { start: parser.start, length: parser.end - parser.start };
}

function parseCommand(parser: LineParser, word: Word): Statement {
  if (commandByName(word.text.toUpperCase()) !== undefined)
    return {
      kind: "command",
      word,
      unit: parseUnit(parser),
      arguments: parseArguments(parser),
      outcome: parseOutcome(parser),
    };
  if (looksLikeRegister(word.text)) parser.report(errors.registerStatement(word, word.text));
  else if (looksLikeCall(parser)) return { kind: "call", word, arguments: parseArguments(parser) };
  else
    parser.report(
      errors.unknownStatement(
        word,
        word.text,
        lazily(() => suggest(word.text, statementWords)),
      ),
    );
  return { kind: "broken", word };
}

/** Whether what stands behind a word may be the arguments of a macro: none, or `NAME=`. */
function looksLikeCall(parser: LineParser): boolean {
  return parser.atEnd || (parser.kind === Token.identifier && parser.nextKind === Token.assign);
}

export const statementWords: readonly string[] = [
  ...commands.map(({ name }) => name),
  ...statementKeywords.map(({ word }) => word),
];

function adviceForRest(statement: Statement): string {
  switch (statement.kind) {
    case "command":
    case "msi":
      return "Arguments are NAME=VALUE, with a comma between two of them.";
    case "machine":
      return "A statement stands on a line of its own, after the }.";
    case "expect":
      return 'A message follows after a comma: expect CONDITION, "MESSAGE".';
    case "same":
      return 'Models have | between two of them, and a message follows after a comma: expect same as arch | qemu, "MESSAGE".';
    case "host":
    case "attribute":
      return "A line holds one statement; => OUTCOME may end it.";
    case "action":
      return `'${statement.action}' takes nothing but => OUTCOME.`;
    default:
      return isBlockStatement(statement) ? BODY_BELOW : "A line holds one statement.";
  }
}

/** `@1` behind a statement's word: the ITS that it is for. */
function parseUnit(parser: LineParser): Expression | undefined {
  return parser.accept(Token.at) ? parsePrimary(parser, 1) : undefined;
}

/** `@1` behind an address: the PE that accesses it. A register has its own place for that. */
function parseAccessPe(parser: LineParser, target: Expression): Expression | undefined {
  return target.kind === "register" || parser.kind !== Token.at ? undefined : parseUnit(parser);
}

/** `Name=value, …` up to the end of the statement. All that can be read is kept, whatever is wrong with the rest. */
function parseArguments(parser: LineParser): Argument[] {
  const list: Argument[] = [];
  if (parser.atEnd || parser.kind === Token.arrow) return list;
  do {
    const argument = parseArgument(parser);
    if (argument === undefined) break;
    list.push(argument);
    if (parser.kind === Token.identifier && parser.nextKind === Token.assign) parser.reportExpected("','");
  } while (parser.accept(Token.comma) || (parser.kind === Token.identifier && parser.nextKind === Token.assign));
  return list;
}

function parseArgument(parser: LineParser): Argument | undefined {
  const name = parser.expectWord("an argument, NAME=VALUE");
  if (name === undefined) return undefined;
  if (!parser.expect(Token.assign, `'=' after ${name.text}`)) return undefined;
  return { name, value: parseExpression(parser) };
}

/** `=> done`, `=> MAPTI_ID_OOR | 0x010a05`, `=> done on kvm, ignored on qemu | arch`. */
function parseOutcome(parser: LineParser): OutcomeClause | undefined {
  if (!parser.accept(Token.arrow)) return undefined;
  const { start } = parser;
  const cases: OutcomeCase[] = [];
  do {
    const words: Word[] = [];
    do {
      if (parser.kind !== Token.identifier && parser.kind !== Token.number) {
        parser.reportExpected("an outcome such as done, ignored or MAPTI_ID_OOR");
        break;
      }
      words.push(parser.takeWord());
    } while (parser.accept(Token.or));
    cases.push({ words, models: parseModels(parser) });
  } while (parser.problem === undefined && parser.accept(Token.comma));
  if (cases[0].words.length === 0) return undefined;
  const length = parser.previousEnd - start;
  return { start, length, text: parser.text.slice(start, start + length), cases };
}

function parseLet(parser: LineParser, word: Word): Statement {
  const name = parser.expectWord("a name");
  if (name === undefined) return { kind: "broken", word };
  const reserved =
    isStateKeyword(name.text) && !isSoftStateKeyword(name.text)
      ? "a word that reads state"
      : isReservedWord(name.text)
        ? "a statement word"
        : looksLikeRegister(name.text)
          ? "the form of a register name"
          : undefined;
  if (reserved !== undefined) parser.report(errors.reservedName(name, name.text, reserved));
  if (parser.expect(Token.assign, "'='") && beginsAnswer(parser)) {
    const { start } = parser;
    const source = parseStatement(parser);
    if (isAnswering(source)) return { kind: "let", word, name, value: { kind: "missing", start, length: 0 }, source };
    return { kind: "broken", word };
  }
  return { kind: "let", word, name, value: parseExpression(parser) };
}

/** Whether a statement gives the value of a `let`: a command, or a word that begins one with an answer. */
function beginsAnswer(parser: LineParser): boolean {
  if (parser.kind !== Token.identifier) return false;
  const word = parser.text.slice(parser.start, parser.end);
  if (commandByName(word.toUpperCase()) !== undefined) return !isLetName(parser, word);
  const hyphened = parser.nextKind === Token.minus ? /^[a-z]+-[a-z]+/.exec(parser.text.slice(parser.start)) : null;
  return answeringWords.has(hyphened === null ? word : hyphened[0]);
}

/** A command's name in small letters, with nothing behind it that a command has, is the name of a value: `let x = int`. */
function isLetName(parser: LineParser, word: string): boolean {
  return word !== word.toUpperCase() && parser.nextKind !== Token.identifier;
}

const answeringWords: ReadonlySet<string> = new Set(answeringKeywords);

function isAnswering(statement: Statement): statement is AnsweringStatement {
  return (
    statement.kind === "command" ||
    statement.kind === "raw" ||
    statement.kind === "msi" ||
    statement.kind === "action" ||
    statement.kind === "host" ||
    statement.kind === "attribute"
  );
}

/** As many expressions as there are names, with commas between. */
function parseValues(parser: LineParser, names: readonly string[]): Expression[] {
  const values: Expression[] = [];
  for (const name of names) {
    if (values.length > 0 && !parser.expect(Token.comma, `',' and ${name}`)) break;
    values.push(parseExpression(parser));
  }
  return values;
}

function parseWrite(parser: LineParser, word: Word): Statement {
  const target = parseTarget(parser, word);
  const pe = parseAccessPe(parser, target);
  if (!parser.expect(Token.assign, "'='")) return { kind: "write", word, target, pe };
  if (!parser.accept(Token.openBrace)) {
    const value = parseExpression(parser);
    return { kind: "write", word, target, pe, value, outcome: parseOutcome(parser) };
  }
  const fields = parseFieldList(parser);
  return { kind: "write", word, target, pe, fields, outcome: parseOutcome(parser) };
}

/** Fields up to the closing brace; the opening one is passed. */
function parseFieldList(parser: LineParser): Argument[] {
  const fields: Argument[] = [];
  while (parser.kind !== Token.closeBrace && !parser.atEnd) {
    const field = parseArgument(parser);
    if (field === undefined) break;
    fields.push(field);
    if (!parser.accept(Token.comma) && parser.kind === Token.identifier) parser.reportExpected("','");
  }
  parser.expect(Token.closeBrace, "'}' after the fields");
  return fields;
}

/** A register reference, or an address for the words that name a width. */
function parseTarget(parser: LineParser, word: Word): Expression {
  if (parser.kind === Token.identifier && looksLikeRegister(parser.text.slice(parser.start, parser.end)))
    return parseRegister(parser, parser.takeWord());
  if (word.text.startsWith("write") && hasWidth(word)) return parseExpression(parser);
  const name = parser.kind === Token.identifier ? parser.found() : undefined;
  const place = here(parser);
  const target = parseExpression(parser);
  if (target.kind === "missing") return target;
  const advice =
    word.text === "write"
      ? "'write' takes a register; write8 to write64 take an address, mem64[ADDRESS] = VALUE stores to memory."
      : "Name a register.";
  parser.report(
    name === undefined
      ? errors.badTarget(place, word.text, advice)
      : errors.unknownRegister(
          target,
          name.slice(1, -1),
          lazily(() => suggestRegister(name.slice(1, -1))),
        ),
  );
  return target;
}

/** Whether a word names the width of an access: write32, read8. */
function hasWidth({ text }: Word): boolean {
  return text !== "read" && text !== "write";
}

function parseRead(parser: LineParser, word: Word): Statement {
  const target = parseExpression(parser);
  const pe = hasWidth(word) ? parseAccessPe(parser, target) : undefined;
  return { kind: "read", word, target, pe, outcome: parseOutcome(parser) };
}

function store(width: MemoryWidth): StatementParser {
  return (parser, word) => {
    parser.expect(Token.openBracket, `'[' after ${word.text}`);
    const address = parseExpression(parser);
    parser.expect(Token.closeBracket, "']' after the address");
    parser.expect(Token.assign, "'=' and the value to store");
    return { kind: "store", word, width, address, value: parseExpression(parser) };
  };
}

function action(name: ActionName): StatementParser {
  return (parser, word) => ({
    kind: "action",
    word,
    unit: parseUnit(parser),
    action: name,
    outcome: parseOutcome(parser),
  });
}

/** Which parts a statement of the VMM has, in their order: who, a register, a value. */
const hostParts: Readonly<
  Record<HostVerb, { who: "vCPU" | "vCPU or user" | "user" | "id"; target: boolean; value: boolean }>
> = {
  "user-write": { who: "user", target: true, value: true },
  "user-read": { who: "user", target: true, value: false },
  "vcpu-run": { who: "vCPU", target: false, value: false },
  "vcpu-stop": { who: "vCPU", target: false, value: false },
  "vcpu-add": { who: "id", target: false, value: false },
  begin: { who: "vCPU or user", target: true, value: true },
  step: { who: "vCPU or user", target: false, value: false },
};

function host(verb: HostVerb): StatementParser {
  return (parser, word) => {
    const { who, target: hasTarget, value: hasValue } = hostParts[verb];
    if (who === "id")
      return { kind: "host", word, verb, value: parseExpression(parser), outcome: parseOutcome(parser) };
    const isUser = who === "user" || (who === "vCPU or user" && takesUser(parser));
    const pe = isUser ? undefined : parseExpression(parser);
    if (who === "vCPU or user" && hasTarget && !parser.expect(Token.comma, "',' and a register"))
      return { kind: "broken", word };
    const target = hasTarget ? parseTarget(parser, word) : undefined;
    if (hasValue && !parser.expect(Token.assign, "'='")) return { kind: "broken", word };
    const value = hasValue ? parseExpression(parser) : undefined;
    return { kind: "host", word, verb, pe, target, value, outcome: parseOutcome(parser) };
  };
}

function attribute(verb: AttributeVerb): StatementParser {
  return (parser, word) => {
    const statement = parseAttribute(parser, word, verb);
    return statement.kind === "broken" ? statement : { ...statement, outcome: parseOutcome(parser) };
  };
}

function wire(verb: WireVerb): StatementParser {
  return (parser, word) => {
    const intid = parseExpression(parser);
    const pe = parser.accept(Token.comma) ? parseExpression(parser) : undefined;
    const hasValue = verb !== "host-unmap";
    if (hasValue && !parser.expect(Token.assign, verb === "host-map" ? "'=' and a physical INTID" : "'=' and a level"))
      return { kind: "broken", word };
    const value = hasValue ? parseExpression(parser) : undefined;
    const hasOutcome = verb !== "host-line";
    return { kind: "wire", word, verb, intid, pe, value, outcome: hasOutcome ? parseOutcome(parser) : undefined };
  };
}

/** Passes the word `user`, which stands where a PE number may. */
function takesUser(parser: LineParser): boolean {
  if (parser.kind !== Token.identifier || parser.text.slice(parser.start, parser.end) !== "user") return false;
  parser.advance();
  return true;
}
