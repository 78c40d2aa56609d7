import type { CancellationToken, TextDocument } from "vscode";
import { failureOf } from "../dump-failures.ts";
import type { DumpStore, ReadDump } from "../dump-store.ts";

/** Whether a document is a dump: the language is the one that providers are registered for. */
export function onlyDumps({ languageId }: Pick<TextDocument, "languageId">): boolean {
  return languageId === "gicdump";
}

/**
 * Does something with the dump of a document.
 * @returns undefined when the request was cancelled, the text has changed, or the dump is not read: that is said once, in Problems
 */
export async function withDump<T>(
  store: DumpStore,
  document: TextDocument,
  token: CancellationToken,
  answer: (read: ReadDump) => T | undefined | Promise<T | undefined>,
): Promise<T | undefined> {
  const { version } = document;
  const isWanted = () => !token.isCancellationRequested && !document.isClosed && document.version === version;
  const read = await store.of(document).catch(() => undefined);
  if (read === undefined || !isWanted()) return undefined;
  try {
    const result = await answer(read);
    return isWanted() ? result : undefined;
  } catch (error) {
    const failure = failureOf(error, document.uri);
    if (failure !== undefined) store.tellFailure(document, failure);
    return undefined;
  }
}
