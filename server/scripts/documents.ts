import type { TextDocumentContentChangeEvent } from "vscode-languageserver";
import { MemoryBudget } from "../../emulator/index.ts";
import { ScriptDocument, type TextChange } from "../../language/index.ts";
import { type RunBounds, Simulation } from "../../runner/index.ts";
import { type Failures, failureCodes } from "../failures.ts";
import { editorFirst, type IncludeFiles } from "./include-files.ts";
import type { Script } from "./script.ts";

/** The open scripts. Each is kept up to date by its changes; a failure with one closes that one and touches no other. */
export class OpenScripts {
  private readonly scripts = new Map<string, OpenScript>();
  private readonly failures: Failures;
  private readonly now: () => number;
  private simulate: boolean;
  private readonly memory = new MemoryBudget(SERVER_BYTES);
  private readonly files: IncludeFiles | undefined;
  /** URIs of the workspace folders. Scripts that are open already keep those that there were. */
  folders: readonly string[] = [];

  /** @param now a clock in milliseconds @param files those that scripts may include; absent: there are none */
  constructor(failures: Failures, simulate: boolean, now: () => number, files?: IncludeFiles) {
    this.failures = failures;
    this.simulate = simulate;
    this.now = now;
    this.files = files;
  }

  get(uri: string): Script | undefined {
    return this.scripts.get(uri);
  }

  all(): Iterable<Script> {
    return this.scripts.values();
  }

  /** Opens a script, or opens it anew. */
  open(uri: string, version: number, text: string): void {
    this.close(uri);
    this.guard(uri, () => {
      const place = this.files?.place(uri, this.folders);
      const files = place && editorFirst(place.files, (file) => this.textOf(file));
      const document = new ScriptDocument(text, new Map(), place && files && { file: place.file, files });
      const script = new OpenScript(uri, version, document, this.files);
      script.setSimulation(this.simulate, this.now, this.memory);
      this.scripts.set(uri, script);
    });
  }

  /** The text of a file that is open in the editor. @param file its identity */
  private textOf(file: string): string | undefined {
    for (const { document } of this.scripts.values()) if (document.place.file === file) return document.text;
    return undefined;
  }

  /** The open scripts that include a file. @param uri of the file */
  including(uri: string): string[] {
    const file = this.files?.place(uri, this.folders)?.file;
    if (file === undefined) return [];
    const all = [...this.scripts.values()];
    return all.flatMap((one) => ([...one.document.includedByAny()].includes(file) ? [one.uri] : []));
  }

  /**
   * Files, or what the editor has of them, may be others: looks at those that scripts include.
   * @param uris of the scripts; absent: all @returns URIs of the scripts that mean something else
   */
  refreshIncludes(uris: ReadonlySet<string> | undefined): string[] {
    const changed: string[] = [];
    for (const script of [...this.scripts.values()]) {
      if (uris?.has(script.uri) === false) continue;
      this.guard(script.uri, () => {
        const update = script.document.refreshIncludes();
        if (update === undefined) return;
        changed.push(script.uri);
        if (script.simulation === undefined) script.setSimulation(this.simulate, this.now, this.memory);
        else script.simulation.changed([], update.firstLine);
      });
    }
    return changed;
  }

  /** Applies changes in their order. Unknown scripts are left alone: the protocol has them opened first. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
    const script = this.scripts.get(uri);
    if (script === undefined) return;
    this.guard(uri, () => {
      // A change without a range is the whole text: what came before it is gone.
      const whole = changes.findLastIndex((change) => !("range" in change));
      if (whole >= 0) {
        this.open(uri, version, changes[whole].text);
        this.update(this.scripts.get(uri), version, changes.slice(whole + 1));
      } else {
        this.update(script, version, changes);
      }
    });
  }

  private update(
    script: OpenScript | undefined,
    version: number,
    changes: readonly TextDocumentContentChangeEvent[],
  ): void {
    if (script === undefined) return;
    const list = changes.map(textChange);
    script.version = version;
    if (list.length === 0) return;
    const { firstLine } = script.document.update(list);
    if (script.simulation === undefined) {
      script.setSimulation(this.simulate, this.now, this.memory);
      return;
    }
    try {
      script.simulation.changed(list, firstLine);
    } catch (error) {
      this.stopRunning(script.uri);
      this.failures.report(failureCodes.run, `the run of ${script.uri}`, error);
    }
  }

  close(uri: string): void {
    this.scripts.get(uri)?.setSimulation(false, this.now, this.memory);
    this.scripts.delete(uri);
  }

  /** Turns running of all scripts on or off. */
  setSimulate(simulate: boolean): void {
    if (simulate === this.simulate) return;
    this.simulate = simulate;
    for (const script of this.scripts.values()) script.setSimulation(simulate, this.now, this.memory);
  }

  /** Gives up running a script after a failure inside; what reading it finds is still told. It runs again when it changes. */
  stopRunning(uri: string): void {
    this.scripts.get(uri)?.setSimulation(false, this.now, this.memory);
  }

  /** Forgets a script whose state cannot be relied on any more; it comes back when it is opened again. */
  private guard(uri: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.close(uri);
      this.failures.report(failureCodes.document, `the update of ${uri}`, error);
    }
  }
}

/** Bytes of memory that the machines of one script, and of all open scripts together, may hold while they are checked. */
const SCRIPT_BYTES = 256 * 2 ** 20;
const SERVER_BYTES = 2 ** 30;
/** Changes of a machine that can be taken back: 32 MiB of them, taken back in well below a tenth of a second. */
const JOURNAL_CHANGES = 4 * 2 ** 20;

class OpenScript implements Script {
  readonly uri: string;
  version: number;
  readonly document: ScriptDocument;
  simulation: Simulation | undefined;

  private readonly files: IncludeFiles | undefined;

  constructor(uri: string, version: number, document: ScriptDocument, files: IncludeFiles | undefined) {
    this.uri = uri;
    this.version = version;
    this.document = document;
    this.files = files;
  }

  uriOf(file: string): string | undefined {
    return this.files?.uriOf(file);
  }

  setSimulation(on: boolean, now: () => number, memory: MemoryBudget): void {
    this.simulation?.dispose();
    const bounds = (): RunBounds => {
      const budget = new MemoryBudget(SCRIPT_BYTES, memory);
      return { budget, journalLimit: JOURNAL_CHANGES, release: () => budget.release() };
    };
    this.simulation = on ? new Simulation(this.document, now, bounds) : undefined;
  }
}

function textChange(change: TextDocumentContentChangeEvent): TextChange {
  if (!("range" in change)) throw new TypeError("A change of the whole text has no range.");
  const { start, end } = change.range;
  return {
    start: { line: start.line, column: start.character },
    end: { line: end.line, column: end.character },
    text: change.text,
  };
}
