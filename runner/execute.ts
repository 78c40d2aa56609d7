import { commandByOpcode, commandErrorByCode, errnoName, hex } from "../architecture/index.ts";
import {
  type CommandEvent,
  DONE,
  type Outcome,
  outcomeDetail,
  outcomeName,
  type Remark,
  remarkRules,
  type Steps,
} from "../emulator/index.ts";
import type { BoundStatement, Diagnostic, Operation, ReadExpression, Scope } from "../language/index.ts";
import { isProblem, noPlace, operationOf } from "../language/index.ts";
import type { Span } from "../language/parse/syntax.ts";
import { CommandLog } from "./command-log.ts";
import { CommandQueue } from "./command-queue.ts";
import { frameBlockAt } from "./device-frames.ts";
import { runErrors } from "./errors.ts";
import { type CommandIds, commandIds, effectOf, explainFault } from "./explain-outcome.ts";
import { judgeAccess, judgeCall, judgeOutcome, judgeWaiting } from "./judge.ts";
import type { MappingLog } from "./mappings/mapping-log.ts";
import { RemarkLog } from "./remark-log.ts";
import type { RuleWatch } from "./rules/rule-watch.ts";
import { NOTHING_DONE, type RunProblem, type StatementResult } from "./statement-result.ts";
import { bytesOf, noSuchIts, performRegister, readInExpression } from "./statements/access-statement.ts";
import { performAttribute, performHost } from "./statements/host-statement.ts";
import { performLoad, performLpi } from "./statements/memory-statement.ts";
import { performQueue } from "./statements/queue-statement.ts";
import { performWire } from "./statements/wire-statement.ts";
import { isSteps, type MaybeSteps, Stretches } from "./stretches.ts";
import type { Target } from "./target.ts";

/** Most statements find no problem. */
const NOTHING: readonly never[] = [];

const MEMORY_MISSING = "A table, entry or command that the ITS has to read is not in RAM.";

/** Bytes that a fill writes at a stretch. */
const FILL_BYTES = 0x100_0000;

/**
 * Executes statements of a script on a target, one at a time. Throws nothing for what a script asks but a MemoryLimitError, after
 * which the target has to be taken back.
 */
export class StatementExecutor {
  private readonly target: Target;
  /** Of each ITS that commands were queued for. */
  private readonly queues: CommandQueue[] = [];
  private readonly stretches: Stretches;
  private readonly mappings: MappingLog | undefined;
  /** What the file that the next statement stands in knows of files. */
  place = noPlace;
  private readonly rules: RuleWatch | undefined;
  /** Is told what statements and loads in expressions come to, before it is done. */
  onOperation: ((operation: Operation) => void) | undefined;
  private commands = new CommandLog();
  private remarks = new RemarkLog();
  /** The batch that is being handed over, and what became of its commands so far. */
  private batch: { readonly commands: readonly QueuedCommand[]; readonly outcomes: CommandEvent[] } | undefined;

  /** @param mappings is told of what may map or unmap something @param rules looks for rules that are broken */
  constructor(target: Target, mappings?: MappingLog, rules?: RuleWatch) {
    this.target = target;
    this.mappings = mappings;
    this.rules = rules;
    this.stretches = new Stretches(target);
    target.onCommand = (event) => {
      this.commands.add(event);
      this.batch?.outcomes.push(event);
      mappings?.command(event, target);
      rules?.command(event);
    };
    target.onRemark = (remark) => this.remarks.add(remark);
  }

  /**
   * Executes a statement, in stretches of a few milliseconds where it takes longer.
   * @param whole the span of the statement in its line, for problems that no part of it is to blame for
   */
  execute(statement: BoundStatement, scope: Scope, whole: Span): MaybeSteps<StatementResult> {
    // What the last statement had none of is as good as new.
    if (this.commands.count > 0) this.commands = new CommandLog();
    if (!this.remarks.empty) this.remarks = new RemarkLog();
    const operation = operationOf(statement, scope);
    if (isProblem(operation)) return this.remarked({ ...NOTHING_DONE, problems: [operation] }, whole);
    return this.carryOut(operation, statement, whole);
  }

  private carryOut(operation: Operation, statement: BoundStatement, whole: Span): MaybeSteps<StatementResult> {
    this.rules?.begin(operation);
    // Of a `let` that keeps what comes of a statement it is that statement.
    this.onOperation?.(operation.kind === "answer" ? operation.of : operation);
    const done = this.stretches.begin(() => this.perform(operation, statement, whole));
    return isSteps(done) ? this.later(done, operation, whole) : this.result(done, operation, whole);
  }

  private *later(steps: Steps<Partial<StatementResult>>, operation: Operation, whole: Span): Steps<StatementResult> {
    return this.result(yield* steps, operation, whole);
  }

  private result(done: Partial<StatementResult>, operation: Operation, whole: Span): StatementResult {
    this.mappings?.performed(operation, this.target);
    const { commands: log } = this;
    this.rules?.end(operation);
    const found = done.problems ?? NOTHING;
    const problems = this.remarks.empty ? found : [...found, ...this.warnings(whole)];
    const remarks = this.rules?.take(whole);
    if (remarks !== undefined) return { ...done, problems, remarks, commands: log.events, commandCount: log.count };
    // Most statements show nothing and define nothing.
    if (done.shown === undefined && done.defined === undefined && done.printed === undefined) {
      if (problems.length === 0 && log.count === 0) return NOTHING_DONE;
      return { problems, commands: log.events, commandCount: log.count };
    }
    return { ...done, problems, commands: log.events, commandCount: log.count };
  }

  /** Commands that the statement under way has had carried out so far. */
  get commandCount(): number {
    return this.commands.count;
  }

  private *warnings(whole: Span): Iterable<Diagnostic> {
    for (const { remark, count } of this.remarks.all) {
      // That there is no such command its outcome says already.
      if (remark.kind === "unpredictable" && (remark.rule === "reserved-opcode" || this.rules?.covers(remark.rule)))
        continue;
      yield this.warning(remark, count, whole);
    }
  }

  private warning(remark: Remark, count: number, whole: Span): Diagnostic {
    if (remark.kind === "system-error") {
      return runErrors.systemError(whole, commandErrorByCode(remark.code)?.name ?? "a table that is not in RAM", count);
    }
    const { title, reading, source } = remarkRules[remark.rule];
    return runErrors.unpredictable(whole, this.target.name, { rule: remark.rule, title, reading, source }, count);
  }

  private perform(operation: Operation, statement: BoundStatement, whole: Span): MaybeSteps<Partial<StatementResult>> {
    const { target, stretches } = this;
    const asksIts =
      operation.kind === "command" ||
      operation.kind === "msi" ||
      operation.kind === "action" ||
      operation.kind === "queue";
    if (asksIts && operation.its >= target.map.its.length)
      return { problems: [noSuchIts(target, operation.its, whole)] };
    switch (operation.kind) {
      case "let":
        return { defined: { name: operation.name, value: operation.value } };
      case "answer":
        return this.answer(operation, statement, whole);
      case "print":
        return { printed: operation.parts };
      case "command":
        return this.command(operation, statement, whole);
      case "msi":
        return this.msi(operation, statement, whole);
      case "write-register":
      case "modify-register":
      case "read-register": {
        const done = performRegister(target, operation, whole);
        return stretches.after(() => done);
      }
      case "write-address": {
        if (operation.pe >= target.cpus)
          return { problems: [runErrors.noPe(whole, String(operation.pe), target.cpus)] };
        const written = target.write(Number(operation.address), bytesOf(operation), operation.value, operation.pe);
        return stretches.after(() => ({
          problems: judgeAccess(target, written, hex(operation.address), operation, whole),
        }));
      }
      case "read-address": {
        if (operation.pe >= target.cpus)
          return { problems: [runErrors.noPe(whole, String(operation.pe), target.cpus)] };
        const value = target.read(Number(operation.address), bytesOf(operation), operation.pe);
        const problems = judgeAccess(target, value !== undefined, hex(operation.address), operation, whole);
        if (value === undefined || problems.length > 0) return { problems };
        return { shown: { label: hex(operation.address), value, width: operation.width } };
      }
      case "show":
        return { shown: { label: "value", value: operation.value, width: widthOf(operation.value) } };
      case "store": {
        const { address, width } = operation;
        const bytes = new Uint8Array(width / 8).map((_, at) => Number((operation.value >> BigInt(at * 8)) & 0xffn));
        if (target.writeMemory(Number(address), bytes)) return {};
        const block = frameBlockAt(target, Number(address));
        if (block !== undefined) return { problems: [runErrors.deviceIsNoMemory(whole, hex(address), block)] };
        return { problems: [runErrors.noMemory(whole, hex(address), hex(address + BigInt(width / 8 - 1)))] };
      }
      case "fill":
        return this.fill(operation, whole);
      case "action":
        return this.action(operation, whole);
      case "host": {
        const done = performHost(target, operation, whole);
        return stretches.after(() => done);
      }
      case "attribute":
        return performAttribute(target, operation, whole, stretches);
      case "load":
        return performLoad(target, operation, this.place, whole);
      case "lpi":
        return performLpi(target, operation, whole);
      case "wire":
        return performWire(target, operation, whole);
      case "queue":
        return performQueue(this.queueOf(operation.its), operation, whole, stretches);
      case "expect": {
        if (operation.holds) return {};
        const { comparison, message } = operation;
        const expected = comparison ? `${comparison.operator} ${hex(comparison.right)}` : "a value other than 0";
        const found = comparison ? hex(comparison.left) : "0";
        const equal = comparison?.operator === "==" ? hex(comparison.right) : undefined;
        const told = message === undefined ? "" : `${message}: `;
        return {
          problems: [runErrors.expectationFailed(whole, expected, found, told, equal)],
        };
      }
    }
  }

  /** What a `let` keeps of a statement. */
  private answer(
    { name, of }: Extract<Operation, { kind: "answer" }>,
    statement: BoundStatement,
    whole: Span,
  ): MaybeSteps<Partial<StatementResult>> {
    const inner = statement.kind === "let" && statement.source !== undefined ? statement.source : statement;
    const hasValue = of.kind === "attribute" ? of.verb === "get-attr" : of.kind === "host" && of.verb === "user-read";
    // An error is the answer, unless the statement is to give a value, or says what must come of it.
    const isOpen = !hasValue && (!("expected" in of) || of.expected === undefined);
    const asked = isOpen ? ({ ...of, expected: { kind: "any" } } as Operation) : of;
    const named = (done: Partial<StatementResult>): Partial<StatementResult> => {
      const value = done.shown?.value ?? done.answer;
      return value === undefined || (done.problems ?? NOTHING).some(({ severity }) => severity === "error")
        ? done
        : { ...done, defined: { name, value } };
    };
    const done = this.perform(asked, inner, whole);
    return isSteps(done) ? mapped(done, named) : named(done);
  }

  /** Reads a register or an address with its effects, in the middle of an expression of the line. */
  readonly access = (read: ReadExpression, scope: Scope): bigint | Diagnostic =>
    readInExpression(this.target, read, scope, (operation) => {
      this.rules?.read(operation, read);
      this.onOperation?.(operation);
    });

  /** As {@link access}, in an expression of another line: the default of a macro's parameter. */
  readonly accessElsewhere = (read: ReadExpression, scope: Scope): bigint | Diagnostic =>
    readInExpression(this.target, read, scope, (operation) => {
      this.rules?.read(operation, undefined);
      this.onOperation?.(operation);
    });

  /** What a line did that is no statement for a machine, with the rules that its expressions have broken. @param whole as of {@link execute} */
  remarked(result: StatementResult, whole: Span): StatementResult {
    const remarks = this.rules?.take(whole);
    return remarks === undefined ? result : { ...result, remarks };
  }

  /**
   * Stores a command of a batch in the queue.
   * @param writer where, behind the one before; absent: where GITS_CWRITER points
   * @returns where GITS_CWRITER goes behind it and what it was, or why it could not be stored
   */
  store(statement: BoundStatement, scope: Scope, whole: Span, writer: number | undefined): Stored | Diagnostic {
    const operation = operationOf(statement, scope);
    if (isProblem(operation)) return operation;
    if (operation.kind !== "command") throw new Error(`a batch holds no ${operation.kind}`);
    if (operation.its >= this.target.map.its.length) return noSuchIts(this.target, operation.its, whole);
    const stored = this.queueOf(operation.its).store(operation.words, writer);
    return typeof stored === "number" ? { writer: stored, operation } : runErrors.batchTooLong(whole, stored.reason);
  }

  /** Hands over the commands of a batch, by one store to GITS_CWRITER, and judges each of them. */
  handOver(commands: readonly QueuedCommand[], whole: Span): MaybeSteps<StatementResult> {
    if (this.commands.count > 0) this.commands = new CommandLog();
    if (!this.remarks.empty) this.remarks = new RemarkLog();
    const last = commands[commands.length - 1];
    this.batch = { commands, outcomes: [] };
    const operation: Operation = last.operation;
    const done = this.stretches.begin(() => {
      const refused = this.queueOf(last.operation.its).moveWriter(last.writer);
      if (refused !== undefined) return { problems: [runErrors.noQueue(whole, refused.reason)] };
      return this.stretches.after(() => ({ problems: this.batchProblems() }));
    });
    return isSteps(done) ? this.later(done, operation, whole) : this.result(done, operation, whole);
  }

  private batchProblems(): readonly RunProblem[] {
    const { commands = NOTHING, outcomes = NOTHING } = this.batch ?? {};
    this.batch = undefined;
    const problems: RunProblem[] = [];
    for (const [place, { line, operation, statement, whole: own }] of commands.entries()) {
      const event: CommandEvent | undefined = outcomes[place];
      const found = event === undefined ? this.waiting(operation, own) : this.judged(event, operation, statement, own);
      for (const problem of found) problems.push({ ...problem, line });
    }
    return problems;
  }

  private *fill(
    { address, length, byte }: Extract<Operation, { kind: "fill" }>,
    whole: Span,
  ): Steps<Partial<StatementResult>> {
    const { target } = this;
    if (length !== 0n && !target.hasMemory(Number(address), Number(length))) {
      return { problems: [runErrors.noMemory(whole, hex(address), hex(address + length - 1n))] };
    }
    const end = Number(address + length);
    for (let at = Number(address); at < end; at += FILL_BYTES) {
      if (at > address) yield* this.stretches.turn();
      target.fillMemory(at, Math.min(FILL_BYTES, end - at), byte);
    }
    return {};
  }

  private command(
    operation: Extract<Operation, { kind: "command" }>,
    statement: BoundStatement,
    whole: Span,
  ): MaybeSteps<Partial<StatementResult>> {
    const refused = this.queueOf(operation.its).submit(operation.words);
    if (refused !== undefined) return { problems: [runErrors.noQueue(whole, refused.reason)] };
    return this.stretches.after(() => ({
      problems: this.commandProblems(operation, statement, whole),
      ...(operation.expected?.kind === "any" && { answer: this.answerOfLast }),
    }));
  }

  private queueOf(its: number): CommandQueue {
    this.queues[its] ??= new CommandQueue(this.target, its);
    return this.queues[its];
  }

  private commandProblems(
    operation: Extract<Operation, { kind: "command" }>,
    statement: BoundStatement,
    whole: Span,
  ): readonly Diagnostic[] {
    const own = this.commands.last;
    return own === undefined ? this.waiting(operation, whole) : this.judged(own, operation, statement, whole);
  }

  private waiting(operation: Extract<Operation, { kind: "command" }>, whole: Span): readonly Diagnostic[] {
    const { outcome } = this.queueOf(operation.its);
    return judgeWaiting(outcome.kind === "waiting" ? outcome.reason : "", operation, whole);
  }

  private judged(
    own: CommandEvent,
    operation: Extract<Operation, { kind: "command" }>,
    statement: BoundStatement,
    whole: Span,
  ): readonly Diagnostic[] {
    if (own.outcome === DONE && operation.expected === undefined) return NOTHING;
    const command = operation.command ?? commandByOpcode(own.opcode);
    const ids = (): CommandIds =>
      command === undefined ? { raw: () => undefined } : commandIds(command, operation.words);
    const place = outcomeSpan(statement) ?? whole;
    return judgeOutcome(own.outcome, operation, place, () => this.refusal(own.outcome, ids, statement, whole, own));
  }

  private msi(
    operation: Extract<Operation, { kind: "msi" }>,
    statement: BoundStatement,
    whole: Span,
  ): Partial<StatementResult> {
    const deviceId = Number(operation.deviceId);
    const eventId = Number(operation.eventId);
    const { its } = operation;
    const outcome = this.target.signalMsi(its, deviceId, eventId);
    const ids: CommandIds = { deviceId, eventId, raw: () => undefined };
    const problems = judgeOutcome(outcome, operation, outcomeSpan(statement) ?? whole, () => {
      if (outcome === DONE) return NOTHING;
      if (outcomeName(outcome) === "swallowed") {
        return [runErrors.msiBlocked(whole, errnoName(outcomeDetail(outcome)) ?? "error")];
      }
      const { argument, fault } = explainFault(outcome, ids, this.target, its);
      return [runErrors.msiRefused(argumentSpan(statement, argument) ?? whole, outcomeDetail(outcome), fault)];
    });
    return { problems, answer: answerOf(outcome) };
  }

  private get answerOfLast(): bigint | undefined {
    const { last } = this.commands;
    return last && answerOf(last.outcome);
  }

  /** What is wrong with a command that nobody expected to fail. */
  private refusal(
    outcome: Outcome,
    ids: () => CommandIds,
    statement: BoundStatement,
    whole: Span,
    { opcode, its }: CommandEvent,
  ): readonly Diagnostic[] {
    const { target } = this;
    const detail = outcomeDetail(outcome);
    switch (outcomeName(outcome)) {
      case "done":
        return NOTHING;
      case "unknown":
        return [runErrors.unknownCommand(whole, target.name, hex(opcode))];
      case "hostCrash":
        return [runErrors.hostCrash(whole, `${target.title} crashes on this command`)];
      case "swallowed": {
        const why =
          detail === 0
            ? "A table is not in RAM."
            : `${errnoName(detail) ?? detail}: a table that the command needs is not in RAM.`;
        return [runErrors.commandFault(whole, why, effectOf(outcome, target))];
      }
      default: {
        // QEMU and arch stall without a code where an entry or a table cannot be read.
        if (detail === 0) return [runErrors.commandFault(whole, MEMORY_MISSING, effectOf(outcome, target))];
        const { argument, fault } = explainFault(outcome, ids(), target, its);
        const place = argumentSpan(statement, argument) ?? whole;
        return [runErrors.commandFailed(place, detail, fault, effectOf(outcome, target))];
      }
    }
  }

  private *action(operation: Extract<Operation, { kind: "action" }>, whole: Span): Steps<Partial<StatementResult>> {
    const { vmm } = this.target;
    if (vmm === undefined) return { problems: [runErrors.noAction(whole, operation.action, this.target.name)] };
    const { its } = operation;
    const call = {
      save: () => vmm.saveTables(its),
      restore: () => vmm.restoreTables(its),
      "save-pending": () => vmm.savePendingTables(),
      reset: () => vmm.resetIts(its),
    }[operation.action];
    const result = yield* this.stretches.call(call);
    if (result.crash !== undefined) return { problems: [runErrors.hostCrash(whole, result.crash)] };
    return { problems: judgeCall(operation.action, result, operation, whole), answer: BigInt(result.errno) };
  }
}

/** Where a command of a batch was stored, and what it is. */
interface Stored {
  /** Where GITS_CWRITER goes behind it, bytes from the start of the queue. */
  readonly writer: number;
  readonly operation: Extract<Operation, { kind: "command" }>;
}

/** A command that waits in the queue to be handed over. */
export interface QueuedCommand extends Stored {
  readonly statement: BoundStatement;
  /** From 0. */
  readonly line: number;
  /** The statement in its line. */
  readonly whole: Span;
}

/** What a script sees of an outcome as a number: 0 when it was done, else the command error (0x01CCEE) or the errno, or -1. */
function answerOf(outcome: Outcome): bigint {
  if (outcome === DONE) return 0n;
  const detail = outcomeDetail(outcome);
  return detail === 0 ? -1n : BigInt(detail);
}

function* mapped<From, To>(steps: Steps<From>, map: (value: From) => To): Steps<To> {
  return map(yield* steps);
}

/** Where an argument's value stands in its line. */
function argumentSpan(statement: BoundStatement, argument: string | undefined): Span | undefined {
  if (argument === undefined || (statement.kind !== "command" && statement.kind !== "msi")) return undefined;
  const wanted = argument.toLowerCase();
  return statement.syntax.arguments.find(({ name }) => name.text.toLowerCase() === wanted)?.value;
}

function outcomeSpan(statement: BoundStatement): Span | undefined {
  return statement.kind === "command" || statement.kind === "msi" ? statement.syntax.outcome : undefined;
}

/** Bits of a value that is shown: 64, or as many words of 32 as the entry of a table needs that is longer. */
function widthOf(value: bigint): number {
  return value < 0n ? 64 : Math.max(64, Math.ceil(value.toString(2).length / 32) * 32);
}
