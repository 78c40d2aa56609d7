import { type ModelName, resolveModel } from "../../architecture/index.ts";
import { releasedModelNames, type Steps } from "../../emulator/index.ts";
import { type BoundSame, type ModelsDiffer, namesModel, type ScriptDocument, type Span } from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import { includedText } from "../flow/included-problem.ts";
import type { Prepare } from "../setup.ts";
import { NOTHING_DONE, type StatementResult } from "../statement-result.ts";
import type { Target } from "../target.ts";
import { differenceLines, type LineDifference } from "./line-difference.ts";
import { type BesideRun, type Besides, Lockstep, type NotCompared } from "./lockstep.ts";

/** Where a run stands that asks. */
interface Standing {
  /** How many lines it has behind it. */
  readonly place: number;
  /** Number of its machine, as {@link BesideRun.root}. */
  readonly root: number;
  readonly model: string;
}

/**
 * What the lines of a run come to on other models, for `expect same as`. The script is run beside it from its beginning, when a line asks
 * first, and from there to the next line that asks: so a script without such a line pays nothing.
 */
export class LinesBeside {
  private readonly document: ScriptDocument;
  private readonly prepare: Prepare["beside"];
  private readonly begin: (target: Target, prepare: Prepare) => BesideRun;
  /** By the models that are compared. */
  private readonly known = new Map<string, Lockstep>();

  /**
   * @param prepare makes the machines; absent: none can be made
   * @param begin begins a run of the script on its first machine; `prepare` makes those of machine blocks further down
   */
  constructor(
    document: ScriptDocument,
    prepare: Prepare["beside"],
    begin: (target: Target, prepare: Prepare) => BesideRun,
  ) {
    this.document = document;
    this.prepare = prepare;
    this.begin = begin;
  }

  /** Carries out a line that asks. It may be left at any time; what is compared then is compared again. */
  *expect({ others, message, models }: BoundSame, standing: Standing, whole: Span): Steps<StatementResult> {
    const { place, root, model } = standing;
    const compared = namedModels(others).filter((name) => name !== model);
    if (compared.length === 0 || (models !== undefined && !namesModel(models, model))) return NOTHING_DONE;
    const lockstep = yield* this.lockstepOf(compared, place);
    const found = "reason" in lockstep ? lockstep : yield* lockstep.upTo(place, root);
    if (found === undefined) return NOTHING_DONE;
    const prefix = message === undefined ? "" : `${message}: `;
    const problem =
      "reason" in found
        ? runErrors.notCompared(whole, prefix, others.join(" | "), found.reason)
        : runErrors.modelsDiffer(whole, prefix, others.join(" | "), this.told(found), differenceOf(found));
    return { ...NOTHING_DONE, problems: [problem] };
  }

  /** The run that asks has gone back, or its script has changed. @param place how many lines it has behind it now */
  backTo(place: number): void {
    for (const [key, lockstep] of this.known) if (!lockstep.backTo(place)) this.forget(key, lockstep);
  }

  private forget(key: string, lockstep: Lockstep): void {
    lockstep.dispose();
    this.known.delete(key);
  }

  private *lockstepOf(models: readonly ModelName[], place: number): Steps<Lockstep | NotCompared> {
    const key = models.join(" ");
    const known = this.known.get(key);
    if (known?.backTo(place) === true) return known;
    if (known !== undefined) this.forget(key, known);
    const sides: Besides[] = [];
    let kept = false;
    try {
      for (const model of [undefined, ...models]) {
        const made = this.beside(model);
        if ("reason" in made) return made;
        sides.push(made);
        // A machine is long to make.
        yield;
      }
      kept = true;
    } finally {
      if (!kept) for (const { release } of sides) release();
    }
    const lockstep = new Lockstep(this.document, sides);
    this.known.set(key, lockstep);
    return lockstep;
  }

  /** A run on another model or, without one, on the script's own. */
  private beside(model: ModelName | undefined): Besides | NotCompared {
    const made = this.prepare?.(model);
    if (made === undefined) return { reason: "the run begins on a saved machine, which no other model has" };
    const { prepare, release } = made;
    const prepared = prepare(this.document.machine);
    if ("target" in prepared) return { run: this.begin(prepared.target, prepare), release };
    release();
    return { reason: `${model ?? "the script's own model"} has no such machine: ${prepared.failure}` };
  }

  /** `line 3 comes to done on kvm-7.2, to MAPTI_ID_OOR on arch`. */
  private told(difference: LineDifference): string {
    const { line, at } = difference;
    const place = at === undefined ? `line ${line + 1}` : `${includedText(at)} (line ${line + 1})`;
    return `${place} comes to: ${differenceLines({ ...difference, parts: false }).join("; ")}`;
  }
}

/** Models that words name: of released ones all that are called so, of drafts the one with this name. */
function namedModels(words: readonly string[]): ModelName[] {
  const released = releasedModelNames.filter((name) => namesModel(words, name));
  const exact = words.flatMap((word) => resolveModel(word) ?? []);
  return [...new Set([...released, ...exact])];
}

/** The first answer, which is the script's own, and the first one that is another. */
function differenceOf({ line, answers }: LineDifference): ModelsDiffer {
  const [own] = answers;
  const other = answers.find(({ answer }) => answer !== own.answer) ?? own;
  const { model, answer } = own;
  return {
    kind: "models-differ",
    line,
    model,
    answer: bounded(answer),
    other: other.model,
    otherAnswer: bounded(other.answer),
  };
}

/** Characters of an answer that data of a diagnostic may have. */
const LONGEST_ANSWER = 100;

function bounded(answer: string): string {
  return answer.length <= LONGEST_ANSWER ? answer : `${answer.slice(0, LONGEST_ANSWER - 1)}…`;
}
