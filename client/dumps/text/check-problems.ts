import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Location,
  Range,
  type TextDocument,
  type Uri,
} from "vscode";
import type { DumpPlace, DumpProblem } from "../../../server/dump-check-protocol.ts";

const severities: Readonly<Record<DumpProblem["severity"], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
};

/**
 * What the language server has found in a dump, as VS Code shows it.
 * @param link where a rule is described
 */
export function checkProblem(document: TextDocument, problem: DumpProblem, link: (rule: string) => Uri): Diagnostic {
  const { code, isRule, severity, message, place, related } = problem;
  const made = new Diagnostic(rangeOf(document, place), message, severities[severity]);
  made.source = "gicwb check";
  made.code = isRule ? { value: code, target: link(code) } : code;
  made.relatedInformation = related.map(
    (other) =>
      new DiagnosticRelatedInformation(new Location(document.uri, rangeOf(document, other.place)), other.message),
  );
  return made;
}

/** A sentence about the whole check, on the first line. */
export function checkNote(document: TextDocument, message: string, code: string): Diagnostic {
  const made = new Diagnostic(document.lineAt(0).range, message, DiagnosticSeverity.Information);
  made.source = "gicwb check";
  made.code = code;
  return made;
}

function rangeOf(document: TextDocument, { line, start, end }: DumpPlace): Range {
  const { range } = document.lineAt(Math.min(line, document.lineCount - 1));
  const last = range.end.character;
  return new Range(range.start.line, Math.min(start, last), range.start.line, Math.min(end, last));
}
