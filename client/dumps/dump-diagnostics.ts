import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticSeverity,
  Disposable,
  languages,
  type TextDocument,
  workspace,
} from "vscode";
import { hintOptions } from "../../dumps/tables/sections.ts";
import { texts } from "../texts.ts";
import { tellFailure } from "./decode-command.ts";
import { HeldBack } from "./decoding-guard.ts";
import { failureOf } from "./dump-failures.ts";
import type { DumpStore, ReadDump } from "./dump-store.ts";

/** How long the text must stand still before it is read again, in ms. */
const SETTLE_MS = 300;

/** Underlines what is no hex line in a dump, what is given twice, and hints that mean nothing. */
export function registerDumpDiagnostics(store: DumpStore): Disposable {
  const problems = languages.createDiagnosticCollection("gicdump");
  const waiting = new Map<string, NodeJS.Timeout>();
  const forget = (document: TextDocument) => {
    clearTimeout(waiting.get(document.uri.toString()));
    waiting.delete(document.uri.toString());
    problems.delete(document.uri);
  };
  const look = (document: TextDocument, pause: number) => {
    if (document.languageId !== "gicdump") return;
    const key = document.uri.toString();
    clearTimeout(waiting.get(key));
    waiting.set(
      key,
      setTimeout(() => void publish(problems, document, store), pause),
    );
  };
  for (const document of workspace.textDocuments) look(document, 0);
  return Disposable.from(
    problems,
    workspace.onDidOpenTextDocument((document) => look(document, 0)),
    workspace.onDidChangeTextDocument(({ document }) => look(document, SETTLE_MS)),
    workspace.onDidCloseTextDocument(forget),
    store.onFailure((document, { message, code }) => {
      const known = problems.get(document.uri) ?? [];
      problems.set(document.uri, [...known, diagnostic(document, 0, 0, message, code)]);
    }),
    store.onStale((document) => look(document, SETTLE_MS)),
    store.guard.onRelease((uri) => {
      for (const document of workspace.textDocuments) if (document.uri.toString() === uri) look(document, 0);
    }),
    new Disposable(() => {
      for (const timer of waiting.values()) clearTimeout(timer);
    }),
  );
}

async function publish(problems: DiagnosticCollection, document: TextDocument, store: DumpStore): Promise<void> {
  if (document.isClosed) return;
  const { version } = document;
  try {
    const found = problemsOf(document, await store.of(document));
    if (!document.isClosed && document.version === version) problems.set(document.uri, found);
  } catch (error) {
    const failure = failureOf(error, document.uri);
    if (failure === undefined || document.isClosed) return;
    problems.set(document.uri, [diagnostic(document, 0, 0, failure.message, failure.code)]);
    if (error instanceof HeldBack) await tellFailure(error, document.uri, store);
  }
}

function problemsOf(document: TextDocument, { dump, plans }: ReadDump): Diagnostic[] {
  const found = dump.problems.map(({ line, column, message, code }) => {
    return diagnostic(document, Math.max(line - 1, 0), column, message, code);
  });
  for (const { line, hints } of dump.sections) {
    for (const problem of hintOptions(hints, dump.layoutFiles).problems) {
      found.push(diagnostic(document, line - 1, 0, texts.hintNotUsed(problem), "GIC-DUMP-HINT"));
    }
  }
  for (const { leftOut, section } of plans) {
    if (leftOut !== undefined) {
      found.push(diagnostic(document, (section?.line ?? 1) - 1, 0, leftOut, "GIC-DUMP-LIMIT"));
    }
  }
  return found;
}

/** From a column to the end of its line; a dump has no smaller parts that a problem could be about. */
function diagnostic(document: TextDocument, line: number, column: number, message: string, code: string): Diagnostic {
  const { range } = document.lineAt(Math.min(line, document.lineCount - 1));
  const start = range.start.with({ character: Math.min(column, range.end.character) });
  const made = new Diagnostic(range.with({ start }), message, DiagnosticSeverity.Warning);
  made.source = "gicdump";
  made.code = code;
  return made;
}
