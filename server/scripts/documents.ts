import type { TextDocumentContentChangeEvent } from "vscode-languageserver";
import { MemoryBudget } from "../../emulator/index.ts";
import { defaultRuleSettings, type RuleSettings, ScriptDocument, type TextChange } from "../../language/index.ts";
import { type RunBounds, Simulation } from "../../runner/index.ts";
import { type Failures, failureCodes } from "../failures.ts";
import { fromClient, type PositionEncoding } from "../protocol/position-encoding.ts";
import type { Settings } from "../settings.ts";
import { ScriptPlaces } from "../workspace/script-places.ts";
import { PortableHints } from "./portable-hints.ts";
import type { Script } from "./script.ts";

/** The open scripts. Each is kept up to date by its changes; a failure with one closes that one and touches no other. */
export class OpenScripts {
  private readonly scripts = new Map<string, OpenScript>();
  private readonly failures: Failures;
  private readonly now: () => number;
  private simulate: boolean;
  private rules: RuleSettings = defaultRuleSettings;
  private readonly memory = new MemoryBudget(SERVER_BYTES);
  /** How the client counts columns. */
  encoding: PositionEncoding = "utf-16";
  /** Is told of each script that is given up because its text cannot be relied on any more. */
  dropped: (uri: string) => void = () => undefined;

  private readonly places: ScriptPlaces;

  /** @param now a clock in milliseconds @param places what scripts know of files; absent: there are none */
  constructor(failures: Failures, simulate: boolean, now: () => number, places = new ScriptPlaces()) {
    this.failures = failures;
    this.simulate = simulate;
    this.now = now;
    this.places = places;
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
      const script = new OpenScript(
        uri,
        version,
        new ScriptDocument(text, undefined, this.places.of(uri)),
        this.places,
      );
      this.runAnew(script);
      this.scripts.set(uri, script);
    });
  }

  /** The text of a file that is open in the editor. @param file its identity */
  textOf(file: string): string | undefined {
    for (const { document } of this.scripts.values()) if (document.place.file === file) return document.text;
    return undefined;
  }

  /** The texts of all files that are open in the editor, by their identities. */
  *openTexts(): Generator<{ readonly file: string; readonly text: string }> {
    for (const { document } of this.scripts.values()) {
      const { file } = document.place;
      if (file !== "") yield { file, text: document.text };
    }
  }

  /** The open scripts that include a file. @param uri of the file */
  including(uri: string): string[] {
    const file = this.places.identityOf(uri);
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
        this.runOn(script, [], update.firstLine);
      });
    }
    return changed;
  }

  /** Files that scripts have read may be others: reads and runs all scripts anew. @returns their URIs */
  readAnew(): string[] {
    const all = [...this.scripts.values()];
    for (const { uri, version, document } of all) this.open(uri, version, document.text);
    return all.map(({ uri }) => uri);
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
    script.version = version;
    if (changes.length === 0) return;
    const { list, firstLine } = this.apply(script, changes);
    this.runOn(script, list, firstLine);
  }

  /** Runs a script on from the first line that means something else. */
  private runOn(script: OpenScript, list: readonly TextChange[], firstLine: number): void {
    if (script.simulation === undefined) {
      this.runAnew(script);
      return;
    }
    script.portable?.restart();
    try {
      script.simulation.changed(list, firstLine);
    } catch (error) {
      this.stopRunning(script.uri);
      this.failures.report(failureCodes.run, `the run of ${script.uri}`, error);
    }
  }

  /** Changes the text, one change after another where columns have to be counted again in each text between two. */
  private apply(
    { uri, document }: OpenScript,
    changes: readonly TextDocumentContentChangeEvent[],
  ): { readonly list: readonly TextChange[]; readonly firstLine: number } {
    if (this.encoding === "utf-16") {
      const list = changes.map(textChange);
      return { list, firstLine: document.update(list).firstLine };
    }
    const lines = () => (line: number) => document.lines[line]?.text;
    const list: TextChange[] = [];
    let first = Number.MAX_SAFE_INTEGER;
    for (const change of changes) {
      const converted = textChange(fromClient(change, uri, this.encoding, lines));
      list.push(converted);
      first = Math.min(first, document.update([converted]).firstLine);
    }
    return { list, firstLine: first };
  }

  /** Gives up a script whose text is out of step with the editor's; it comes back when it is opened again. */
  drop(uri: string): void {
    if (!this.scripts.has(uri)) return;
    this.close(uri);
    this.dropped(uri);
  }

  close(uri: string): void {
    this.runAnew(this.scripts.get(uri), false);
    this.scripts.delete(uri);
  }

  /** Turns running of all scripts on or off, and has them run by other severities of rules. */
  configure({ simulate, rules }: Pick<Settings, "simulate" | "rules">): void {
    if (simulate === this.simulate && areEqual(rules, this.rules)) return;
    this.simulate = simulate;
    this.rules = rules;
    for (const script of this.scripts.values()) this.runAnew(script);
  }

  private runAnew(script: OpenScript | undefined, simulate = this.simulate): void {
    script?.setSimulation(simulate, this.now, this.memory, this.rules);
  }

  /** Gives up running a script after a failure inside; what reading it finds is still told. It runs again when it changes. */
  stopRunning(uri: string): void {
    this.runAnew(this.scripts.get(uri), false);
  }

  /** Forgets a script whose state cannot be relied on any more; it comes back when it is opened again. */
  private guard(uri: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.close(uri);
      this.dropped(uri);
      this.failures.report(failureCodes.document, `the update of ${uri}`, error);
    }
  }
}

function areEqual(one: RuleSettings, other: RuleSettings): boolean {
  return one.size === other.size && [...one].every(([rule, level]) => other.get(rule) === level);
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
  portable: PortableHints | undefined;

  private readonly places: ScriptPlaces;

  constructor(uri: string, version: number, document: ScriptDocument, places: ScriptPlaces) {
    this.uri = uri;
    this.version = version;
    this.document = document;
    this.places = places;
  }

  uriOf(file: string): string | undefined {
    return this.places.uriOf(file);
  }

  setSimulation(on: boolean, now: () => number, memory: MemoryBudget, rules: RuleSettings): void {
    this.simulation?.dispose();
    this.portable?.dispose();
    this.portable = on ? new PortableHints(this.document, rules, memory) : undefined;
    const bounds = (): RunBounds => {
      const budget = new MemoryBudget(SCRIPT_BYTES, memory);
      return { budget, journalLimit: JOURNAL_CHANGES, release: () => budget.release() };
    };
    this.simulation = on ? new Simulation(this.document, now, bounds, rules) : undefined;
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
