import type { Expression, ScriptPart, Span } from "../../language/index.ts";
import {
  compute,
  type Diagnostic,
  errors,
  type FlowStatement,
  isProblem,
  limits,
  type Scope,
} from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import type { StatementResult } from "../statement-result.ts";
import type { Target } from "../target.ts";
import type { Frame, Position, Turn } from "./frame.ts";
import { leave } from "./settle.ts";

/** Statements that only say which lines run; tests and batches do something to a machine. */
export type Steering = Exclude<FlowStatement, { readonly kind: "test" | "batch" | "end" | "macro" | "include" }>;

export function isSteering(statement: FlowStatement): statement is Steering {
  return !others.has(statement.kind);
}

const others: ReadonlySet<FlowStatement["kind"]> = new Set<Exclude<FlowStatement, Steering>["kind"]>([
  "test",
  "batch",
  "end",
  "macro",
  "include",
]);

/** What the values of a line are computed from. */
interface Surroundings {
  readonly target: Target;
  readonly scope: Scope;
  /** Without what the blocks around the line have named: what a macro sees. */
  readonly outside: Scope;
  readonly whole: Span;
}

/**
 * Carries out a line that says which lines run, by moving the position. Where its values are wrong the block is passed over.
 * @returns what is wrong, or the value of a loop's turn
 */
export function performFlow(
  statement: Steering,
  position: Position,
  surroundings: Surroundings,
): Diagnostic | StatementResult["defined"] {
  const line = position.at;
  switch (statement.kind) {
    case "for":
    case "repeat":
      return loop(statement, position, surroundings);
    case "if":
    case "else": {
      const value = statement.condition === undefined ? 1n : compute(statement.condition, surroundings.scope);
      if (isProblem(value) || value === 0n) {
        position.skips = true;
        return isProblem(value) ? value : undefined;
      }
      enter(position, { kind: statement.kind, open: line });
      return undefined;
    }
    case "place":
      return place(statement, position, surroundings);
    case "call":
      return call(statement, position, surroundings);
  }
}

/** Goes into the block that opens at a line. */
export function enter(position: Position, block: Pick<Frame, "kind" | "open"> & Partial<Frame>): void {
  const { frame, locals, part } = position;
  position.frame = { part, outer: frame, locals, pe: frame?.pe, its: frame?.its, ...block };
  position.part = position.frame.part;
  position.at = block.open + 1;
}

/** Goes to the first line of an included file. */
export function enterFile(position: Position, file: ScriptPart): void {
  const { part: caller, at: call } = position;
  enter(position, { kind: "include", open: -1, part: file, caller, call });
}

function loop(
  statement: Extract<Steering, { kind: "for" | "repeat" }>,
  position: Position,
  { scope, whole }: Surroundings,
): Diagnostic | StatementResult["defined"] {
  const { frame, at: line } = position;
  const running = frame?.open === line ? frame : undefined;
  const turn = running?.turn === undefined ? firstTurn(statement, scope, position, whole) : nextTurn(running.turn);
  if (running !== undefined) leave(position, running);
  if (turn === undefined || isProblem(turn)) {
    position.skips = true;
    return turn;
  }
  enter(position, { kind: statement.kind, open: line, turn });
  position.turns++;
  if (statement.kind === "repeat") return undefined;
  position.locals = { name: statement.name, value: turn.value, next: position.locals };
  return { name: statement.name, value: turn.value };
}

function nextTurn({ value, to, step }: Turn): Turn | undefined {
  return value + step > to ? undefined : { value: value + step, to, step };
}

/** The first turn of a loop; undefined: it has none. */
function firstTurn(
  statement: Extract<Steering, { kind: "for" | "repeat" }>,
  scope: Scope,
  { turns }: Position,
  whole: Span,
): Turn | undefined | Diagnostic {
  const value = (expression: Expression | undefined, otherwise: bigint): bigint | Diagnostic =>
    expression === undefined ? otherwise : compute(expression, scope);
  const isFor = statement.kind === "for";
  const from = value(isFor ? statement.from : undefined, 0n);
  const last = value(isFor ? statement.to : statement.count, 0n);
  const step = value(isFor ? statement.step : undefined, 1n);
  for (const one of [from, last, step]) if (isProblem(one)) return one;
  if (isProblem(from) || isProblem(last) || isProblem(step)) return undefined;
  const to = isFor ? last : last - 1n;
  // FROM..FROM-1 is how a computed range says that there is nothing.
  if (step <= 0n || to < from - 1n) return errors.badRange(whole, String(from), String(to), String(step));
  if (to < from) return undefined;
  const count = (to - from) / step + 1n;
  if (count + BigInt(turns) > BigInt(limits.turns)) return errors.tooManyTurns(whole, String(count));
  return { value: from, to, step };
}

function place(
  { place: what, number }: Extract<Steering, { kind: "place" }>,
  position: Position,
  { scope, target, whole }: Surroundings,
): Diagnostic | undefined {
  const value = compute(number, scope);
  const count = what === "cpu" ? target.cpus : target.map.its.length;
  if (!isProblem(value) && value >= 0n && value < count) {
    enter(position, { kind: "place", open: position.at, [what === "cpu" ? "pe" : "its"]: Number(value) });
    return undefined;
  }
  position.skips = true;
  if (isProblem(value)) return value;
  if (what === "cpu") return runErrors.noPe(whole, String(value), count);
  return count === 0 ? runErrors.noIts(whole) : runErrors.noItsOfNumber(whole, value, count, target.name);
}

function call(
  { macro, values }: Extract<Steering, { kind: "call" }>,
  position: Position,
  { scope, outside, whole }: Surroundings,
): Diagnostic | undefined {
  const { at: line, part: caller, turns } = position;
  const found = caller.macroPlace(macro.name);
  const wrong = turns >= limits.turns ? errors.tooManyTurns(whole, "1") : undefined;
  let locals: Position["locals"];
  for (const { name, value: own } of wrong === undefined ? macro.parameters : []) {
    const given = values.get(name);
    const value = given === undefined ? own && compute(own, outside) : compute(given, scope);
    if (value === undefined || isProblem(value)) {
      position.at = line + 1;
      return isProblem(value) ? value : undefined;
    }
    locals = { name, value, next: locals };
  }
  if (wrong !== undefined || found === undefined) {
    position.at = line + 1;
    return wrong;
  }
  enter(position, { kind: "macro", open: found.line, part: found.part, caller, call: line });
  position.locals = locals;
  position.turns++;
  return undefined;
}
