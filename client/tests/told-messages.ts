import { Location, Position, type TestItem, TestMessage, TestMessageStackFrame, Uri, workspace } from "vscode";
import type { TestEnded, TestProblem } from "../../server/tests-protocol.ts";
import { inert } from "../inert.ts";
import { rangeOf } from "./test-items.ts";
import { testTexts } from "./test-texts.ts";

/** The messages of a test that has not passed: those of its problems that are errors, each where it is. */
export function messagesOf({ problems, problemCount }: TestEnded, item: TestItem): TestMessage[] {
  const messages = problems.filter(({ severity }) => severity === "error").map(messageOf);
  const left = problemCount - problems.length;
  if (left > 0) messages.push(messageAt(testTexts.moreProblems(left), item));
  return messages;
}

/** A sentence at the place of a test. */
export function messageAt(sentence: string, { uri, range }: TestItem): TestMessage {
  const message = new TestMessage(inert(sentence));
  if (uri !== undefined) message.location = new Location(uri, range ?? new Position(0, 0));
  return message;
}

function messageOf({ code, message: sentence, place, compared, callers }: TestProblem): TestMessage {
  const message = new TestMessage(inert(`${sentence} [${code}]`));
  if (compared !== undefined) {
    message.expectedOutput = compared.expected;
    message.actualOutput = compared.found;
  }
  if (place.uri !== undefined) message.location = new Location(Uri.parse(place.uri), rangeOf(place));
  if (callers.length > 0) {
    const own = { ...place, text: code };
    message.stackTrace = [own, ...callers].map(
      ({ uri, line, start, text }) =>
        new TestMessageStackFrame(
          inert(text),
          uri === undefined ? undefined : Uri.parse(uri),
          new Position(line, start),
        ),
    );
  }
  return message;
}

const words = { passed: "ok   ", failed: "FAIL ", broken: "ERROR", empty: "empty" } as const;

/** How a script is called in the output. */
export interface NamedScript {
  readonly uri: Uri;
  readonly name: string;
}

/** What the output says of a test, a line each, as `gicwb test` says it. @param title of the test */
export function outputOf(ended: TestEnded, { uri, name }: NamedScript, title: string): string[] {
  const { outcome, line = 0, milliseconds, problems } = ended;
  return [
    `${words[outcome]} ${name}:${line + 1}: ${title} (${Math.round(milliseconds)} ms)`,
    ...problems.map(({ severity, code, message, place }) => {
      const of = place.uri === undefined ? uri : Uri.parse(place.uri);
      const file = of.toString() === uri.toString() ? name : workspace.asRelativePath(of);
      return `      ${file}:${place.line + 1}:${place.start + 1}: ${severity} ${code}: ${message}`;
    }),
  ];
}

/** Lines for the output, which is a terminal: what a script has in it is no control sequence there. */
export function forTerminal(lines: readonly string[]): string {
  return lines.map((line) => `${line.replace(/\p{Cc}/gu, "\ufffd")}\r\n`).join("");
}
