import type { Diagnostic, DocumentDiagnosticReport, WorkspaceDocumentDiagnosticReport } from "vscode-languageserver";
import { type DiagnosticOptions, scriptDiagnostics } from "./diagnostics.ts";
import type { Script } from "./script.ts";

/** What makes two answers of one text the same: its version, that of what it means, and that everything has run. `generation` counts changes of the settings. */
function resultId({ version, document, simulation }: Script, generation: number): string | undefined {
  return simulation?.complete === false ? undefined : `${generation} ${version} ${document.version}`;
}

/** The problems of a script for an editor that asks for them; nothing but that they are the same where they are. */
export function pullDiagnostics(
  script: Script,
  previous: string | undefined,
  options: DiagnosticOptions,
  generation: number,
): DocumentDiagnosticReport {
  const id = resultId(script, generation);
  if (id !== undefined && id === previous) return { kind: "unchanged", resultId: id };
  const items = scriptDiagnostics(script, options);
  return { kind: "full", items, ...(id === undefined ? {} : { resultId: id }) };
}

/** The same of a script that is open, among all of the workspace. */
export function openReport(
  script: Script,
  previous: string | undefined,
  options: DiagnosticOptions,
  generation: number,
): WorkspaceDocumentDiagnosticReport {
  const report = pullDiagnostics(script, previous, options, generation);
  return { ...report, uri: script.uri, version: script.version };
}

/** The same of a script that is not open. @param known another one for other problems */
export function closedReport(
  uri: string,
  known: string,
  diagnostics: readonly Diagnostic[],
  previous: string | undefined,
): WorkspaceDocumentDiagnosticReport {
  const id = `file ${known}`;
  if (previous === id) return { kind: "unchanged", resultId: id, uri, version: null };
  return { kind: "full", resultId: id, items: [...diagnostics], uri, version: null };
}
