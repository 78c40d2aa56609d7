import {
  type CommandError,
  type CommandField,
  type CommandWords,
  commandErrorByCode,
  commandField,
  decodeCommand,
  extractRaw,
} from "../architecture/index.ts";
import { type Outcome, outcomeDetail } from "../emulator/index.ts";
import { compareModels, type ModelAnswer } from "./compare-models.ts";
import type { EmulatorTarget } from "./emulator-target.ts";
import { commandIds, explainFault } from "./explain-outcome.ts";
import { faultAdvice, faultSentence } from "./fault.ts";

/** Why a command failed, for whoever wants to learn from it. */
export interface CommandFailure {
  /** The rule that was broken, with its code, summary, advice and source. */
  readonly error: CommandError;
  /** What is wrong here and now: "EventID 0x9 of DeviceID 0x1 is not mapped". */
  readonly sentence: string;
  /** What to do about it. */
  readonly advice: string;
  /** The field that is to blame, in which doubleword of the packet it is (`field.word`), and its raw value. */
  readonly field: CommandField | undefined;
  readonly raw: bigint | undefined;
  /** What the other models do with the same command; empty where they are not compared. */
  readonly others: readonly ModelAnswer[];
}

/**
 * Explains a command that an ITS refused with an error code, right after it did.
 * @returns undefined for a command that was not refused with a code
 */
export function commandFailure(
  target: EmulatorTarget,
  its: number,
  packet: CommandWords,
  outcome: Outcome,
): CommandFailure | undefined {
  const { command } = decodeCommand(packet);
  const error = outcome === 0 ? undefined : commandErrorByCode(outcomeDetail(outcome));
  if (command === undefined || error === undefined) return undefined;
  const { argument, fault } = explainFault(outcome, commandIds(command, packet), target, its);
  const field = argument === undefined ? undefined : commandField(command, argument);
  return {
    error,
    sentence: faultSentence(fault),
    advice: faultAdvice(fault, error.code),
    field,
    raw: field === undefined ? undefined : extractRaw(packet[field.word], field),
    others: compareModels(target.machine, its, packet),
  };
}
