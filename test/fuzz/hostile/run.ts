import { Random } from "../random.ts";
import { type Fault, faultOf, type Kind, signature } from "./kind.ts";
import { minimise } from "./minimise.ts";

export interface Plan {
  readonly kind: Kind;
  readonly seed: number;
  readonly firstCase: number;
  readonly cases: number;
  /** Ends the run after that many seconds, whatever is left. */
  readonly seconds: number;
  /** Ends the run when so many different faults were found. */
  readonly faults: number;
}

/** Who is told what happens. */
export interface Watcher {
  /** A case begins. */
  readonly began: (number: number) => void;
  readonly found: (fault: Fault) => void;
}

const nobody: Watcher = { began: () => undefined, found: () => undefined };

export interface RunEnd {
  /** Cases that ran. */
  readonly cases: number;
  readonly faults: readonly Fault[];
}

/** Longest time of one case, in seconds; most take a few milliseconds. */
const MOST_SECONDS = 20;

/** Random numbers of a case; each kind and case has a sequence of its own. */
export function randomOf(kind: Kind, seed: number, number: number): Random {
  const salt = [...kind.name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0);
  return new Random((seed ^ salt) >>> 0, number);
}

/** A case of a seed. */
export function caseOf(kind: Kind, seed: number, number: number): readonly string[] {
  return kind.generate(randomOf(kind, seed, number));
}

/** Runs cases until there are no more, time is over, or enough faults were found. */
export async function run(plan: Plan, watcher = nobody): Promise<RunEnd> {
  const { kind, seed, firstCase } = plan;
  const end = performance.now() + plan.seconds * 1000;
  const faults = new Map<string, Fault>();
  let number = firstCase;
  for (; number < firstCase + plan.cases && performance.now() < end && faults.size < plan.faults; number++) {
    watcher.began(number);
    const parts = caseOf(kind, seed, number);
    const what = await timed(kind, parts);
    if (what === undefined) continue;
    const about = signature(what);
    if (faults.has(about)) continue;
    const shows = async (candidate: readonly string[]): Promise<boolean> =>
      signature((await timed(kind, candidate)) ?? "") === about;
    const fault: Fault = { kind: kind.name, seed, number, what, parts: await minimise(parts, shows) };
    faults.set(about, fault);
    watcher.found(fault);
  }
  return { cases: number - firstCase, faults: [...faults.values()] };
}

async function timed(kind: Kind, parts: readonly string[]): Promise<string | undefined> {
  // What the processor has done for it: on a busy machine the clock goes on while a case waits.
  const start = process.cpuUsage();
  const what = await faultOf(() => kind.check(parts));
  if (what !== undefined) return what;
  const { user, system } = process.cpuUsage(start);
  return user + system > MOST_SECONDS * 1e6 ? `A case takes more than ${MOST_SECONDS} s.` : undefined;
}
