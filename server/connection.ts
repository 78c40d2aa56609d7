import type { Connection, InitializeParams } from "vscode-languageserver";
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  MessageType,
  ShowMessageNotification,
} from "vscode-languageserver";
import packageJson from "../package.json" with { type: "json" };
import { capabilitiesFor, isPushed } from "./capabilities.ts";
import { answerRename } from "./editing/rename-request.ts";
import { Failures, failureCodes } from "./failures.ts";
import { answerAboutScripts } from "./language-requests.ts";
import { Answering } from "./protocol/answering.ts";
import { isDidChange, isDidOpen, uriOf } from "./protocol/message-shape.ts";
import { chooseEncoding } from "./protocol/position-encoding.ts";
import { rulePageOf } from "./rule-page.ts";
import { type RulePageAnswer, type RulePageParams, rulePageRequest } from "./rule-page-protocol.ts";
import { scriptDiagnostics } from "./scripts/diagnostics.ts";
import { OpenScripts } from "./scripts/documents.ts";
import { type Clock, Publisher } from "./scripts/publisher.ts";
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
import { serveTests } from "./tests/serve-tests.ts";
import { type RunTests, runInSlices } from "./tests/test-runs.ts";
import { ClosedScripts } from "./workspace/closed-scripts.ts";
import { IncludeWatch } from "./workspace/include-watch.ts";
import { noFiles } from "./workspace/script-files.ts";
import { ScriptPlaces } from "./workspace/script-places.ts";
import { answerAboutWorkspace } from "./workspace/workspace-requests.ts";

/**
 * Connects the providers to an editor. Nothing is decided here but who answers what. Whatever a client sends, refuses or does not know,
 * the server goes on.
 * @param answerTables answers questions about dumps and whole files; without it in slices, and of what comes with the question alone
 * @param files the scripts of the workspace that are not open, and what scripts read; without it there are none
 * @param runTests runs the tests of scripts; without it in slices
 */
export function serve(
  connection: Connection,
  clock: Clock,
  answerTables = answerInSlices(clock, undefined),
  files = noFiles,
  runTests?: RunTests,
): void {
  let settings = defaultSettings;
  let generation = 0;
  let options: InitializationOptions = {};
  let client: InitializeParams["capabilities"] = {};
  /** What a client does not take is in the log, and nothing else comes of it. */
  const quietly = (what: string, sent: Promise<unknown>) =>
    void sent.catch((error: unknown) => connection.console.warn(`${what}: ${String(error)}`));
  const failures = new Failures({
    // As a notification: a request for an answer is more than some clients know.
    show: (message) =>
      quietly(
        "message",
        connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Error, message }),
      ),
    log: (text) => connection.console.error(text),
  });
  const places = new ScriptPlaces(
    files,
    () => closed.folders,
    (file) => scripts.textOf(file),
  );
  const scripts = new OpenScripts(failures, settings.simulate, clock.now, places);
  const diagnosticOptions = () => ({ ...options, ...settings });
  const publish = (uri: string, version: number | undefined, diagnostics: ReturnType<typeof scriptDiagnostics>) => {
    if (!isPushed(client, options)) return;
    const sent = answering.toClient(uri, diagnostics);
    quietly(
      "diagnostics",
      connection.sendDiagnostics({ uri, diagnostics: sent, ...(version === undefined ? {} : { version }) }),
    );
  };
  const publisher = new Publisher(clock, failures, scripts, (script) =>
    publish(script.uri, script.version, scriptDiagnostics(script, diagnosticOptions())),
  );
  const answering = new Answering(scripts, failures, publisher);
  const closed = new ClosedScripts(files, places, failures, clock);
  const includes = new IncludeWatch(scripts, failures, clock, (uris) => {
    for (const uri of uris) publisher.touch(uri);
    refresh("diagnostics");
  });
  /** A file is another, or the editor has another text of it: what was found of it and of those that include it is of the past. */
  const fileChanged = (uri: string) => {
    closed.forget(uri);
    includes.fileChanged(uri);
  };
  scripts.dropped = (uri) => {
    publisher.forget(uri);
    publish(uri, undefined, []);
  };

  files.onFetched?.(() => {
    for (const uri of scripts.readAnew()) publisher.touch(uri);
    closed.clear();
    refresh("diagnostics");
  });

  connection.onInitialize((params) => {
    client = params.capabilities ?? {};
    options = readInitializationOptions(params.initializationOptions);
    const encoding = chooseEncoding(client.general?.positionEncodings);
    answering.encoding = encoding;
    scripts.encoding = encoding;
    const roots = params.workspaceFolders?.map(({ uri }) => uri) ?? [];
    closed.folders = roots.length === 0 && typeof params.rootUri === "string" ? [params.rootUri] : roots;
    return {
      capabilities: capabilitiesFor(client, encoding, options),
      serverInfo: { name: "GIC Workbench", version: packageJson.version },
    };
  });
  connection.onInitialized(() => {
    const register = connection.client.register.bind(connection.client);
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration === true)
      quietly("settings", register(DidChangeConfigurationNotification.type, { section: settingsSection }));
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true)
      quietly(
        "watched files",
        register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: "**/*.itscmd" }] }),
      );
    if (client.workspace?.workspaceFolders === true)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri));
        closed.folders = [...closed.folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
        includes.anyChanged();
        refresh("diagnostics");
      });
    void fetchSettings(undefined);
  });
  connection.onDidChangeConfiguration((params) => void fetchSettings(params?.settings));
  connection.onDidChangeWatchedFiles((params) => {
    for (const { uri } of params.changes) closed.forget(uri);
    quietly("files", files.fetchAgain?.() ?? Promise.resolve());
    // A file that is there now is included by nobody yet.
    includes.anyChanged();
    refresh("diagnostics");
  });
  connection.onShutdown(() => {
    includes.dispose();
    publisher.dispose();
  });

  /** Asks the editor for the settings, or takes what it sent along where it cannot be asked. */
  async function fetchSettings(sent: unknown): Promise<void> {
    const canAsk = client.workspace?.configuration === true;
    if (!canAsk && (typeof sent !== "object" || sent === null)) return;
    try {
      const section: unknown = canAsk
        ? await connection.workspace.getConfiguration(settingsSection)
        : (sent as Readonly<Record<string, unknown>>)[settingsSection];
      settings = readSettings(section);
      generation++;
      closed.clear();
      scripts.configure(settings);
      for (const { uri } of scripts.all()) publisher.touch(uri);
      for (const what of ["diagnostics", "inlayHint", "codeLens"] as const) refresh(what);
    } catch (error) {
      // An editor that has no settings for us keeps the defaults.
      connection.console.warn(`settings: ${String(error)}`);
    }
  }

  /** Tells an editor that can be told so to ask again. */
  function refresh(what: "diagnostics" | "inlayHint" | "codeLens"): void {
    if (client.workspace?.[what]?.refreshSupport !== true) return;
    if (what === "diagnostics" && isPushed(client, options)) return;
    const method = what === "diagnostics" ? "diagnostic" : what;
    quietly("refresh", connection.sendRequest(`workspace/${method}/refresh`));
  }

  connection.onDidOpenTextDocument((params: unknown) => {
    if (!isDidOpen(params)) {
      connection.console.error(`${failureCodes.protocol}: what was opened is no text as the protocol has it.`);
      return;
    }
    const { uri, version, text } = params.textDocument;
    scripts.open(uri, version, text);
    publisher.touch(uri);
    fileChanged(uri);
  });
  connection.onDidChangeTextDocument((params: unknown) => {
    if (isDidChange(params)) {
      const { uri, version } = params.textDocument;
      scripts.change(uri, version, [...params.contentChanges]);
      publisher.touch(uri);
      fileChanged(uri);
      return;
    }
    const uri = uriOf(params);
    if (uri === undefined || scripts.get(uri) === undefined) {
      connection.console.error(`${failureCodes.protocol}: a change of no open text.`);
      return;
    }
    // What has changed is not known, so what is known of the text is wrong from here on.
    scripts.drop(uri);
    failures.outOfStep(uri, "The editor has sent a change that is none as the protocol has it.");
  });
  connection.onDidCloseTextDocument((params: unknown) => {
    const uri = uriOf(params);
    if (uri === undefined) return;
    publisher.forget(uri);
    scripts.close(uri);
    fileChanged(uri);
    requests.forget(uri);
    publish(uri, undefined, []);
  });

  const context = {
    connection,
    answering,
    closed,
    client: () => client,
    settings: () => settings,
    diagnosticOptions,
    generation: () => generation,
  };
  const requests = answerAboutScripts(context);
  answerRename(context);
  answerAboutWorkspace({ ...context, scripts });
  const noDump: StateDumpAnswer = { refusal: "The language server failed inside; its log has the details." };
  connection.onRequest<RulePageAnswer, void>(rulePageRequest, (params: Partial<RulePageParams> | null) =>
    failures.guard(failureCodes.request, "the page of a rule", () => rulePageOf(params), null),
  );
  connection.onRequest<StateDumpAnswer, void>(stateDumpRequest, (params: Partial<StateDumpParams> | null) =>
    failures.guard(failureCodes.request, "the dump of a saved machine", () => stateDumpOf(params), noDump),
  );
  serveTables(connection, failures, answerTables);
  serveTests({
    connection,
    failures,
    clock,
    run: runTests ?? runInSlices(clock, places),
    folders: () => closed.folders,
    open: () => scripts.openTexts(),
  });

  connection.listen();
}
