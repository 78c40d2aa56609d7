import {
  type Diagnostic,
  defaultRuleSettings,
  keptOf,
  type RuleSettings,
  rules,
  type ScriptDocument,
  type ScriptPart,
  unusedAllowances,
} from "../../language/index.ts";
import type { TargetStateReader } from "../state-reader.ts";
import type { StatementResult } from "../statement-result.ts";
import type { Target } from "../target.ts";
import { RuleWatch } from "./rule-watch.ts";

/** Numbers of a moment of a run: machines, how far the watch of the last one was, and what comments had silenced. */
const OF_A_MOMENT = 3;

/** The rules of a script while it runs on its machines: what breaks them, what comments and settings make of that, back and forth in time. */
export class RunRules {
  private readonly document: ScriptDocument;
  private readonly settings: RuleSettings;
  private readonly watches: RuleWatch[] = [];
  /** The moment at which each entry of the run's history began. */
  private readonly moments: number[] = [];
  /** What comments have silenced, in the order of the run. */
  private readonly silenced: { readonly by: number; readonly id: string }[] = [];

  constructor(document: ScriptDocument, settings: RuleSettings = defaultRuleSettings) {
    this.document = document;
    this.settings = settings;
  }

  /** A machine begins. */
  watch(target: Target, state: TargetStateReader): RuleWatch {
    const watch = new RuleWatch(target, state);
    this.watches.push(watch);
    return watch;
  }

  /** A machine goes on that was there before, behind a test. @param place its place among those that have begun or gone on */
  again(place: number): void {
    this.watches.push(this.watches[place]);
  }

  /** The machine is brought to another moment, or to what another one is. */
  registersMayChange(): void {
    this.watches.at(-1)?.registersMayChange();
  }

  /** An entry of the run's history begins. @param entry its number */
  begins(entry: number): void {
    const { watches, moments, silenced } = this;
    watches.at(-1)?.forget();
    // Going forwards there is nothing to forget, and to set a length costs more than to push.
    const end = entry * OF_A_MOMENT;
    if (moments.length > end) moments.length = end;
    moments.push(watches.length, watches.at(-1)?.now ?? 0, silenced.length);
  }

  /**
   * What is left of what a line did when comments and settings are looked at; a rule that is set to error makes a problem.
   * @param at the line and what it is of, the script or a file that it includes: comments there count
   */
  settle(
    { part, line }: { readonly part: ScriptPart; readonly line: number },
    result: StatementResult,
  ): StatementResult {
    if (result.remarks === undefined) return result;
    const { kept, silenced } = keptOf(result.remarks, part.lines, line, this.settings);
    // Whether those of an included file are needed is told where that file is looked at itself.
    if (part === this.document) this.silenced.push(...silenced);
    const isError = ({ severity }: Diagnostic): boolean => severity === "error";
    const { remarks: _, ...plain } = result;
    const raised = kept.filter(isError);
    const remarks = kept.filter((remark) => !isError(remark));
    const problems = raised.length === 0 ? result.problems : [...result.problems, ...raised];
    return remarks.length === 0 ? { ...plain, problems } : { ...plain, problems, remarks };
  }

  /** Forgets an entry of the run's history, and those behind it. */
  takeBackTo(entry: number): void {
    const { moments, watches } = this;
    const at = entry * OF_A_MOMENT;
    if (at >= moments.length) return;
    const [machines, time, silenced] = moments.slice(at, at + OF_A_MOMENT);
    // A machine that went on behind a test is taken back with what it did there, to where it was first.
    if (watches.length > machines) {
      const first = new Map<RuleWatch, number>();
      for (let behind = moments.length - OF_A_MOMENT; behind > at; behind -= OF_A_MOMENT) {
        const watch = watches[moments[behind] - 1];
        if (watch !== undefined) first.set(watch, moments[behind + 1]);
      }
      for (const [watch, then] of first) watch.takeBackTo(then);
      watches.length = machines;
    }
    moments.length = at;
    watches.at(-1)?.takeBackTo(time);
    this.silenced.length = silenced;
  }

  /** Comments that allow what did not happen, when every line has run; at most so many. */
  unused(most: number): { readonly line: number; readonly remark: Diagnostic }[] {
    const used = new Set(this.silenced.map(({ by, id }) => `${by} ${id}`));
    const list: { readonly line: number; readonly remark: Diagnostic }[] = [];
    // Whether models differ is not looked at here.
    const isUsed = (line: number, id: string): boolean =>
      id === rules.differsBetweenModels.code || used.has(`${line} ${id}`);
    for (const found of unusedAllowances(this.document.lines, isUsed, this.settings)) {
      if (list.length >= most) break;
      list.push(found);
    }
    return list;
  }
}
