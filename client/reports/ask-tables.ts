import type { CancellationToken } from "vscode";
import type { RefusedAnswer, TablesAnswers, TablesInput, TablesParams } from "../../server/tables-protocol.ts";
import { reasonOf } from "../inert.ts";
import { showCancellableRequest, showError } from "../messages.ts";
import { describeDump } from "./describe-dump.ts";
import type { InputSource, ReadSource } from "./input-source.ts";

/** Asks the language server, which has the emulator, about whole files. */
export type AskTables = <Name extends keyof TablesAnswers>(
  name: Name,
  params: TablesParams[Name],
  token: CancellationToken,
) => Promise<TablesAnswers[Name]>;

/** An answer that is none of a refusal. */
export type Told<Name extends keyof TablesAnswers> = Exclude<TablesAnswers[Name], { readonly refusal: string }>;

/** An answer, and what it was asked about. */
export interface Answered<Name extends keyof TablesAnswers> {
  readonly answer: Told<Name>;
  /** In the order of the sources. */
  readonly sources: readonly ReadSource[];
}

/**
 * Reads sources and asks about them, with progress that shows and can be cancelled. Of a dump that does not say which table it is the user is
 * asked; a refusal is told.
 * @param title what is being done
 * @param params of the request about the inputs, in the order of the sources
 * @returns undefined when there is no answer, which the user knows by then
 */
export async function askAbout<Name extends keyof TablesAnswers>(
  ask: AskTables,
  title: string,
  name: Name,
  from: readonly InputSource[],
  params: (inputs: readonly TablesInput[]) => TablesParams[Name],
): Promise<Answered<Name> | undefined> {
  for (;;) {
    const sources = await Promise.all(from.map((source) => source.read()));
    const answer = await askOnce(ask, title, name, params(sources.map(({ input }) => input)));
    if (answer === undefined) return undefined;
    if (!isRefused(answer)) return { answer: answer as Told<Name>, sources };
    const { refusal, undescribed } = answer;
    const source = undescribed === undefined ? undefined : from.find((_, at) => sources[at].input.name === undescribed);
    // Described once already, and still without tables: asking again would be a circle.
    if (source === undefined || source.described !== undefined) {
      void showError(refusal);
      return undefined;
    }
    const described = await describeDump(source.name);
    if (described === undefined) return undefined;
    source.described = described;
  }
}

function isRefused(answer: object): answer is RefusedAnswer {
  return "refusal" in answer;
}

async function askOnce<Name extends keyof TablesAnswers>(
  ask: AskTables,
  title: string,
  name: Name,
  params: TablesParams[Name],
): Promise<TablesAnswers[Name] | RefusedAnswer | undefined> {
  return showCancellableRequest(title, async (token) => {
    try {
      const answer = await ask(name, params, token);
      return token.isCancellationRequested ? undefined : answer;
    } catch (error) {
      return token.isCancellationRequested ? undefined : { refusal: reasonOf(error) };
    }
  });
}
