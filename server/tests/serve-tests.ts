import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  ProgressType,
  type RequestHandler,
  ResponseError,
} from "vscode-languageserver";
import { modelWords, resolveModel } from "../../architecture/index.ts";
import { type Failures, failureCodes } from "../failures.ts";
import { cancelled, invalid } from "../protocol/connection-options.ts";
import { member } from "../protocol/message-shape.ts";
import type { Clock } from "../scripts/publisher.ts";
import {
  type FindTestsAnswer,
  type FoundTests,
  findTestsRequest,
  type RunTestsAnswer,
  runTestsRequest,
  type TestEvent,
  type TestScript,
} from "../tests-protocol.ts";
import { findTests } from "./find-tests.ts";
import type { OpenText, RunTests } from "./test-runs.ts";

/** Texts that are read before requests are answered in between, in ms. */
const SLICE_MS = 12;

const progress = new ProgressType<readonly TestEvent[]>();

/** What tests run among. */
export interface TestsContext {
  readonly connection: Connection;
  readonly failures: Failures;
  readonly clock: Clock;
  readonly run: RunTests;
  folders(): readonly string[];
  /** The texts that stand in the editor. */
  open(): Iterable<OpenText>;
}

/** Answers the requests about tests. */
export function serveTests({ connection, failures, clock, run, folders, open }: TestsContext): void {
  const find: RequestHandler<unknown, FindTestsAnswer, void> = async (params, token) => {
    const texts = member(params, "texts");
    if (!Array.isArray(texts) || !texts.every((text) => typeof text === "string"))
      return invalid("The request has no 'texts'.");
    return (await findIn(texts, clock, failures, token)) ?? cancelled();
  };
  connection.onRequest(findTestsRequest, find);

  const answer: RequestHandler<unknown, RunTestsAnswer, void> = async (params, token) => {
    const asked = testsIn(params);
    if (typeof asked === "string") return invalid(asked);
    const { partialResultToken, ...wanted } = asked;
    const tell = (events: readonly TestEvent[]) =>
      void connection.sendProgress(progress, partialResultToken, events).catch((error: unknown) => {
        connection.console.warn(`tests: ${String(error)}`);
      });
    const failed = (work: string, error: unknown) => failures.report(failureCodes.request, work, error);
    // Texts of the editor count where a file can be read at all.
    const names = wanted.scripts.some(({ text }) => /^[ \t]*(?:include|load)\b/m.test(text));
    try {
      const question = { ...wanted, folders: folders(), open: names ? [...open()] : [] };
      return (await run(question, { events: tell, failed }, token)) ?? cancelled();
    } catch (error) {
      failed("the run of tests", error);
      return new ResponseError(ErrorCodes.InternalError, "The language server failed inside; its log has the details.");
    }
  };
  connection.onRequest(runTestsRequest, answer);
}

async function findIn(
  texts: readonly string[],
  clock: Clock,
  failures: Failures,
  token: CancellationToken,
): Promise<FindTestsAnswer | undefined> {
  const found: FoundTests[] = [];
  let end = clock.now() + SLICE_MS;
  for (const text of texts) {
    if (token.isCancellationRequested) return undefined;
    found.push(failures.guard(failureCodes.request, "the list of tests", () => findTests(text), { tests: [] }));
    if (clock.now() < end) continue;
    await new Promise<void>((resolve) => void clock.turn(resolve));
    end = clock.now() + SLICE_MS;
  }
  return found;
}

/** The parameters of a run as they came: anything may be in them. @returns a sentence when they are none */
function testsIn(params: unknown) {
  const scripts = member(params, "scripts");
  const model = member(params, "model");
  const partialResultToken = member(params, "partialResultToken");
  if (!Array.isArray(scripts) || !scripts.every(isScript))
    return "The request has no 'scripts' with uri, name and text.";
  if (typeof partialResultToken !== "string") return "The request has no 'partialResultToken'.";
  const name = model === undefined ? undefined : resolveModel(String(model));
  if (model !== undefined && name === undefined)
    return `There is no model '${String(model)}'. Models are ${modelWords().join(", ")}.`;
  return { scripts, model: name, coverage: member(params, "coverage") === true, partialResultToken };
}

function isScript(value: unknown): value is TestScript {
  const only = member(value, "only");
  return (
    ["uri", "name", "text"].every((key) => typeof member(value, key) === "string") &&
    (only === undefined || typeof only === "string")
  );
}
