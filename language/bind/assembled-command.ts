import {
  type Command,
  type CommandField,
  type CommandWords,
  extractRaw,
  fieldArgument,
} from "../../architecture/index.ts";
import { findArgument } from "../operation/assemble.ts";
import type { ScriptLine } from "../parse/line.ts";
import { isDiagnostic } from "../parse/number.ts";
import type { CommandStatement, Expression } from "../parse/syntax.ts";
import { fieldNumbers, rawValue } from "../values.ts";
import type { BoundCommand } from "./bound.ts";
import type { ExpectedOutcome } from "./outcomes.ts";

/** A command whose packet is known, as its line keeps it: without how it is written, which is most of what a long script takes. */
export class AssembledCommand implements BoundCommand {
  readonly kind = "command";
  readonly command: Command;
  readonly words: CommandWords;
  readonly expected: ExpectedOutcome | undefined;
  private readonly line: ScriptLine;
  /** The argument that is the value of the one name in it, or that and a number: it moves as that value does. */
  private readonly moving: CommandField | undefined;

  constructor(
    line: ScriptLine,
    { command, expected }: Pick<BoundCommand, "command" | "expected">,
    words: CommandWords,
    moving: CommandField | undefined,
  ) {
    this.line = line;
    this.command = command;
    this.words = words;
    this.expected = expected;
    this.moving = moving;
  }

  get syntax(): CommandStatement {
    return this.line.syntax as CommandStatement;
  }

  /**
   * The command when the value of its one name is another one: editing a `let` that tens of thousands of lines use reads none of them again.
   * @param by how much more the value is @returns undefined where the line has to be bound anew to know
   */
  movedBy(by: bigint): AssembledCommand | undefined {
    const { moving, words } = this;
    if (moving === undefined) return undefined;
    const raw = extractRaw(words[moving.word], moving);
    const next = rawValue(moving, fieldArgument(moving, raw) + by, nowhere);
    if (isDiagnostic(next)) return undefined;
    const changed: [bigint, bigint, bigint, bigint] = [...words];
    changed[moving.word] ^= (raw ^ next) << fieldNumbers(moving).lsb;
    return new AssembledCommand(this.line, this, changed, moving);
  }

  /** What JSON has of it: not the line, whose statement this is. */
  toJSON(): Omit<BoundCommand, "syntax"> {
    const { kind, command, words, expected } = this;
    return { kind, command, words, expected };
  }
}

/** What does not fit is told by binding the line anew, where its place is known. */
const nowhere = { start: 0, length: 0 };

/** The argument of a command that {@link AssembledCommand.movedBy} can follow: the only one with a name, of a command with all its arguments. */
export function movingArgument({ command, syntax }: BoundCommand): CommandField | undefined {
  if (syntax.arguments.length !== command.fields.length) return undefined;
  const computed = syntax.arguments.filter(({ value }) => value.kind !== "number");
  const [only] = computed;
  return computed.length === 1 && isNameAndNumber(only.value) ? findArgument(command, only.name.text) : undefined;
}

function isNameAndNumber(value: Expression): boolean {
  if (value.kind === "name") return true;
  if (value.kind !== "binary") return false;
  const { operator, left, right } = value;
  if (operator === "+" && left.kind === "number") return right.kind === "name";
  return (operator === "+" || operator === "-") && left.kind === "name" && right.kind === "number";
}
