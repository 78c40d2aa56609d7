import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex } from "../../architecture/hex.ts";
import { COMMAND_BYTES, type CommandWords, commandErrorByCode, errnoName } from "../../architecture/index.ts";
import { littleEndian } from "../../dumps/index.ts";
import { type CommandEvent, outcomeDetail, outcomeName } from "../../emulator/index.ts";
import { commandFailure, EmulatorTarget, type Target } from "../../runner/index.ts";
import type { Launched } from "../launching/launch.ts";
import type { ExceptionBody } from "../protocol.ts";
import { failedCommand, hexCode } from "./exception-filters.ts";
import type { Exception } from "./exceptions.ts";

/** Why the script stands where it does: the rule that was broken and the words that broke it, as data beside the sentence. */
export function exceptionBody(
  exception: Exception,
  { name, run }: Launched,
): DebugProtocol.ExceptionInfoResponse["body"] & { readonly gic: ExceptionBody } {
  const { line, problem, kind } = exception;
  const about = aboutOf(exception, run.target);
  const { error, field } = about;
  return {
    exceptionId: problem.code,
    description: problem.message,
    breakMode: "always",
    details: {
      message: problem.message,
      typeName: error?.name ?? problem.code,
      ...(error === undefined ? {} : { fullTypeName: `${error.name} (${error.code})` }),
      // What VS Code's box shows beside the description: it knows nothing of inner exceptions.
      stackTrace: [`at ${name}:${line + 1}:${problem.start + 1}`, ...citation(about)].join("\n"),
      innerException: [
        ...(error === undefined ? [] : [{ typeName: "rule", message: ruleText(error) }]),
        ...(field === undefined ? [] : [{ typeName: "offending word", message: fieldText(field) }]),
        ...(about.others ?? []).map(({ model, outcome }) => ({
          typeName: "other model",
          message: `${model}: ${outcome}`,
        })),
      ],
    },
    gic: { kind, line: line + 1, ...about },
  };
}

type About = Omit<ExceptionBody, "kind" | "line">;

/** The rule, the words that broke it, and what other models do: for people, a line each. */
function citation({ error, field, words, others = [] }: About): readonly string[] {
  const models = new Map<string, string[]>();
  for (const { model, outcome } of others) models.set(outcome, [...(models.get(outcome) ?? []), model]);
  return [
    ...(error === undefined ? [] : [ruleText(error)]),
    ...(field === undefined ? [] : [`${fieldText(field)}${words === undefined ? "" : ` in ${words[field.word]}`}`]),
    ...[...models].map(([outcome, names]) => `${names.join(", ")}: ${outcome}`),
  ];
}

function ruleText({ summary, advice, source }: NonNullable<About["error"]>): string {
  return `${summary} ${advice} Source: ${source}.`;
}

function fieldText({ word, msb, lsb, name, raw }: NonNullable<About["field"]>): string {
  return `DW${word}[${msb}:${lsb}] ${name} = ${raw}`;
}

function aboutOf({ done, difference, write, comparison }: Exception, target: Target): About {
  if (comparison !== undefined) return { outcome: comparison.own, others: othersOf(comparison.others) };
  if (difference !== undefined) {
    return { ...wordsOf(difference.words), outcome: difference.own, others: othersOf(difference.others) };
  }
  if (write !== undefined) {
    const { register, wanted, value, lock } = write;
    return { write: { register, wanted: hex(wanted), value: hex(value), ...(lock === undefined ? {} : { lock }) } };
  }
  const event = done === undefined ? undefined : failedCommand(done.result);
  return event === undefined ? {} : commandAbout(event, target);
}

function commandAbout(event: CommandEvent, target: Target): About {
  const { its, queueOffset, outcome } = event;
  const address = target.queue(its).address + queueOffset;
  const bytes = target.readMemory(address, COMMAND_BYTES);
  const detail = outcomeDetail(outcome);
  const error = commandErrorByCode(detail);
  const name = outcomeName(outcome);
  const common: About = {
    its,
    address: hex(address),
    outcome: name,
    ...(name === "swallowed" && detail !== 0 ? { errno: errnoName(detail) ?? String(detail) } : {}),
    ...(error === undefined
      ? {}
      : {
          error: {
            name: error.name,
            code: hexCode(error.code),
            summary: error.summary,
            advice: error.advice,
            source: error.source,
            confirmed: error.confirmed,
          },
        }),
  };
  if (bytes === undefined) return common;
  const words = packetOf(bytes);
  const failure = target instanceof EmulatorTarget ? commandFailure(target, its, words, outcome) : undefined;
  const { field, raw } = failure ?? {};
  return {
    ...common,
    ...wordsOf(words),
    ...(field === undefined || raw === undefined
      ? {}
      : { field: { name: field.name, word: field.word, msb: field.msb, lsb: field.lsb, raw: hex(raw) } }),
    ...(failure === undefined ? {} : { others: othersOf(failure.others) }),
  };
}

function wordsOf(words: CommandWords): Pick<About, "words"> {
  return { words: words.map((word) => `0x${word.toString(16).padStart(16, "0")}`) };
}

function othersOf(others: readonly { readonly model: string; readonly text: string }[]): About["others"] {
  return others.map(({ model, text }) => ({ model, outcome: text }));
}

function packetOf(bytes: Uint8Array): CommandWords {
  const word = (at: number): bigint => littleEndian(bytes.subarray(at, at + 8));
  return [word(0), word(8), word(16), word(24)];
}
