import { ScriptDocument, statementSpan } from "../../language/index.ts";
import { isExpecting, testsOf } from "../../runner/index.ts";
import type { FoundTests, TestPlace } from "../tests-protocol.ts";

/** The tests that a script has by its text alone: included files, whose tests do not run, are not looked at. */
export function findTests(text: string): FoundTests {
  const document = new ScriptDocument(text);
  if (document.refusal !== undefined) return { tests: [], refusal: document.refusal.message };
  const tests = testsOf(document).flatMap(({ title, line, endLine }) =>
    title === undefined ? [] : [{ title, endLine, ...placeOf(document, line) }],
  );
  const expects = tests.length === 0 ? firstExpectation(document) : undefined;
  return { tests, ...(expects === undefined ? {} : { expects }) };
}

/** The first line that says what is to come and runs where it stands: a macro runs where it is called, which may be in another file. */
function firstExpectation(document: ScriptDocument): TestPlace | undefined {
  const { lines, blocks } = document;
  const isInMacro = (line: number): boolean => {
    let block = blocks.around(line);
    while (block !== undefined && block.kind !== "macro") block = block.parent;
    return block !== undefined;
  };
  const at = lines.findIndex(
    ({ kind, statement }, line) => (kind === "expect" || isExpecting(statement)) && !isInMacro(line),
  );
  return at < 0 ? undefined : placeOf(document, at);
}

function placeOf({ lines }: ScriptDocument, line: number): TestPlace {
  const { start, length } = statementSpan(lines[line]);
  return { line, start, end: start + length };
}
