import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { activeProgram, isEmptyConfiguration } from "../../client/debug/debug-configuration.ts";
import { code, markdownTable, plain } from "../../client/markdown.ts";
import { beginsLikeState, isMarkedAsState } from "../../client/saved-machines/state-text.ts";
import { withoutName } from "../../client/summary.ts";
import { texts, useTranslation } from "../../client/texts.ts";
import {
  firstRowAt,
  firstRowToSee,
  MAX_HEIGHT,
  ROW_HEIGHT,
  scrollHeight,
  scrollTopFor,
} from "../../client/webview/parts/window-of-rows.ts";

describe("texts", () => {
  it("take their values by place, whatever is in them", () => {
    assert.match(texts.programMissing("/a/{0}/$&.itscmd"), /^There is no script \/a\/\{0\}\/\$&\.itscmd\./);
  });

  it("come in another language when there is one", () => {
    useTranslation((message, ...args) => `<${message}|${args.join()}>`);
    assert.equal(texts.copied("0x1"), "<Copied {0}|0x1>");
    useTranslation((message, ...args) => message.replace(/\{(\d+)\}/g, (_all, place) => String(args[Number(place)])));
  });
});

describe("markdown", () => {
  it("shows text of a dump as it is", () => {
    assert.equal(plain("<b>[a](b) | *"), "\\<b\\>\\[a\\]\\(b\\) \\| \\*");
    assert.equal(code("a`|b c"), "`a'\\|b\u00a0c`");
  });

  it("has a rule that a parser takes for one", () => {
    assert.equal(markdownTable(["a", "b"], "rl", []).split("\n")[1], "| --: | :-- |");
  });

  it("leaves out a name that stands beside it", () => {
    assert.equal(withoutName({ name: "V", summary: "V: 1 when mapped." }), "1 when mapped.");
    assert.equal(withoutName({ name: "V", summary: "valid." }), "Valid.");
  });
});

describe("the script that F5 means", () => {
  const script = { languageId: "itscmd", program: "/x/a.itscmd" };

  it("is the one in the active editor", () => {
    assert.deepEqual(activeProgram(script), { kind: "program", program: "/x/a.itscmd" });
    assert.deepEqual(activeProgram({ ...script, languageId: "c" }), { kind: "none" });
    assert.deepEqual(activeProgram(undefined), { kind: "none" });
  });

  it("is asked for by a configuration with nothing in it", () => {
    assert.ok(isEmptyConfiguration({}));
    assert.ok(!isEmptyConfiguration({ type: "gic" }));
  });
});

describe("a saved machine among texts", () => {
  it("is a JSON object that says so, whole or cut off", () => {
    for (const text of [
      '{"format": "gic-workbench-state", "ver',
      '\ufeff {\r\n "version": 1,\n "format":"gic-workbench-state"}',
    ]) {
      assert.ok(isMarkedAsState(text) && beginsLikeState(text), text);
    }
    for (const text of ['{ "name": "x" }', '["gic-workbench-state"]', "", "{", '# "format": "gic-workbench-state"']) {
      assert.ok(!isMarkedAsState(text), text);
    }
  });

  it("is no dump: none of a tool begins like a JSON object with a field", () => {
    for (const text of ["40100040: 0400 0808", "# gic: table=itt", "{ 1.5 } 40100040: 00", "", "[ 0.1] 0: 00"]) {
      assert.ok(!beginsLikeState(text), text);
    }
  });
});

describe("a window of rows", () => {
  it("is exact for tables that fit", () => {
    assert.equal(scrollHeight(65_536), 65_536 * ROW_HEIGHT);
    assert.equal(firstRowAt(1000 * ROW_HEIGHT, 500, 65_536), 1000);
    assert.equal(scrollTopFor(1000, 500, 65_536), 1000 * ROW_HEIGHT);
  });

  it("reaches the first and the last row of four million, and goes there and back", () => {
    const rows = 4 << 20;
    assert.equal(scrollHeight(rows), MAX_HEIGHT);
    assert.equal(firstRowAt(0, 500, rows), 0);
    assert.ok(Math.abs(firstRowAt(MAX_HEIGHT - 500, 500, rows) - (rows - 500 / ROW_HEIGHT)) < 1e-6);
    for (const row of [0, 1, 77_777, 3_999_999]) {
      assert.ok(Math.abs(firstRowAt(scrollTopFor(row, 500, rows), 500, rows) - row) < 1e-6);
    }
  });

  it("moves as little as can be to bring a row into sight", () => {
    assert.equal(firstRowToSee(5, 3, 10 * ROW_HEIGHT), 3);
    assert.equal(firstRowToSee(2, 3, 10 * ROW_HEIGHT), 2);
    assert.equal(firstRowToSee(13, 3, 10 * ROW_HEIGHT), 4);
    assert.equal(firstRowToSee(4, 3.5, 10 * ROW_HEIGHT), 3.5);
    assert.equal(firstRowToSee(99, 0, 10.5 * ROW_HEIGHT), 89.5, "the last row ends where the window ends");
    assert.equal(firstRowToSee(99, 89.5, 10.5 * ROW_HEIGHT), 89.5);
    assert.equal(firstRowToSee(7, 7, 0), 7, "a window without height shows a row");
  });
});
