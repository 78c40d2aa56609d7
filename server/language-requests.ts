import type {
  CallHierarchyIncomingCallsParams,
  CancellationToken,
  ClientCapabilities,
  Connection,
  DocumentDiagnosticReport,
  LocationLink,
  Position,
  Range,
  SemanticTokens,
  SemanticTokensDelta,
} from "vscode-languageserver";
import { completion } from "./completion/completion.ts";
import { resolveCompletion } from "./completion/completion-resolve.ts";
import { signatureHelp } from "./completion/signature-help.ts";
import { codeActions } from "./editing/code-actions.ts";
import { formatting, formattingOnType } from "./editing/formatting.ts";
import { linkedEditing } from "./editing/linked-editing.ts";
import { prepareRename } from "./editing/rename.ts";
import { codeLenses } from "./hover/code-lenses.ts";
import { hover } from "./hover/hover.ts";
import { inlayHints } from "./hover/inlay-hints.ts";
import { inlineValues } from "./hover/inline-values.ts";
import {
  type CallSource,
  callSources,
  incomingCalls,
  outgoingCalls,
  prepareCallHierarchy,
} from "./navigation/call-hierarchy.ts";
import { declaration } from "./navigation/declaration.ts";
import { definition, locationsOf } from "./navigation/definition.ts";
import { documentLinks } from "./navigation/document-links.ts";
import { folding } from "./navigation/folding.ts";
import { highlight } from "./navigation/highlight.ts";
import { references } from "./navigation/references.ts";
import { selectionRanges } from "./navigation/selection-ranges.ts";
import { semanticTokens, type TokenChoice } from "./navigation/semantic-tokens.ts";
import { symbols } from "./navigation/symbols.ts";
import { TokenDeltas } from "./navigation/token-deltas.ts";
import { typeDefinition } from "./navigation/type-definition.ts";
import type { AboutScript, Answering } from "./protocol/answering.ts";
import { tokensToClient } from "./protocol/position-encoding.ts";
import { type ScriptMachineAnswer, scriptMachineRequest } from "./script-machine-protocol.ts";
import type { DiagnosticOptions } from "./scripts/diagnostics.ts";
import { pullDiagnostics } from "./scripts/pull-diagnostics.ts";
import type { Script } from "./scripts/script.ts";
import type { Settings } from "./settings.ts";
import type { ClosedScripts } from "./workspace/closed-scripts.ts";

/** What requests are answered with. What a client can do and what its user has set is known later than this is put together. */
export interface LanguageContext {
  readonly connection: Connection;
  readonly answering: Answering;
  /** The scripts of the workspace that are not open. */
  readonly closed: ClosedScripts;
  client(): ClientCapabilities;
  settings(): Settings;
  diagnosticOptions(): DiagnosticOptions;
  /** How often the settings have changed. */
  generation(): number;
}

type At = AboutScript & { readonly position: Position };
type In = AboutScript & { readonly range: Range };

const atPosition = { needs: ["position"] };
const inRange = { needs: ["range"] };

/** Answers every request about one script. */
export function answerAboutScripts({
  connection,
  answering,
  client,
  settings,
  diagnosticOptions,
  generation,
}: LanguageContext): { forget(uri: string): void } {
  const about = answering.about.bind(answering);
  const documents = () => client().textDocument ?? {};
  /** Links where the client knows them, places elsewhere. */
  const places = (work: string, find: (script: Script, position: Position) => LocationLink[], can: () => boolean) =>
    about(
      work,
      null,
      (script, { position }: At) => {
        const links = find(script, position);
        return can() ? links : locationsOf(links);
      },
      atPosition,
    );

  connection.onHover(about("a hover", null, (script, { position }: At) => hover(script, position), atPosition));
  connection.onCompletion(
    about(
      "a completion",
      null,
      (script, { position, context }) =>
        completion(script, position, {
          snippets: documents().completion?.completionItem?.snippetSupport === true,
          trigger: context?.triggerKind,
          character: context?.triggerCharacter,
        }),
      atPosition,
    ),
  );
  connection.onCompletionResolve((item) => resolveCompletion(item));
  connection.onRequest<ScriptMachineAnswer, void>(
    scriptMachineRequest,
    about<AboutScript, ScriptMachineAnswer>("the machine of a script", null, ({ document: { machine } }) => {
      return { model: machine.model, cpus: machine.cpus };
    }),
  );
  connection.onSignatureHelp(
    about("a signature", null, (script, { position }: At) => signatureHelp(script, position), atPosition),
  );
  connection.onDefinition(places("a definition", definition, () => documents().definition?.linkSupport === true));
  connection.onDeclaration(places("a declaration", declaration, () => documents().declaration?.linkSupport === true));
  connection.onTypeDefinition(
    places("a type definition", typeDefinition, () => documents().typeDefinition?.linkSupport === true),
  );
  connection.onReferences(
    about(
      "references",
      null,
      (script, { position, context }) => references(script, position, context?.includeDeclaration === true),
      atPosition,
    ),
  );
  connection.onDocumentHighlight(
    about("highlights", null, (script, { position }: At) => highlight(script, position), atPosition),
  );
  connection.languages.callHierarchy.onPrepare(
    about(
      "calls",
      null,
      (script, { position }: At) => prepareCallHierarchy(script, position, callSources(answering.open())),
      atPosition,
    ),
  );
  type Named = AboutScript & { readonly name: string };
  const calls = <Result>(find: (source: CallSource, name: string, sources: readonly CallSource[]) => Result) => {
    const answer = answering.aboutAll("calls", null, (scripts, { textDocument: { uri }, name }: Named) => {
      const sources = callSources(scripts);
      const source = sources.find((one) => one.uri === uri);
      return source === undefined ? null : find(source, name, sources);
    });
    return ({ item }: CallHierarchyIncomingCallsParams, token: CancellationToken) =>
      answer({ textDocument: { uri: item?.uri }, name: item?.name }, token);
  };
  connection.languages.callHierarchy.onIncomingCalls(calls(incomingCalls));
  connection.languages.callHierarchy.onOutgoingCalls(calls(outgoingCalls));
  // What running has to tell, editors ask for once a text: these wait until every line has run.
  connection.onDocumentSymbol(about("the outline", null, (script) => symbols(script), { settled: true }));
  connection.languages.inlayHint.on(
    about("hints", null, (script, { range }: In) => inlayHints(script, range, settings().hints), {
      ...inRange,
      settled: true,
    }),
  );
  connection.onCodeLens(about("lenses", null, (script) => (settings().lenses ? codeLenses(script) : [])));
  connection.languages.inlineValue.on(
    about(
      "inline values",
      null,
      (script, { range, context }) => inlineValues(script, range, context.stoppedLocation ?? range),
      { needs: ["range", "context"] },
    ),
  );
  connection.onFoldingRanges(about("folding", null, (script) => folding(script)));
  connection.onSelectionRanges(
    about("selections", null, (script, { positions }) => selectionRanges(script, positions), { needs: ["positions"] }),
  );
  connection.onDocumentLinks(about("links", null, (script) => documentLinks(script)));
  connection.languages.onLinkedEditingRange(
    about("linked names", null, (script, { position }: At) => linkedEditing(script, position), atPosition),
  );
  connection.onCodeAction(
    about(
      "quick fixes",
      null,
      (script, { range, context: { diagnostics = [], only } }) => codeActions(script, diagnostics, { range, only }),
      { needs: ["range", "context"] },
    ),
  );
  connection.onDocumentFormatting(about("formatting", null, (script) => formatting(script)));
  connection.onDocumentRangeFormatting(
    about("formatting", null, (script, { range }: In) => formatting(script, range), inRange),
  );
  connection.onDocumentOnTypeFormatting(
    about("formatting", null, (script, { position, ch }) => formattingOnType(script, position, ch), {
      needs: ["position", "ch"],
    }),
  );
  connection.onPrepareRename(
    about("a rename", null, (script, { position }: At) => prepareRename(script, position), atPosition),
  );

  const deltas = new TokenDeltas();
  const choice = (): TokenChoice =>
    documents().semanticTokens?.augmentsSyntaxTokens === true ? "beyond grammar" : "all";
  const noTokens: SemanticTokens = { data: [] };
  const encoded = ({ uri }: Script, tokens: SemanticTokens): SemanticTokens => ({
    ...tokens,
    data: tokensToClient(tokens.data, answering.encoding, answering.lines(uri)),
  });
  connection.languages.semanticTokens.on(
    about("colours", noTokens, (script) => encoded(script, deltas.full(script, choice()))),
  );
  connection.languages.semanticTokens.onRange(
    about(
      "colours",
      noTokens,
      (script, { range }: In) => encoded(script, semanticTokens(script, choice(), range)),
      inRange,
    ),
  );
  connection.languages.semanticTokens.onDelta(
    about<AboutScript & { readonly previousResultId: string }, SemanticTokens | SemanticTokensDelta>(
      "colours",
      noTokens,
      (script, { previousResultId }) => {
        // Columns of other encodings are counted from the whole line, which an edit does not have.
        if (answering.encoding !== "utf-16") return encoded(script, deltas.full(script, choice()));
        return deltas.delta(script, previousResultId, choice());
      },
      { needs: ["previousResultId"] },
    ),
  );

  const noProblems: DocumentDiagnosticReport = { kind: "full", items: [] };
  connection.languages.diagnostics.on(
    about<AboutScript & { readonly previousResultId?: string }, DocumentDiagnosticReport>(
      "diagnostics",
      noProblems,
      (script, { previousResultId }) => pullDiagnostics(script, previousResultId, diagnosticOptions(), generation()),
      { settled: true },
    ),
  );
  return { forget: (uri) => deltas.forget(uri) };
}
