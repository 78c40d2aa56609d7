import {
  commandErrorByCode,
  commandErrorByName,
  commandErrors,
  errnoByName,
  modelWords,
  resolveModel,
} from "../../architecture/index.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { KeywordDoc } from "../editing/keywords.ts";
import { errors } from "../errors.ts";
import { isDiagnostic, parseNumber } from "../parse/number.ts";
import type { OutcomeClause, Word } from "../parse/syntax.ts";
import { lazily, suggest } from "./suggest.ts";

/** Outcomes that are words of the language. */
export const outcomeWords = [
  { word: "done", form: "=> done", summary: "It was carried out.", example: "SYNC RDbase=0 => done" },
  {
    word: "ignored",
    form: "=> ignored",
    summary: "It had an error and no effect; the queue went on.",
    example: "INV DeviceID=0x99, EventID=0 => ignored",
  },
  {
    word: "stalled",
    form: "=> stalled",
    summary: "It had an error and the queue stopped at it (GITS_CREADR.Stalled).",
    example: "INV DeviceID=0x99, EventID=0 => stalled",
  },
] as const satisfies readonly KeywordDoc[];

/** The outcome of a load or store by a guest of KVM that is no device's and no RAM's. */
export const exitOutcome = {
  word: "MMIO_EXIT",
  form: "=> MMIO_EXIT",
  summary:
    "The address of the load or store is that of no device of the kernel and no RAM: an exit to user space (KVM_EXIT_MMIO).",
  example: "read32 0x01000000 => MMIO_EXIT",
} as const satisfies KeywordDoc;

/** Errno names that may stand after `=>`, with their numbers. */
export const errnoNumbers: Readonly<Record<string, number>> = errnoByName;

/** What the author says will become of a command, an MSI, an action or an access. */
export type ExpectedOutcome = SingleOutcome | ExpectedAlternatives | ExpectedByModel;

/** One of several is as good as another. */
export interface ExpectedAlternatives {
  readonly kind: "one-of";
  readonly outcomes: readonly SingleOutcome[];
}

/** What is expected depends on the model; of one that is not named and has no case without models nothing is expected. */
export interface ExpectedByModel {
  readonly kind: "by-model";
  readonly cases: readonly {
    /** Words as a script has them; none: every model that the others do not name. */
    readonly models: readonly string[];
    readonly outcome: SingleOutcome | ExpectedAlternatives;
  }[];
}

/** An outcome by itself. */
export type SingleOutcome =
  /** Whatever it is: a `let` keeps it. */
  | { readonly kind: "any" }
  | { readonly kind: "MMIO_EXIT" }
  | { readonly kind: "done" | "ignored" | "stalled" }
  /** A command error, 0x01CCEE, whether the model ignores the command or stalls. `name` is absent when the code has none. */
  | { readonly kind: "error"; readonly code: number; readonly name?: string }
  | { readonly kind: "errno"; readonly errno: number; readonly name: string };

const names: readonly string[] = [
  ...outcomeWords.map(({ word }) => word),
  exitOutcome.word,
  ...commandErrors.map(({ name }) => name),
  ...Object.keys(errnoNumbers),
];

/** Reads what stands after `=>`. */
export function resolveOutcomes({ cases }: OutcomeClause): ExpectedOutcome | Diagnostic {
  const resolved: ExpectedByModel["cases"][number][] = [];
  for (const { words, models } of cases) {
    const unknown = models.find(({ text }) => !isModelWord(text));
    if (unknown !== undefined) return unknownModel(unknown);
    const outcomes: SingleOutcome[] = [];
    for (const word of words) {
      const outcome = resolveOutcome(word);
      if ("code" in outcome && "severity" in outcome) return outcome;
      outcomes.push(outcome);
    }
    const outcome = outcomes.length === 1 ? outcomes[0] : { kind: "one-of" as const, outcomes };
    resolved.push({ models: models.map(({ text }) => text), outcome });
  }
  const plain = resolved.findIndex(({ models }) => models.length === 0);
  if (resolved.length === 1 && plain === 0) return resolved[0].outcome;
  const second = resolved.findIndex(({ models }, at) => models.length === 0 && at !== plain);
  if (second >= 0)
    return errors.expected(
      cases[second].words[0] ?? cases[second],
      "'on MODEL' behind the outcome",
      "two outcomes for the same models",
    );
  return { kind: "by-model", cases: resolved };
}

/** What is expected on one model; undefined: nothing in particular. */
export function outcomeOn(
  expected: ExpectedOutcome | undefined,
  model: string,
): SingleOutcome | ExpectedAlternatives | undefined {
  if (expected?.kind !== "by-model") return expected;
  const named = expected.cases.find(({ models }) => namesModel(models, model));
  return (named ?? expected.cases.find(({ models }) => models.length === 0))?.outcome;
}

/** Whether words of a script name a model: `kvm` and `qemu` all that are called so, `kvm-6.1` that one. */
export function namesModel(words: readonly string[], model: string): boolean {
  return words.some((word) => model === word || model.startsWith(`${word}-`) || resolveModel(word) === model);
}

/** The diagnostic of a word that names no model, or undefined. */
export function checkModels(words: readonly Word[]): Diagnostic | undefined {
  const unknown = words.find(({ text }) => !isModelWord(text));
  return unknown && unknownModel(unknown);
}

function isModelWord(word: string): boolean {
  return resolveModel(word) !== undefined;
}

function unknownModel(word: Word): Diagnostic {
  return errors.unknownModel(
    word,
    word.text,
    modelWords().join(", "),
    lazily(() => suggest(word.text, modelWords())),
  );
}

/** Reads a word after `=>`: done, ignored, stalled, MMIO_EXIT, the name or number of a command error, or an errno's name. */
export function resolveOutcome(word: Word): SingleOutcome | Diagnostic {
  const { text } = word;
  if (text === "done" || text === "ignored" || text === "stalled") return { kind: text };
  if (/^\d/.test(text)) {
    const code = parseNumber(text, 0, text.length);
    if (isDiagnostic(code)) return { ...code, start: word.start };
    if (code < 0x01_0000n || code > 0xff_ffffn) return errors.unknownOutcome(word, text);
    return { kind: "error", code: Number(code), name: commandErrorByCode(Number(code))?.name };
  }
  const upper = text.toUpperCase();
  if (upper === exitOutcome.word) return { kind: exitOutcome.word };
  const error = commandErrorByName(upper.replace(/^E_ITS_/, ""));
  if (error !== undefined) return { kind: "error", code: error.code, name: error.name };
  if (Object.hasOwn(errnoNumbers, upper)) return { kind: "errno", errno: errnoNumbers[upper], name: upper };
  return errors.unknownOutcome(
    word,
    text,
    lazily(() => suggest(text, names)),
  );
}
