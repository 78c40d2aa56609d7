import type { CancellationToken, TextEdit, WorkspaceDiagnosticReport, WorkspaceSymbol } from "vscode-languageserver";
import { ScriptDocument } from "../../language/index.ts";
import { pathsAfterRename } from "../editing/rename-files.ts";
import type { LanguageContext } from "../language-requests.ts";
import { matches, workspaceSymbols } from "../navigation/workspace-symbols.ts";
import { cancelled, invalid } from "../protocol/connection-options.ts";
import type { OpenScripts } from "../scripts/documents.ts";
import { closedReport, openReport } from "../scripts/pull-diagnostics.ts";
import { tellPartialAnswer, tellPartialRename } from "./partial-workspace.ts";

interface WorkspaceContext extends LanguageContext {
  readonly scripts: OpenScripts;
}

/** Symbols of one answer at most. */
const MOST_SYMBOLS = 500;

/** Answers what is asked about all scripts of the workspace, open or not. */
export function answerAboutWorkspace(context: WorkspaceContext): void {
  const { connection, answering, scripts, closed, settings, diagnosticOptions, generation } = context;
  let isTold = false;
  const others = async (token: CancellationToken) => {
    const options = { ...diagnosticOptions(), simulate: settings().simulate };
    const found = await closed.all((uri) => scripts.get(uri) !== undefined, options, token);
    // Editors ask again and again.
    if (found?.isWhole === false && !isTold) tellPartialAnswer(connection);
    isTold ||= found?.isWhole === false;
    return found?.known;
  };

  connection.onWorkspaceSymbol(async (params, token) => {
    const { query } = params ?? {};
    if (typeof query !== "string") return invalid("The request has no 'query'.");
    const known = await others(token);
    if (known === undefined) return cancelled();
    const own = workspaceSymbols(scripts.all(), query).map((symbol) =>
      answering.toClient("uri" in symbol.location ? symbol.location.uri : "", symbol),
    );
    const found: WorkspaceSymbol[] = [...own];
    for (const { symbols } of known.values()) found.push(...symbols.filter(({ name }) => matches(name, query)));
    return found.slice(0, MOST_SYMBOLS);
  });

  connection.workspace.onWillRenameFiles(async (params, token) => {
    const files = (Array.isArray(params?.files) ? params.files : []).filter(
      (one) => typeof one?.oldUri === "string" && typeof one.newUri === "string",
    );
    const known = await closed.namingFiles((uri) => scripts.get(uri) !== undefined, token);
    if (known === undefined) return cancelled();
    const changes: Record<string, TextEdit[]> = {};
    const add = (uri: string, { lines }: ScriptDocument) => {
      const edits = pathsAfterRename(uri, lines, files);
      if (edits.length > 0) changes[uri] = answering.toClient(uri, [...edits]);
    };
    for (const { uri, document } of scripts.all()) add(uri, document);
    for (const [uri, text] of known.texts) add(uri, new ScriptDocument(text));
    if (!known.isWhole) tellPartialRename(connection, "the old path");
    return Object.keys(changes).length === 0 ? null : { changes };
  });

  connection.languages.diagnostics.onWorkspace(async (params, token) => {
    const list: unknown = params?.previousResultIds;
    const previous = new Map<unknown, string>();
    for (const entry of Array.isArray(list) ? list : [])
      if (typeof entry?.value === "string") previous.set(entry.uri, entry.value);
    const known = await others(token);
    if (known === undefined) return cancelled();
    const report: WorkspaceDiagnosticReport = { items: [] };
    for (const script of scripts.all()) {
      const { uri } = script;
      const open = openReport(script, previous.get(uri), diagnosticOptions(), generation());
      report.items.push(answering.toClient(uri, open));
    }
    for (const [uri, { id, diagnostics }] of known)
      report.items.push(closedReport(uri, id, diagnostics, previous.get(uri)));
    return report;
  });
}
