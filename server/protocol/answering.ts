import type { CancellationToken, ResponseError } from "vscode-languageserver";
import { type Failures, failureCodes } from "../failures.ts";
import type { OpenScripts } from "../scripts/documents.ts";
import type { Publisher } from "../scripts/publisher.ts";
import type { Script } from "../scripts/script.ts";
import { cancelled, invalid } from "./connection-options.ts";
import { missingMember, requestProblem } from "./message-shape.ts";
import { fromClient, type LineText, type PositionEncoding, toClient } from "./position-encoding.ts";

/** Parameters that every request about a script has. */
export interface AboutScript {
  readonly textDocument: { readonly uri: string };
}

/** A handler of a request. */
export type Handler<Params, Result> = (
  params: Params,
  token?: CancellationToken,
) => Result | ResponseError<never> | Promise<Result | ResponseError<never>>;

export interface AnswerOptions {
  /** Members that the parameters must have. */
  readonly needs?: readonly string[];
  /** Waits until the script has run, or its text changes. */
  readonly settled?: boolean;
}

/**
 * Answers requests about open scripts: checks what came, counts columns as the client does, gives up what the client gives up, and
 * goes on when a provider fails.
 */
export class Answering {
  /** How the client counts columns; set when it introduces itself. */
  encoding: PositionEncoding = "utf-16";
  private readonly scripts: OpenScripts;
  private readonly failures: Failures;
  private readonly publisher: Publisher;

  constructor(scripts: OpenScripts, failures: Failures, publisher: Publisher) {
    this.scripts = scripts;
    this.failures = failures;
    this.publisher = publisher;
  }

  /** Text of the lines of an open script. */
  readonly lines = (uri: string): LineText => {
    const script = this.scripts.get(uri);
    return (line) => script?.document.lines[line]?.text;
  };

  /** The open scripts. */
  open(): readonly Script[] {
    return [...this.scripts.all()];
  }

  /** A message about a script with columns as the client counts them. */
  toClient<Value>(uri: string, value: Value): Value {
    return toClient(value, uri, this.encoding, this.lines);
  }

  /** @param work what is done, for a failure's message @param none answer about a script that is not open, and when the work fails */
  about<Params extends AboutScript, Result>(
    work: string,
    none: Result,
    find: (script: Script, params: Params) => Result,
    { needs = [], settled = false }: AnswerOptions = {},
  ): Handler<Params, Result> {
    return (params, token) => {
      const problem = requestProblem(params) ?? missingMember(params, needs);
      if (problem !== undefined) return invalid(problem);
      const answer = () => (token?.isCancellationRequested ? cancelled() : this.answer(work, none, find, params));
      return settled ? this.publisher.settled(params.textDocument.uri).then(answer) : answer();
    };
  }

  /** Answers requests that name a script which need not be open: another one may include it. */
  aboutAll<Params extends AboutScript, Result>(
    work: string,
    none: Result,
    find: (scripts: readonly Script[], params: Params) => Result,
  ): Handler<Params, Result> {
    return (params, token) => {
      const problem = requestProblem(params);
      if (problem !== undefined) return invalid(problem);
      if (token?.isCancellationRequested) return cancelled();
      const { uri } = params.textDocument;
      const answer = () => {
        const asked = fromClient(params, uri, this.encoding, this.lines);
        return this.toClient(uri, find(this.open(), asked));
      };
      return this.failures.guard(failureCodes.request, work, answer, none);
    };
  }

  private answer<Params extends AboutScript, Result>(
    work: string,
    none: Result,
    find: (script: Script, params: Params) => Result,
    params: Params,
  ): Result {
    const { uri } = params.textDocument;
    const script = this.scripts.get(uri);
    if (script === undefined) return none;
    const result = this.failures.guard(
      failureCodes.request,
      work,
      () => this.toClient(uri, find(script, fromClient(params, uri, this.encoding, this.lines))),
      none,
    );
    // A look at the machine takes the run back to a line; it goes on when nothing else is to be done.
    if (script.simulation?.complete === false) this.publisher.resume(script.uri);
    return result;
  }
}
