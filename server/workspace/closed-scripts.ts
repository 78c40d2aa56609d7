import type { CancellationToken, Diagnostic, WorkspaceSymbol } from "vscode-languageserver";
import type { Failures } from "../failures.ts";
import { workspaceSymbols } from "../navigation/workspace-symbols.ts";
import { type DiagnosticOptions, notRunToEnd, scriptDiagnostics } from "../scripts/diagnostics.ts";
import { OpenScripts } from "../scripts/documents.ts";
import type { Clock } from "../scripts/publisher.ts";
import type { Script } from "../scripts/script.ts";
import type { ScriptFile, ScriptFiles } from "./script-files.ts";
import type { ScriptPlaces } from "./script-places.ts";

/** What is known of a script that is not open. */
interface Known {
  readonly stamp: string;
  /** Different from what was known before of it: a file that it includes may be another while its own is not. */
  readonly id: string;
  /** Identities of the files that it includes. */
  readonly includes: ReadonlySet<string>;
  readonly symbols: readonly WorkspaceSymbol[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Milliseconds for which one of them is run, and of one stretch of that. */
const BUDGET = 500;
const SLICE = 10;

/** The scripts of the workspace's folders that are not open: read and run once, and again when their file changes. */
export class ClosedScripts {
  private readonly files: ScriptFiles;
  private readonly places: ScriptPlaces;
  private readonly failures: Failures;
  private readonly clock: Clock;
  private readonly known = new Map<string, Known>();
  /** How often one was looked at. */
  private looks = 0;
  folders: readonly string[] = [];

  constructor(files: ScriptFiles, places: ScriptPlaces, failures: Failures, clock: Clock) {
    this.files = files;
    this.places = places;
    this.failures = failures;
    this.clock = clock;
  }

  /** Forgets what was found of a script, and of those that include it: its file has changed, or the editor has another text of it. */
  forget(uri: string): void {
    this.known.delete(uri);
    if (this.known.size === 0) return;
    const file = this.places.identityOf(uri);
    if (file === undefined) return;
    for (const [other, { includes }] of this.known) if (includes.has(file)) this.known.delete(other);
  }

  /** Forgets everything: what is found depends on the settings. */
  clear(): void {
    this.known.clear();
  }

  /**
   * Everything known of the scripts that are not open, each looked at when its file has changed since, and whether those are all.
   * @returns undefined when the request is given up
   */
  async all(
    isOpen: (uri: string) => boolean,
    options: DiagnosticOptions & { readonly simulate: boolean },
    token: CancellationToken,
  ): Promise<{ readonly known: ReadonlyMap<string, Known>; readonly isWhole: boolean } | undefined> {
    const found = new Map<string, Known>();
    const { files, isWhole } = await this.files.list(this.folders);
    for (const file of files) {
      if (token.isCancellationRequested) return undefined;
      if (isOpen(file.uri)) continue;
      const known = await this.lookAt(file, options, token);
      if (known !== undefined) found.set(file.uri, known);
    }
    return token.isCancellationRequested ? undefined : { known: found, isWhole };
  }

  /** The texts of those that may name a file, by their URIs, and whether all were looked at. @returns undefined when the request is given up */
  async namingFiles(
    isOpen: (uri: string) => boolean,
    token: CancellationToken,
  ): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly isWhole: boolean } | undefined> {
    const found = new Map<string, string>();
    const { files, isWhole } = await this.files.list(this.folders);
    for (const { uri } of files) {
      if (token.isCancellationRequested) return undefined;
      const text = isOpen(uri) ? undefined : await this.files.read(uri);
      if (text !== undefined && /^[ \t]*(?:include|load)\b/m.test(text)) found.set(uri, text);
    }
    return { texts: found, isWhole };
  }

  /**
   * Scripts that are not open and include a file, and the file itself, without a run.
   * @param file its identity @returns those, and whether all scripts were looked at; undefined when the request is given up
   */
  async around(
    file: string,
    isOpen: (uri: string) => boolean,
    token: CancellationToken,
  ): Promise<{ readonly scripts: readonly Script[]; readonly isWhole: boolean } | undefined> {
    const naming = await this.namingFiles(isOpen, token);
    if (naming === undefined) return undefined;
    const texts = new Map(naming.texts);
    const own = this.places.uriOf(file);
    if (own !== undefined && !isOpen(own) && !texts.has(own)) {
      const text = await this.files.read(own);
      if (text !== undefined) texts.set(own, text);
    }
    const scripts = new OpenScripts(this.failures, false, this.clock.now, this.places);
    for (const [uri, text] of texts) {
      if (token.isCancellationRequested) return undefined;
      scripts.open(uri, 0, text);
      const document = scripts.get(uri)?.document;
      const isAround = document?.identity === file || new Set(document?.includedByAny()).has(file);
      if (!isAround) scripts.close(uri);
      await new Promise<void>((resolve) => this.clock.turn(resolve));
    }
    return { scripts: [...scripts.all()], isWhole: naming.isWhole };
  }

  private async lookAt(
    { uri, stamp }: ScriptFile,
    options: DiagnosticOptions & { readonly simulate: boolean },
    token: CancellationToken,
  ): Promise<Known | undefined> {
    const before = this.known.get(uri);
    if (before?.stamp === stamp) return before;
    const text = await this.files.read(uri);
    if (text === undefined) return undefined;
    const scripts = new OpenScripts(this.failures, options.simulate, this.clock.now, this.places);
    scripts.open(uri, 0, text);
    const script = scripts.get(uri);
    if (script === undefined) return undefined;
    const end = this.clock.now() + BUDGET;
    while (script.simulation?.advance(SLICE) === false && this.clock.now() < end && !token.isCancellationRequested)
      await new Promise<void>((resolve) => this.clock.turn(resolve));
    const symbols = workspaceSymbols([script], "");
    const id = `${stamp} ${++this.looks}`;
    const includes = new Set(script.document.includedByAny());
    const diagnostics = scriptDiagnostics(script, options);
    if (script.simulation?.complete === false)
      diagnostics.push(notRunToEnd(script.simulation.scriptRun?.nextLine ?? 0));
    const known = { stamp, id, includes, symbols, diagnostics };
    scripts.close(uri);
    if (!token.isCancellationRequested) this.known.set(uri, known);
    return known;
  }
}
