import { MemoryBudget } from "../../emulator/index.ts";
import {
  allowedBy,
  asSet,
  type LineDiagnostic,
  type RuleSettings,
  rules,
  type ScriptDocument,
  statementSpan,
} from "../../language/index.ts";
import { differenceLines, PortableCheck } from "../../runner/index.ts";

/** Lines of a script that is compared while it is edited; every keystroke begins anew, on every model. */
const MOST_LINES = 2000;
/** Hints of one script that are kept. */
const MOST_HINTS = 200;
/** Milliseconds of work on one text. A line is not divided, so fills and the like may take some more. */
const MOST_MS = 5000;

/** "Differs between models" as hints: the script is run on every model, in slices, when everything else is done. */
export class PortableHints {
  private readonly document: ScriptDocument;
  private readonly settings: RuleSettings;
  private readonly parent: MemoryBudget;
  private check: PortableCheck | undefined;
  private found: LineDiagnostic[] = [];
  private spent = 0;
  private done = false;

  /** @param parent counts the memory of the machines */
  constructor(document: ScriptDocument, settings: RuleSettings, parent: MemoryBudget) {
    this.document = document;
    this.settings = settings;
    this.parent = parent;
    this.restart();
  }

  get complete(): boolean {
    return this.done;
  }

  /** What is known of the present text; nothing until every line is compared. */
  get hints(): readonly LineDiagnostic[] {
    return this.done ? this.found : [];
  }

  /** The text has changed: what was found is of another one. */
  restart(): void {
    this.dispose();
    this.found = [];
    this.spent = 0;
    const { lines, refusal } = this.document;
    this.done =
      this.settings.get(rules.differsBetweenModels.code) === "off" ||
      refusal !== undefined ||
      lines.length > MOST_LINES;
  }

  dispose(): void {
    this.check?.dispose();
    this.check = undefined;
  }

  /** Compares lines for about so many milliseconds. @returns whether that was the last of them */
  advance(budget: number, now: () => number): boolean {
    if (this.done) return true;
    const begun = now();
    this.check ??= new PortableCheck(this.document, undefined, new MemoryBudget(2 ** 29, this.parent));
    const { check } = this;
    while (!check.complete && now() - begun < budget) {
      const difference = check.step();
      if (difference === undefined) continue;
      const { line } = difference;
      const place = statementSpan(this.document.lines[line]);
      const hint = asSet(rules.differsBetweenModels(place, differenceLines(difference).join("; ")), this.settings);
      if (hint !== undefined && allowedBy(this.document.lines, line, hint.code) === undefined)
        this.found.push({ ...hint, line });
      if (this.found.length >= MOST_HINTS) break;
    }
    this.spent += now() - begun;
    this.done = check.complete || this.spent > MOST_MS || this.found.length >= MOST_HINTS;
    if (this.done) this.dispose();
    return this.done;
  }
}
