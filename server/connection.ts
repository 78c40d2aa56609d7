import type { Connection, InitializeParams, Position, SemanticTokens, ServerCapabilities } from "vscode-languageserver";
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  ResponseError,
} from "vscode-languageserver";
import packageJson from "../package.json" with { type: "json" };
import { capabilities } from "./capabilities.ts";
import { completion } from "./completion/completion.ts";
import { resolveCompletion } from "./completion/completion-resolve.ts";
import { signatureHelp } from "./completion/signature-help.ts";
import { codeActions } from "./editing/code-actions.ts";
import { formatting } from "./editing/formatting.ts";
import { prepareRename, rename } from "./editing/rename.ts";
import { Failures, failureCodes } from "./failures.ts";
import { hover } from "./hover/hover.ts";
import { definition } from "./navigation/definition.ts";
import { documentLinks } from "./navigation/document-links.ts";
import { folding } from "./navigation/folding.ts";
import { highlight } from "./navigation/highlight.ts";
import { references } from "./navigation/references.ts";
import { semanticTokens } from "./navigation/semantic-tokens.ts";
import { symbols } from "./navigation/symbols.ts";
import { scriptDiagnostics } from "./scripts/diagnostics.ts";
import { OpenScripts } from "./scripts/documents.ts";
import type { IncludeFiles } from "./scripts/include-files.ts";
import { type Clock, Publisher } from "./scripts/publisher.ts";
import type { Script } from "./scripts/script.ts";
import {
  defaultSettings,
  type InitializationOptions,
  readInitializationOptions,
  readSettings,
  settingsSection,
} from "./settings.ts";
import { stateDumpOf } from "./state-dump.ts";
import { type StateDumpAnswer, type StateDumpParams, stateDumpRequest } from "./state-protocol.ts";
import { answerInSlices } from "./tables/questions.ts";
import { serveTables } from "./tables/serve-tables.ts";

/** Milliseconds between the last change of a file and a look at the scripts that may include it. */
const INCLUDES_PAUSE = 100;

/** URIs of the workspace folders. */
function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  return workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
}

/**
 * Connects the providers to an editor. Nothing is decided here but who answers what.
 * @param answerTables answers questions about dumps and whole files; without it in slices, and of what comes with the question alone
 * @param files those that scripts may include; without it there are none
 */
export function serve(
  connection: Connection,
  clock: Clock,
  answerTables = answerInSlices(clock, undefined),
  files?: IncludeFiles,
): void {
  let settings = defaultSettings;
  let options: InitializationOptions = {};
  let client: InitializeParams["capabilities"] = {};
  const failures = new Failures({
    show: (message) => connection.window.showErrorMessage(message),
    log: (text) => connection.console.error(text),
  });
  const scripts = new OpenScripts(failures, settings.simulate, clock.now, files);
  const publisher = new Publisher(clock, failures, scripts, (script) => {
    const diagnostics = scriptDiagnostics(script, { ...options, maxProblems: settings.maxProblems });
    void connection.sendDiagnostics({ uri: script.uri, version: script.version, diagnostics });
  });

  connection.onInitialize((params) => {
    client = params.capabilities;
    scripts.folders = foldersOf(params);
    options = readInitializationOptions(params.initializationOptions);
    return {
      capabilities: {
        ...capabilities,
        // The options may be named only to clients that know them.
        renameProvider: client.textDocument?.rename?.prepareSupport === true ? capabilities.renameProvider : true,
      } satisfies ServerCapabilities,
      serverInfo: { name: "GIC Workbench", version: packageJson.version },
    };
  });
  connection.onInitialized(() => {
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration === true)
      void connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
    if (files !== undefined && client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true)
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: "**/*.itscmd" }],
      });
    if (client.workspace?.workspaceFolders === true)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri));
        scripts.folders = [...scripts.folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
      });
    void fetchSettings(undefined);
  });
  connection.onDidChangeWatchedFiles(() => includesChanged(undefined));

  let waiting: (() => void) | undefined;
  /** Scripts whose included files may be others; undefined: all. */
  let stale: Set<string> | undefined = new Set();
  /** A file may be another, or what the editor has of it: the scripts that include it are looked at once nothing more comes. */
  function includesChanged(file: string | undefined): void {
    const including = file === undefined ? undefined : scripts.including(file);
    if (files === undefined || including?.length === 0) return;
    if (including === undefined) stale = undefined;
    else for (const uri of including) stale?.add(uri);
    waiting?.();
    waiting = clock.later(INCLUDES_PAUSE, () => {
      const uris = stale;
      stale = new Set();
      failures.guard(
        failureCodes.diagnostics,
        "the check of included files",
        () => {
          for (const uri of scripts.refreshIncludes(uris)) publisher.touch(uri);
        },
        undefined,
      );
    });
  }

  connection.onDidChangeConfiguration(({ settings: sent }) => void fetchSettings(sent));
  connection.onShutdown(() => {
    waiting?.();
    publisher.dispose();
  });

  /** Asks the editor for the settings, or takes what it sent along where it cannot be asked. */
  async function fetchSettings(sent: unknown): Promise<void> {
    try {
      const canAsk = client.workspace?.configuration === true;
      if (!canAsk && sent === undefined) return;
      const section: unknown = canAsk
        ? await connection.workspace.getConfiguration(settingsSection)
        : (sent as Readonly<Record<string, unknown>> | null)?.[settingsSection];
      settings = readSettings(section);
      scripts.setSimulate(settings.simulate);
      for (const { uri } of scripts.all()) publisher.touch(uri);
    } catch (error) {
      failures.report(failureCodes.request, "reading of the settings", error);
    }
  }

  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
    scripts.open(uri, version, text);
    publisher.touch(uri);
    includesChanged(uri);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    scripts.change(uri, version, contentChanges);
    publisher.touch(uri);
    includesChanged(uri);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    publisher.forget(uri);
    scripts.close(uri);
    includesChanged(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  /** Answers a request about a script; `none` for a script that is not open and when the answer fails. */
  function answer<Params extends { readonly textDocument: { readonly uri: string } }, Result>(
    work: string,
    none: Result,
    find: (script: Script, params: Params) => Result,
  ): (params: Params) => Result {
    return (params) => {
      const script = scripts.get(params.textDocument.uri);
      if (script === undefined) return none;
      const result = failures.guard(failureCodes.request, work, () => find(script, params), none);
      // A look at the machine takes the run back to a line; it goes on when nothing else is to be done.
      if (script.simulation?.complete === false) publisher.resume(script.uri);
      return result;
    };
  }
  type At = { readonly textDocument: { readonly uri: string }; readonly position: Position };

  connection.onHover(answer("a hover", null, (script, { position }: At) => hover(script, position)));
  connection.onCompletion(
    answer("a completion", null, (script, { position, context }) =>
      completion(script, position, {
        snippets: client.textDocument?.completion?.completionItem?.snippetSupport === true,
        trigger: context?.triggerKind,
        character: context?.triggerCharacter,
      }),
    ),
  );
  connection.onCompletionResolve((item) =>
    failures.guard(failureCodes.request, "the details of a completion", () => resolveCompletion(item), item),
  );
  connection.onSignatureHelp(
    answer("a signature", null, (script, { position }: At) => signatureHelp(script, position)),
  );
  connection.onDefinition(
    answer("a definition", null, (script, { position }: At) => {
      const links = definition(script, position);
      if (client.textDocument?.definition?.linkSupport === true) return links;
      return links.map(({ targetUri, targetSelectionRange }) => ({ uri: targetUri, range: targetSelectionRange }));
    }),
  );
  connection.onReferences(
    answer("references", null, (script, { position, context }) =>
      references(script, position, context.includeDeclaration),
    ),
  );
  connection.onDocumentHighlight(answer("highlights", null, (script, { position }: At) => highlight(script, position)));
  const outline = answer("the outline", null, (script) => symbols(script));
  connection.onDocumentSymbol((params) => publisher.settled(params.textDocument.uri).then(() => outline(params)));
  connection.onDocumentLinks(answer("links", null, (script) => documentLinks(script)));
  connection.onFoldingRanges(answer("folding", null, (script) => folding(script)));
  connection.onCodeAction(
    answer("quick fixes", null, (script, { context }) => codeActions(script, context.diagnostics)),
  );
  connection.onDocumentFormatting(answer("formatting", null, (script) => formatting(script)));
  connection.onDocumentRangeFormatting(answer("formatting", null, (script, { range }) => formatting(script, range)));
  connection.onPrepareRename(answer("a rename", null, (script, { position }: At) => prepareRename(script, position)));
  connection.onRenameRequest((params) => {
    const result = answer("a rename", null, (script, { position, newName }: At & { readonly newName: string }) =>
      rename(script, position, newName),
    )(params);
    if (result === null || !("refusal" in result)) return result;
    return new ResponseError<void>(ErrorCodes.InvalidParams, result.refusal);
  });
  const noTokens: SemanticTokens = { data: [] };
  connection.languages.semanticTokens.on(answer("colours", noTokens, (script) => semanticTokens(script)));
  connection.languages.semanticTokens.onRange(
    answer("colours", noTokens, (script, { range }) => semanticTokens(script, range)),
  );
  const noDump: StateDumpAnswer = { refusal: "The language server failed inside; its log has the details." };
  connection.onRequest<StateDumpAnswer, void>(stateDumpRequest, (params: Partial<StateDumpParams> | null) =>
    failures.guard(failureCodes.request, "the dump of a saved machine", () => stateDumpOf(params), noDump),
  );
  serveTables(connection, failures, answerTables);

  connection.listen();
}
