import { commandByOpcode, commandErrorByCode, errnoName, extractRaw, hex, insertRaw } from "../architecture/index.ts";
import {
  DONE,
  type Outcome,
  outcomeDetail,
  outcomeName,
  type Remark,
  remarkRules,
  type Steps,
} from "../emulator/index.ts";
import type { BoundStatement, Diagnostic, Operation, Scope } from "../language/index.ts";
import { isProblem, operationOf } from "../language/index.ts";
import type { Span } from "../language/parse/syntax.ts";
import { CommandLog } from "./command-log.ts";
import { CommandQueue } from "./command-queue.ts";
import { frameBlockAt } from "./device-frames.ts";
import { runErrors } from "./errors.ts";
import { type CommandIds, commandIds, effectOf, explainFault } from "./explain-outcome.ts";
import { performAttribute, performHost } from "./host-statement.ts";
import { judgeAccess, judgeCall, judgeOutcome, judgeWaiting } from "./judge.ts";
import type { MappingLog } from "./mappings/mapping-log.ts";
import { RemarkLog } from "./remark-log.ts";
import type { RuleWatch } from "./rules/rule-watch.ts";
import { NOTHING_DONE, type StatementResult } from "./statement-result.ts";
import { isSteps, type MaybeSteps, Stretches } from "./stretches.ts";
import { registerAddress, type Target } from "./target.ts";
import { performWire } from "./wire-statement.ts";

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
  private readonly queue: CommandQueue;
  private readonly stretches: Stretches;
  private readonly mappings: MappingLog | undefined;
  private readonly rules: RuleWatch | undefined;
  private commands = new CommandLog();
  private remarks = new RemarkLog();

  /** @param mappings is told of what may map or unmap something @param rules looks for rules that are broken */
  constructor(target: Target, mappings?: MappingLog, rules?: RuleWatch) {
    this.target = target;
    this.mappings = mappings;
    this.rules = rules;
    this.queue = new CommandQueue(target);
    this.stretches = new Stretches(target);
    target.onCommand = (event) => {
      this.commands.add(event);
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
    if (isProblem(operation)) return { problems: [operation], commands: NOTHING, commandCount: 0 };
    this.rules?.begin(operation);
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
    if (done.shown === undefined && done.defined === undefined) {
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
    const asksIts = operation.kind === "command" || operation.kind === "msi" || operation.kind === "action";
    if (asksIts && target.map.its.length === 0) return { problems: [runErrors.noIts(whole)] };
    switch (operation.kind) {
      case "let":
        return { defined: { name: operation.name, value: operation.value } };
      case "command":
        return this.command(operation, statement, whole);
      case "msi":
        return { problems: this.msi(operation, statement, whole) };
      case "write-register":
      case "modify-register":
      case "read-register": {
        const done = this.register(operation, whole);
        return stretches.after(() => done);
      }
      case "write-address": {
        const written = target.write(Number(operation.address), operation.width === 64 ? 8 : 4, operation.value);
        return stretches.after(() => ({
          problems: judgeAccess(target, written, hex(operation.address), operation, whole),
        }));
      }
      case "read-address": {
        const value = target.read(Number(operation.address), operation.width === 64 ? 8 : 4);
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
      case "wire":
        return performWire(target, operation, whole);
      case "expect": {
        if (operation.holds) return {};
        const { comparison, message } = operation;
        const expected = comparison ? `${comparison.operator} ${hex(comparison.right)}` : "a value other than 0";
        const found = comparison ? hex(comparison.left) : "0";
        return {
          problems: [runErrors.expectationFailed(whole, expected, found, message === undefined ? "" : `${message}: `)],
        };
      }
    }
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

  private register(
    operation: Extract<Operation, { kind: "write-register" | "modify-register" | "read-register" }>,
    whole: Span,
  ): Partial<StatementResult> {
    const { target } = this;
    const { location } = operation;
    const name = location.name;
    if (location.pe >= target.cpus) {
      return { problems: [runErrors.noRegisterOfPe(whole, name, location.pe, target.cpus)] };
    }
    const address = registerAddress(target, location);
    const bytes = operation.width === 64 ? 8 : 4;
    const read = (): bigint | undefined =>
      address === undefined
        ? (target.readSystemRegister(location.pe, name) ?? target.readHypervisorRegister?.(location.pe, name))
        : target.read(address, bytes, location.pe);
    const write = (value: bigint): boolean =>
      address === undefined
        ? target.writeSystemRegister(location.pe, name, value)
        : target.write(address, bytes, value, location.pe);
    const judged = (answered: boolean): Partial<StatementResult> => {
      if (address !== undefined || answered) return { problems: judgeAccess(target, answered, name, operation, whole) };
      if (operation.kind !== "read-register" && location.register.access === "RO")
        return { problems: [runErrors.readOnlyRegister(whole, name)] };
      const isHost = target.readHypervisorRegister?.(location.pe, name) !== undefined;
      return {
        problems: [isHost ? runErrors.hypervisorRegister(whole, name) : runErrors.noRegister(whole, name, target.name)],
      };
    };
    if (operation.kind === "write-register") return judged(write(operation.value));
    const value = read();
    if (value === undefined) return judged(false);
    if (operation.kind === "modify-register") return judged(write(insertRaw(value, operation.field, operation.raw)));
    const result = judged(true);
    if ((result.problems ?? []).length > 0) return result;
    const { field } = operation;
    if (field === undefined) return { shown: { label: name, value, width: operation.width } };
    return {
      shown: { label: `${name}.${field.name}`, value: extractRaw(value, field), width: field.msb - field.lsb + 1 },
    };
  }

  private command(
    operation: Extract<Operation, { kind: "command" }>,
    statement: BoundStatement,
    whole: Span,
  ): MaybeSteps<Partial<StatementResult>> {
    const refused = this.queue.submit(operation.words);
    if (refused !== undefined) return { problems: [runErrors.noQueue(whole, refused.reason)] };
    return this.stretches.after(() => ({ problems: this.commandProblems(operation, statement, whole) }));
  }

  private commandProblems(
    operation: Extract<Operation, { kind: "command" }>,
    statement: BoundStatement,
    whole: Span,
  ): readonly Diagnostic[] {
    const own = this.commands.last;
    if (own === undefined) {
      const { outcome } = this.queue;
      return judgeWaiting(outcome.kind === "waiting" ? outcome.reason : "", operation, whole);
    }
    if (own.outcome === DONE && operation.expected === undefined) return NOTHING;
    const command = operation.command ?? commandByOpcode(own.opcode);
    const ids = (): CommandIds =>
      command === undefined ? { raw: () => undefined } : commandIds(command, operation.words);
    const place = outcomeSpan(statement) ?? whole;
    return judgeOutcome(own.outcome, operation, place, () =>
      this.refusal(own.outcome, ids, statement, whole, own.opcode),
    );
  }

  private msi(
    operation: Extract<Operation, { kind: "msi" }>,
    statement: BoundStatement,
    whole: Span,
  ): readonly Diagnostic[] {
    const deviceId = Number(operation.deviceId);
    const eventId = Number(operation.eventId);
    const outcome = this.target.signalMsi(0, deviceId, eventId);
    const ids: CommandIds = { deviceId, eventId, raw: () => undefined };
    return judgeOutcome(outcome, operation, outcomeSpan(statement) ?? whole, () => {
      if (outcome === DONE) return NOTHING;
      if (outcomeName(outcome) === "swallowed") {
        return [runErrors.msiBlocked(whole, errnoName(outcomeDetail(outcome)) ?? "error")];
      }
      const { argument, fault } = explainFault(outcome, ids, this.target);
      return [runErrors.msiRefused(argumentSpan(statement, argument) ?? whole, outcomeDetail(outcome), fault)];
    });
  }

  /** What is wrong with a command that nobody expected to fail. */
  private refusal(
    outcome: Outcome,
    ids: () => CommandIds,
    statement: BoundStatement,
    whole: Span,
    opcode: number,
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
        const { argument, fault } = explainFault(outcome, ids(), target);
        const place = argumentSpan(statement, argument) ?? whole;
        return [runErrors.commandFailed(place, detail, fault, effectOf(outcome, target))];
      }
    }
  }

  private *action(operation: Extract<Operation, { kind: "action" }>, whole: Span): Steps<Partial<StatementResult>> {
    return { problems: yield* this.actionProblems(operation, whole) };
  }

  private *actionProblems(
    operation: Extract<Operation, { kind: "action" }>,
    whole: Span,
  ): Steps<readonly Diagnostic[]> {
    const { vmm } = this.target;
    if (vmm === undefined) return [runErrors.noAction(whole, operation.action, this.target.name)];
    const call = {
      save: () => vmm.saveTables(0),
      restore: () => vmm.restoreTables(0),
      "save-pending": () => vmm.savePendingTables(),
      reset: () => vmm.resetIts(0),
    }[operation.action];
    const result = yield* this.stretches.call(call);
    if (result.crash !== undefined) return [runErrors.hostCrash(whole, result.crash)];
    return judgeCall(operation.action, result, operation, whole);
  }
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
