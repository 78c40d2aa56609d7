import type { CancellationToken } from "vscode";
import type { TablesAnswers, TablesParams } from "../../server/tables-protocol.ts";
import { showCancellable, showError } from "../messages.ts";

/** Asks the language server, which has the emulator, about whole files. */
export type AskTables = <Name extends keyof TablesAnswers>(
  name: Name,
  params: TablesParams[Name],
  token: CancellationToken,
) => Promise<TablesAnswers[Name]>;

/** An answer that is none of a refusal. */
export type Told<Name extends keyof TablesAnswers> = Exclude<TablesAnswers[Name], { readonly refusal: string }>;

/**
 * Asks with progress that shows and can be cancelled.
 * @param title what is being done
 * @returns the answer, or a sentence that says why there is none; undefined when the user has given it up
 */
export async function askTables<Name extends keyof TablesAnswers>(
  ask: AskTables,
  title: string,
  name: Name,
  params: TablesParams[Name],
): Promise<Told<Name> | { readonly refusal: string } | undefined> {
  return showCancellable(title, async (token) => {
    try {
      const answer = await ask(name, params, token);
      return token.isCancellationRequested ? undefined : (answer as Told<Name> | { readonly refusal: string });
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      return { refusal: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** As {@link askTables}; a refusal is told. */
export async function askOrTell<Name extends keyof TablesAnswers>(
  ask: AskTables,
  title: string,
  name: Name,
  params: TablesParams[Name],
): Promise<Told<Name> | undefined> {
  const answer = await askTables(ask, title, name, params);
  if (answer === undefined || !("refusal" in answer)) return answer as Told<Name> | undefined;
  void showError(answer.refusal);
  return undefined;
}
