import type { ModelName } from "../../../architecture/index.ts";
import { type Mark, modelByName, modelNames, releasedModelNames } from "../../../emulator/index.ts";
import { digestOf } from "../../emulator/machine-state.ts";
import { type Answer, Player } from "./player.ts";
import { makes, type Step } from "./steps.ts";

const kvmNames = modelNames.filter((name) => "kvm" in modelByName(name));
const kernels = kvmNames.filter((name) => releasedModelNames.includes(name));
/** Models of KVM that are no kernel's. They differ in their ITS alone, so a stream is played on one of them. */
export const draftNames = kvmNames.filter((name) => !kernels.includes(name));

/** The models that a stream is played on: those of kernels, and those that it names. */
export function modelsOf(steps: readonly Step[]): readonly ModelName[] {
  const named = steps.flatMap((step) => (step.op === "model" ? [step.name] : []));
  return [...kernels, ...draftNames.filter((name) => named.includes(name))];
}

/** Steps from one digest of the machine to the next: a digest reads all of its memory. */
const MARK_EVERY = 24;

/** What a stretch of steps between two that make something came to. */
interface Stretch {
  readonly answers: readonly (Answer | undefined)[];
  readonly end: string;
}

/**
 * Plays a stream on a model: as it is, again after every stretch was taken back, and on a machine without a journal. Answers and all words
 * of the machines have to be the same.
 * @returns the first difference
 */
export function checkStream(model: ModelName, steps: readonly Step[]): string | undefined {
  const logged = new Player(model, true);
  const bare = new Player(model, false);
  for (let at = 0; at < steps.length; ) {
    const next = steps.findIndex((step, index) => index > at && makes(step));
    const end = next < 0 ? steps.length : next;
    if (steps[at].op === "model") {
      at++;
      continue;
    }
    const difference = checkStretch(logged, bare, steps.slice(at, end));
    if (difference === "crash") return undefined;
    if (difference !== undefined) return `${model}: ${difference}`;
    at = end;
  }
  return undefined;
}

/** @param steps the first one may make something @returns a difference, or `crash` where the host's kernel would go no further */
function checkStretch(logged: Player, bare: Player, steps: readonly Step[]): string | undefined {
  const made = logged.play(steps[0]);
  const other = bare.play(steps[0]);
  if (made?.text !== other?.text) return different("without a journal", steps[0], made, other);
  if (made?.crash) return "crash";
  const { journal } = logged;
  if (journal === undefined) return undefined;
  const rest = steps.slice(1);
  const marks: { readonly mark: Mark; readonly digest: string }[] = [];
  const first = playAll(logged, rest, (index) => {
    if (index % MARK_EVERY === 0) marks.push({ mark: journal.mark(), digest: digestOf({ journal }) });
  });
  for (const { mark, digest } of marks.reverse()) {
    if (!journal.rewind(mark)) return "the journal does not reach back";
    if (digestOf({ journal }) !== digest) return `rewinding leaves a trace of ${rest.length} steps`;
  }
  const again = playAll(logged, rest);
  const plain = playAll(bare, rest);
  for (const [name, stretch] of [
    ["rewound", again],
    ["without a journal", plain],
  ] as const) {
    const at = stretch.answers.findIndex((answer, index) => answer?.text !== first.answers[index]?.text);
    if (at >= 0) return different(name, rest[at], first.answers[at], stretch.answers[at]);
    if (stretch.end !== first.end) return `${name}, the machine ends in another state`;
  }
  return first.answers.at(-1)?.crash ? "crash" : undefined;
}

/** Plays steps up to one at which the host would crash. @param before told of each */
function playAll(player: Player, steps: readonly Step[], before?: (index: number) => void): Stretch {
  const answers: (Answer | undefined)[] = [];
  for (const [index, step] of steps.entries()) {
    before?.(index);
    answers.push(player.play(step));
    if (answers.at(-1)?.crash) break;
  }
  const { journal } = player;
  return { answers, end: journal === undefined ? "" : digestOf({ journal }) };
}

function different(how: string, { op }: Step, first: Answer | undefined, second: Answer | undefined): string {
  return `${how}, ${op} answers ${second?.text ?? "nothing"}, not ${first?.text ?? "nothing"}`;
}
