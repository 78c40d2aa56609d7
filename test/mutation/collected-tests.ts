// Stands in for node:test in test/mutation/worker.ts: tests are collected, to be run as often as there are mutants.

/** A test that a file has declared. */
export interface CollectedTest {
  /** File, groups and name; unique. */
  readonly id: string;
  /** From the project's root. */
  readonly file: string;
  /** What precedes the test, from the outer groups to the inner, and the test itself. */
  readonly steps: readonly Step[];
}

type Step = () => unknown;

interface Group {
  readonly names: readonly string[];
  readonly beforeEach: Step[];
}

/** All that have been declared until now, in order. */
export const collected: CollectedTest[] = [];

const seen = new Map<string, number>();
let groups: Group[] = [];
let file = "";

/** Says which file declares what is declared from now on. */
export function beginFile(name: string): void {
  file = name;
  groups = [{ names: [name], beforeEach: [] }];
}

/** Forgets all tests, before their files are loaded again. */
export function forget(): void {
  collected.length = 0;
  seen.clear();
}

/** A group of tests, as in node:test. */
export function describe(name: string, body: () => void): void {
  const outer = groups;
  groups = [...outer, { names: [...innermost().names, name], beforeEach: [] }];
  body();
  groups = outer;
}

/** A test, as in node:test. Options are passed over: none of them says what is tested. */
export function test(name: string, ...rest: readonly unknown[]): void {
  const body = rest.at(-1) as Step;
  const plain = [...innermost().names, name].join(" > ");
  const times = seen.get(plain) ?? 0;
  seen.set(plain, times + 1);
  const within = groups;
  // Hooks may be declared below the test.
  const before: Step = async () => {
    for (const step of within.flatMap(({ beforeEach }) => beforeEach)) await step();
  };
  collected.push({ id: times === 0 ? plain : `${plain} (${times + 1})`, file, steps: [before, body] });
}

/** A step before each test of the group, as in node:test. */
export function beforeEach(step: Step): void {
  innermost().beforeEach.push(step);
}

export const it = test;
export default test;

function innermost(): Group {
  const group = groups.at(-1);
  if (group === undefined) throw new Error("a test is declared outside of a file");
  return group;
}
