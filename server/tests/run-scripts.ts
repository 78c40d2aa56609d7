import type { ModelName } from "../../architecture/index.ts";
import { ScriptDocument } from "../../language/index.ts";
import { includedText, LineCoverage, type LineDone, testing, toldLine } from "../../runner/index.ts";
import type { CoveredFile, RunTestsAnswer, TestEvent, TestScript } from "../tests-protocol.ts";
import type { ScriptPlaces } from "../workspace/script-places.ts";
import { MergedCoverage } from "./merged-coverage.ts";
import { type PlaceNames, toldTest } from "./told-test.ts";

/** Lines of one script that are printed; more are counted. */
const MOST_OUTPUT = 500;

/** What is run. */
export interface ScriptsToTest {
  readonly scripts: readonly TestScript[];
  readonly model?: ModelName | undefined;
  readonly coverage: boolean;
}

/** Where tests run, and who is told. */
export interface TestSurroundings {
  readonly places: ScriptPlaces;
  /** A clock in milliseconds. */
  readonly now: () => number;
  readonly tell: (event: TestEvent) => void;
  /** Is told of what fails inside; the other scripts are run all the same. */
  readonly failed: (work: string, error: unknown) => void;
}

/** Runs scripts one after another, some milliseconds at a time. Between two stretches it may be left. */
export function* runScripts(
  { scripts, model, coverage }: ScriptsToTest,
  around: TestSurroundings,
): Generator<void, RunTestsAnswer> {
  const merged = new MergedCoverage();
  for (const [script, one] of scripts.entries()) {
    const tell = (event: WithoutScript) => around.tell({ script, ...event } as TestEvent);
    tell({ kind: "begun" });
    let includes: readonly string[] = [];
    let refusal: string | undefined;
    try {
      const done = yield* runScript(one, { model, coverage }, tell, around);
      ({ includes, refusal } = done);
      for (const file of done.coverage) merged.add(file);
    } catch (error) {
      around.failed(`the tests of ${one.uri}`, error);
      refusal = "GIC Workbench failed inside while running it; its log (Output: GIC Workbench) has the details.";
    }
    tell({ kind: "done", includes, ...(refusal === undefined ? {} : { refusal }) });
  }
  return { coverage: merged.files() };
}

/** An event, before it is said of which script. */
type WithoutScript = TestEvent extends infer One ? (One extends TestEvent ? Omit<One, "script"> : never) : never;

interface ScriptTested {
  readonly includes: readonly string[];
  readonly coverage: readonly CoveredFile[];
  readonly refusal?: string | undefined;
}

function* runScript(
  { uri, name, text, only }: TestScript,
  { model, coverage }: Omit<ScriptsToTest, "scripts">,
  tell: (event: WithoutScript) => void,
  { places, now }: TestSurroundings,
): Generator<void, ScriptTested> {
  const document = new ScriptDocument(text, undefined, places.of(uri));
  if (document.refusal !== undefined) return { includes: [], coverage: [], refusal: document.refusal.message };
  const names: PlaceNames = { uri, document, uriOf: (file) => places.uriOf(file) };
  const counted = coverage ? new LineCoverage(document) : undefined;
  const told = new Set<number>();
  const print = printing(name, tell);
  const results = yield* testing(document, {
    model,
    onlyTest: only,
    now,
    ran(done) {
      counted?.ran(done);
      print(done);
    },
    ended(result) {
      told.add(result.line);
      tell(toldTest(result, names));
    },
  });
  for (const result of results) {
    const isOthers = only !== undefined && result.title !== undefined && result.title !== only;
    const isTold = result.title !== undefined && told.has(result.line);
    if (!isOthers && !isTold) tell(toldTest(result, names));
  }
  const files = (counted?.files() ?? []).flatMap(({ file, ...lines }) => {
    const of = file === undefined ? uri : names.uriOf(file);
    return of === undefined ? [] : [{ uri: of, ...lines }];
  });
  const includes = [...document.includedByAny()].flatMap((file) => places.uriOf(file) ?? []);
  return { includes, coverage: files };
}

/** Tells what lines show: `a.itscmd:12: GITS_CREADR = 0x20`. */
function printing(name: string, tell: (event: WithoutScript) => void): (done: LineDone) => void {
  let count = 0;
  return ({ line, at, result }) => {
    const shown = toldLine(result, { plain: true });
    if (shown === undefined || ++count > MOST_OUTPUT + 1) return;
    const place = `${name}:${line + 1}: ${at === undefined ? "" : `${includedText(at)}: `}`;
    const text = count > MOST_OUTPUT ? `${name}: further lines that it prints are not shown.` : `${place}${shown}`;
    tell({ kind: "output", line, text });
  };
}
