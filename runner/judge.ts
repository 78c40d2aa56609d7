import { errnoName } from "../architecture/index.ts";
import { type HostResult, type Outcome, outcomeDetail, outcomeName } from "../emulator/index.ts";
import type { Diagnostic, ExpectedAlternatives, SingleOutcome, Span } from "../language/index.ts";
import { runErrors } from "./errors.ts";
import { outcomeText } from "./explain-outcome.ts";
import type { Target } from "./target.ts";

/** What an author wrote behind `=>`; undefined: that it be done. */
interface Expecting {
  readonly expected?: SingleOutcome | ExpectedAlternatives | undefined;
}

/** What something that a script has had done came to. */
interface Verdict {
  /** Whether it is what an author expected. */
  readonly is: (expected: SingleOutcome) => boolean;
  /** For users. */
  readonly found: string;
  /** The problems of it where an author expected nothing in particular. */
  readonly problems: () => readonly Diagnostic[];
}

const NOTHING: readonly Diagnostic[] = [];

/** The problems of what something came to, unless it is what the author expected. */
function judge({ is, found, problems }: Verdict, { expected }: Expecting, place: Span): readonly Diagnostic[] {
  if (expected === undefined) return problems();
  return expected.kind === "any" || isAny(expected, is)
    ? NOTHING
    : [runErrors.outcomeDiffers(place, expectedText(expected), found)];
}

/**
 * Judges what became of a command or an MSI.
 * @param problems those of an outcome that nobody expected @param place of what is expected
 */
export function judgeOutcome(
  outcome: Outcome,
  expecting: Expecting,
  place: Span,
  problems: () => readonly Diagnostic[],
): readonly Diagnostic[] {
  // Most commands are done, and nobody says anything about it.
  if (expecting.expected === undefined) return problems();
  return judge(
    { is: (expected) => isOutcome(outcome, expected), found: outcomeText(outcome), problems },
    expecting,
    place,
  );
}

/** Judges a command that waits in the queue. @param reason why it does */
export function judgeWaiting(reason: string, expecting: Expecting, whole: Span): readonly Diagnostic[] {
  const found = "a command that waits in the queue";
  return judge({ is: () => false, found, problems: () => [runErrors.notProcessed(whole, reason)] }, expecting, whole);
}

/** Judges the answer of a call of the VMM. @param verb what was done, as the script names it */
export function judgeCall(
  verb: string,
  { errno }: HostResult,
  expecting: Expecting,
  whole: Span,
): readonly Diagnostic[] {
  const found = errno === 0 ? "done" : (errnoName(errno) ?? String(errno));
  const is = (expected: SingleOutcome): boolean =>
    expected.kind === "errno" ? expected.errno === errno : expected.kind === "done" && errno === 0;
  const problems = () => (errno === 0 ? NOTHING : [runErrors.actionFailed(whole, verb, found)]);
  return judge({ is, found, problems }, expecting, whole);
}

/**
 * Judges a load or store.
 * @param answered a device or RAM took it @param place what was accessed, for users
 */
export function judgeAccess(
  target: Target,
  answered: boolean,
  place: string,
  expecting: Expecting,
  whole: Span,
): readonly Diagnostic[] {
  if (answered && expecting.expected === undefined) return NOTHING;
  const exits = !answered && target.vmm !== undefined;
  const found = answered ? "done" : exits ? "MMIO_EXIT" : "an external abort";
  const problems = () => [exits ? runErrors.mmioExit(whole, place) : runErrors.busError(whole, place)];
  return judge({ is: (expected) => expected.kind === found, found, problems }, expecting, whole);
}

function isOutcome(outcome: Outcome, expected: SingleOutcome): boolean {
  const name = outcomeName(outcome);
  const failed = name === "ignored" || name === "stalled" || name === "silent";
  switch (expected.kind) {
    case "done":
      return name === "done";
    case "ignored":
      return name === "ignored" || name === "silent" || name === "swallowed" || name === "unknown";
    case "stalled":
      return name === "stalled";
    case "error":
      return failed && outcomeDetail(outcome) === expected.code;
    case "errno":
      return name === "swallowed" && outcomeDetail(outcome) === expected.errno;
    case "MMIO_EXIT":
      return false;
    case "any":
      return true;
  }
}

/** Whether what came is one of what is expected. */
function isAny(expected: SingleOutcome | ExpectedAlternatives, is: (outcome: SingleOutcome) => boolean): boolean {
  return expected.kind === "one-of" ? expected.outcomes.some(is) : is(expected);
}

/** An outcome as the script names it. */
function expectedText(expected: SingleOutcome | ExpectedAlternatives): string {
  switch (expected.kind) {
    case "one-of":
      return expected.outcomes.map(expectedText).join(" or ");
    case "error":
      return expected.name ?? `0x${expected.code.toString(16)}`;
    case "errno":
      return expected.name;
    default:
      return expected.kind;
  }
}
