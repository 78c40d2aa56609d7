import type { ServerCapabilities } from "vscode-languageserver";
import { CodeActionKind, TextDocumentSyncKind } from "vscode-languageserver";
import { legend } from "./navigation/semantic-tokens.ts";

/** What the server can do, every key that it answers to. Positions are UTF-16 units: lines of scripts are kept as such. */
export const capabilities = {
  positionEncoding: "utf-16",
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false, willSave: false },
  hoverProvider: true,
  completionProvider: { triggerCharacters: [" ", ".", "=", ",", "["], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: [" ", ","], retriggerCharacters: ["="] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  documentSymbolProvider: { label: "GIC" },
  foldingRangeProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix], resolveProvider: false },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentLinkProvider: { resolveProvider: false },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  renameProvider: { prepareProvider: true },
  semanticTokensProvider: { legend, full: { delta: false }, range: true },
} as const satisfies ServerCapabilities;
