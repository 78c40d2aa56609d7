/**
 * What became of one ITS command, as one uint32: the kind in bits [31:24], a detail in bits [23:0].
 * Numbers, not objects, because a queue of a million commands makes a million of them.
 */
export type Outcome = number;

export const OutcomeKind = {
  /** Carried out. */
  done: 0,
  /** An error of the architecture's numbering; the command had no effect and the queue goes on. Detail: 0x01CCEE. */
  ignored: 1,
  /** An error; the queue stops here with GITS_CREADR.Stalled = 1. Detail: 0x01CCEE, or 0 for a memory fault. */
  stalled: 2,
  /** A memory fault or other failure that the implementation does not report. Detail: an errno number or 0. */
  swallowed: 3,
  /** No such command in this implementation. Detail: the opcode. */
  unknown: 4,
  /** A real kernel would have crashed here. */
  hostCrash: 5,
  /** As `ignored`, but the implementation says nothing about it even in its log. Detail: 0x01CCEE, or 0 for a command it does not have. */
  silent: 6,
} as const;

export type OutcomeName = keyof typeof OutcomeKind;

export const DONE: Outcome = 0;

/** @param code 0x01CCEE */
export function ignored(code: number): Outcome {
  return (OutcomeKind.ignored << 24) | code;
}

/** @param code 0x01CCEE, or 0 when a table or the queue could not be read */
export function stalled(code: number): Outcome {
  return (OutcomeKind.stalled << 24) | code;
}

/** @param errno positive errno number, 0 when the implementation has none */
export function swallowed(errno: number): Outcome {
  return (OutcomeKind.swallowed << 24) | errno;
}

export function unknownCommand(opcode: number): Outcome {
  return (OutcomeKind.unknown << 24) | opcode;
}

export function hostCrash(): Outcome {
  return OutcomeKind.hostCrash << 24;
}

/** @param code 0x01CCEE, or 0 for a command that the implementation knows but does not have */
export function silentlyIgnored(code: number): Outcome {
  return (OutcomeKind.silent << 24) | code;
}

const names = Object.keys(OutcomeKind) as OutcomeName[];

export function outcomeName(outcome: Outcome): OutcomeName {
  return names[(outcome >>> 24) & 0xff] ?? "unknown";
}

/** Bits [23:0]: command error code, errno or opcode, by the kind. */
export function outcomeDetail(outcome: Outcome): number {
  return outcome & 0xffffff;
}
