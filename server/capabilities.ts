import type { ClientCapabilities, ServerCapabilities } from "vscode-languageserver";
import { TextDocumentSyncKind } from "vscode-languageserver";
import { codeActionKinds } from "./editing/code-actions.ts";
import { formatTriggers } from "./editing/formatting.ts";
import { legend } from "./navigation/semantic-tokens.ts";
import type { PositionEncoding } from "./protocol/position-encoding.ts";
import type { InitializationOptions } from "./settings.ts";

/** What the server can do, every key that it answers to; docs/language-server.md has it as a table. */
export const capabilities = {
  positionEncoding: "utf-16",
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false, willSave: false },
  diagnosticProvider: { identifier: "gic", interFileDependencies: true, workspaceDiagnostics: true },
  hoverProvider: true,
  completionProvider: { triggerCharacters: [" ", ".", "=", ",", "[", ">"], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: [" ", ","], retriggerCharacters: ["="] },
  declarationProvider: true,
  definitionProvider: true,
  typeDefinitionProvider: true,
  referencesProvider: true,
  callHierarchyProvider: true,
  documentHighlightProvider: true,
  documentSymbolProvider: { label: "GIC" },
  workspaceSymbolProvider: { resolveProvider: false },
  codeLensProvider: { resolveProvider: false },
  inlayHintProvider: { resolveProvider: false },
  inlineValueProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  documentLinkProvider: { resolveProvider: false },
  linkedEditingRangeProvider: true,
  codeActionProvider: { codeActionKinds: [...codeActionKinds], resolveProvider: false },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: {
    firstTriggerCharacter: formatTriggers.first,
    moreTriggerCharacter: [...formatTriggers.more],
  },
  renameProvider: { prepareProvider: true },
  semanticTokensProvider: { legend, full: { delta: true }, range: true },
  workspace: {
    workspaceFolders: { supported: true, changeNotifications: true },
    fileOperations: { willRename: { filters: [{ scheme: "file", pattern: { glob: "**/*" } }] } },
  },
} as const satisfies ServerCapabilities;

/** What is told to one client. */
export function capabilitiesFor(
  client: ClientCapabilities,
  encoding: PositionEncoding,
  { diagnostics }: InitializationOptions,
): ServerCapabilities {
  const { diagnosticProvider, ...others } = capabilities;
  return {
    ...others,
    ...(diagnostics === "push" ? {} : { diagnosticProvider }),
    positionEncoding: encoding,
    // The options may be named only to clients that know them.
    renameProvider: client.textDocument?.rename?.prepareSupport === true ? capabilities.renameProvider : true,
  };
}

/** Whether a client is sent problems, or asks for them: never both, or it would show each twice. */
export function isPushed(client: ClientCapabilities, { diagnostics }: InitializationOptions): boolean {
  return diagnostics === "push" || client.textDocument?.diagnostic === undefined;
}
