import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { inert, inertAnswer, inertError } from "../../client/inert.ts";
import { texts } from "../../client/texts.ts";
import { errors } from "../../debug-adapter/errors.ts";
import { type FailureCode, Failures } from "../../server/failures.ts";

/** VS Code 1.128, base/common/linkedText.ts: what becomes a link in a message. It looks after line breaks have become spaces. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
const linksIn = (message: string): string[] => message.replace(/\r\n|\n|\r/g, " ").match(link) ?? [];

/** Names as somebody chooses them who wants a link, whole and in pieces that join with what stands around them. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "[Repair this file](command:workbench.action.terminal.new)",
        '[a](command:x "y")',
        "[a](FILE:///etc/passwd)",
        "[a](https://example.org)",
        "[",
        "]",
        "](",
        "]](",
        "(command:x)",
        ")",
        "$(alert)",
        "\n",
        "{0}",
        "\u200b",
      ),
      fc.string({ unit: "grapheme", maxLength: 8 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

/** Every function of a catalogue, also inside of groups. */
function functionsOf(catalogue: object): ((...args: unknown[]) => unknown)[] {
  return Object.values(catalogue).flatMap((entry) => (typeof entry === "function" ? [entry] : functionsOf(entry)));
}

describe("a message", () => {
  it("is a link where nobody makes it inert: the pattern is that of VS Code", () => {
    assert.equal(linksIn(texts.programMissing("[a](command:b)")).length, 1);
    assert.equal(linksIn("[a] (command:b)").length, 0);
  });

  it("of the client has no link, whatever is quoted in it", () => {
    for (const text of functionsOf(texts)) {
      fc.assert(
        fc.property(hostile, hostile, (first, second) => {
          assert.deepEqual(linksIn(inert(String(text(first, second)))), []);
        }),
        { numRuns: 200 },
      );
    }
  });

  it("of the debugger has no link, whatever is quoted in it", () => {
    // Two of them take something else than texts: a problem of a line, and a list.
    const made = functionsOf({
      ...errors,
      diagnostic: (code: string, message: string) => errors.diagnostic({ code, message }),
      badModel: (model: string, known: string) => errors.badModel(model, [known]),
    });
    for (const make of made) {
      fc.assert(
        fc.property(hostile, hostile, (first, second) => {
          const { message } = make(first, second, 1) as Error;
          const error = { id: 1, format: "{_text}", variables: { _text: message }, showUser: true };
          const answer = inertAnswer({ type: "response", success: false, message, body: { error } });
          assert.deepEqual(linksIn(answer.message), []);
          assert.deepEqual(linksIn(answer.body.error.variables._text), []);
        }),
        { numRuns: 200 },
      );
    }
  });

  it("of the language server has no link, whatever is quoted in it", () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const shown: string[] = [];
        new Failures({ show: (message) => shown.push(inert(message)), log: () => undefined }).report(
          "GICS01" as FailureCode,
          name,
          new Error(name),
        );
        assert.deepEqual(shown.flatMap(linksIn), []);
      }),
    );
  });

  it("has no icon that came with a name", () => {
    assert.equal(inert("$(check) fine"), "$ (check) fine");
  });

  it("can be read, and has not lost a character", () => {
    assert.equal(inert("/a/[b](command:c).json"), "/a/[b] (command:c).json");
    fc.assert(fc.property(fc.string(), (text) => inert(text).replaceAll(" ", "") === text.replaceAll(" ", "")));
    fc.assert(fc.property(hostile, (text) => inert(inert(text)) === inert(text)));
  });

  it("that a command ends with is inert too", () => {
    assert.equal(inertError(new TypeError("[a](command:b)")).message, "[a] (command:b)");
    assert.equal(inertError("[a](command:b)").message, "[a] (command:b)");
  });

  it("of the debugger that is no refusal stays as it is", () => {
    const event = { type: "event", event: "output", body: { output: "[a](b)\n" } };
    assert.equal(inertAnswer(event), event);
    const answer = { type: "response", success: true, body: { result: "[a](command:b)" } };
    assert.equal(inertAnswer(answer), answer);
  });
});

const root = path.resolve(import.meta.dirname, "../..");

/** Calls of VS Code's API that make links or icons of texts. */
const guarded =
  /\.(show(Error|Warning|Information)Message|setStatusBarMessage|withProgress|registerCommand|registerTextEditorCommand)\b/;

describe("the client", () => {
  const files = globSync("client/**/*.ts", { cwd: root }).map((file) => file.split(path.sep).join("/"));
  const sourceOf = (file: string) => readFileSync(path.join(root, file), "utf8");

  it("shows messages through messages.ts alone", () => {
    assert.ok(files.length > 40, `${files.length} files were found`);
    assert.deepEqual(
      files.filter((file) => guarded.test(sourceOf(file))),
      ["client/messages.ts"],
    );
  });

  it("trusts no Markdown, makes no HTML of texts, and gives VS Code no adapter but an inert one", () => {
    for (const file of files) {
      const source = sourceOf(file);
      assert.doesNotMatch(source, /\bisTrusted\s*[:=]\s*(true|\{)|\bsupportHtml\s*[:=]\s*true/, file);
      assert.doesNotMatch(source, /\.(innerHTML|outerHTML|insertAdjacentHTML)\b/, file);
      for (const [call] of source.matchAll(/new DebugAdapter(InlineImplementation|Executable|Server)\(.*/g)) {
        assert.match(call, /InlineImplementation\(inertAdapter\(/, file);
      }
    }
  });
});
