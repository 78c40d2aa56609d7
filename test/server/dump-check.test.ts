import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { CancellationTokenSource } from "vscode-languageserver";
import { finish } from "../../dumps/work.ts";
import {
  type DumpCheckAnswer,
  type DumpCheckParams,
  type DumpProblem,
  dumpCheckRequest,
} from "../../server/dump-check-protocol.ts";
import { answerInThread } from "../../server/tables/answer-in-thread.ts";
import { dumpCheckWork } from "../../server/tables/check-text.ts";
import { gicwb } from "../cli/gicwb.ts";

const root = path.resolve(import.meta.dirname, "../..");
const file = path.join(root, "test/vscode/workspace/broken-tables.gicdump");
const broken = readFileSync(file, "utf8");

type Checked = Extract<DumpCheckAnswer, { readonly problems: unknown }>;

function check(text: string, params: Partial<DumpCheckParams> = {}): Checked {
  const answer = finish(dumpCheckWork({ text, name: "a.gicdump", maxProblems: 1000, ...params }));
  assert.ok("problems" in answer, JSON.stringify(answer));
  return answer;
}

/** The characters that a problem is about. */
function textAt(text: string, { line, start, end }: DumpProblem["place"]): string {
  return text.split("\n")[line].slice(start, end);
}

/** `code "text"` of each problem but notes. */
function problems(text: string, found: readonly DumpProblem[]): string[] {
  return found
    .filter(({ severity }) => severity !== "note")
    .map(({ code, place }) => `${code} ${textAt(text, place)}`)
    .sort();
}

describe("the check of a dump's text", () => {
  it("puts each finding, and a kernel's answer, at the digits of its entry", () => {
    assert.deepEqual(problems(broken, check(broken).problems), [
      "GIC-RESTORE-EINVAL 0001000020010007",
      "L-26-no-cte 0001000020010007",
    ]);
  });

  it("reads tables by the layout files that its lines name", () => {
    const word = "kvm.giclayout.json";
    const text = broken.replaceAll("layout=kvm-rev0", `layout=${word}`);
    const layout = readFileSync(path.join(root, "examples", word), "utf8");
    const { problems: found, lines } = check(text, { layoutFiles: [{ word, text: layout }] });
    assert.deepEqual(problems(text, found), ["L-26-no-cte 0001000020010007"]);
    assert.match(lines.join("\n"), /these are kvm-by-file\. No kernel was asked/);
    const refused = check(text, { layoutFiles: [{ word, problem: "It is outside." }] });
    assert.match(refused.lines.join("\n"), /layout kvm-rev0/);
    // Anything may come from the other side.
    for (const odd of [[null], [{ word: 1 }], "x", [{ word, text: 5 }]])
      check(text, { layoutFiles: odd } as unknown as Partial<DumpCheckParams>);
  });

  it("says what gicwb check says", async () => {
    const { out } = await gicwb("check", file);
    const { lines } = check(broken, { name: file });
    assert.equal(`${lines.join("\n")}\n`, out);
    const [refusal] = check(broken).problems.filter(({ code }) => code === "GIC-RESTORE-EINVAL");
    const sentence = refusal.message.replace(/^.*?\): /, "");
    assert.ok(out.includes(`EINVAL: ${sentence}`), refusal.message);
  });

  it("names the entry that another one does not agree with", () => {
    const twice = broken.replace("0001000020010007", "0001000020000000");
    const [found] = check(twice).problems.filter(({ code }) => code === "L-29-lpi-twice");
    assert.equal(textAt(twice, found.place), "0001000020000000");
    assert.deepEqual(
      found.related.map(({ place }) => `${place.line} ${textAt(twice, place)}`),
      ["12 0001000020000000"],
    );
  });

  it("asks the kernels that are wanted, and none when none is", () => {
    const one = check(broken, { models: ["kvm-6.1"] });
    assert.match(one.problems.find(({ code }) => code === "GIC-RESTORE-EINVAL")?.message ?? "", /\(kvm-6\.1\)/);
    assert.deepEqual(problems(broken, check(broken, { models: [] }).problems), ["L-26-no-cte 0001000020010007"]);
  });

  it("puts what is about memory elsewhere at the entry that leads there", () => {
    const two =
      "# gic: table=device-table layout=kvm-rev0 base=0x40100000\n40100000: 800200000808000f 8000000008080100\n";
    const [overlap] = check(two).problems.filter(({ code }) => code === "L-05-overlap");
    assert.equal(overlap.place.line, 1);
    assert.match(textAt(two, overlap.place), /^80/);
  });

  it("says what was guessed of a dump that does not say its table", () => {
    const bare = readFileSync(path.join(root, "examples/kvm-6.1-device-table.gicdump"), "utf8").replace(/^#.*\n/gm, "");
    const [guess] = check(bare).problems.filter(({ code }) => code === "GIC-DUMP-GUESS");
    assert.match(guess.message, /Taken for device-table: 3 of 3 entries/);
  });

  it("keeps what matters most when there is too much", () => {
    const answer = check(broken, { maxProblems: 2 });
    assert.deepEqual(problems(broken, answer.problems).length, 2);
    assert.equal(answer.more, check(broken).problems.length - 2);
  });

  for (const [what, text] of [
    ["no table", "nothing here\n"],
    ["an ITT alone", "# gic: table=itt layout=kvm-rev0\n0: 0001000020000001\n"],
  ] as const) {
    it(`says that ${what} is nothing to check`, () => {
      assert.deepEqual(finish(dumpCheckWork({ text })), { notChecked: true });
    });
  }

  for (const params of [null, {}, { text: 5 }] as readonly unknown[]) {
    it(`refuses ${JSON.stringify(params)}`, () => {
      assert.ok("refusal" in finish(dumpCheckWork(params as Partial<DumpCheckParams>)));
    });
  }
});

describe("the server's check of a dump", () => {
  const main = path.join(root, "server/tables-main.ts");
  const params = { text: broken, name: "a.gicdump", maxProblems: 1000 };

  it("is done in a thread, with the same answer", async () => {
    const { token } = new CancellationTokenSource();
    const answer = await answerInThread(main)({ name: dumpCheckRequest, params }, token);
    assert.deepEqual(answer, finish(dumpCheckWork(params)));
  });

  it("is ended when nobody wants it any more", async () => {
    const source = new CancellationTokenSource();
    const answer = answerInThread(main)({ name: dumpCheckRequest, params }, source.token);
    source.cancel();
    assert.equal(await answer, undefined);
  });

  it("is not begun when nobody wants it", async () => {
    const source = new CancellationTokenSource();
    source.cancel();
    assert.equal(await answerInThread("/no/such/file")({ name: dumpCheckRequest, params }, source.token), undefined);
  });

  it("fails when its thread does", async () => {
    const { token } = new CancellationTokenSource();
    await assert.rejects(answerInThread(path.join(root, "no-such-file.ts"))({ name: dumpCheckRequest, params }, token));
  });
});
