import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Diagnostic } from "vscode-languageserver";
import { readDiagnosticData } from "../../language/index.ts";
import { codeActions } from "../../server/editing/code-actions.ts";
import { scriptDiagnostics } from "../../server/scripts/diagnostics.ts";
import type { Script } from "../../server/scripts/script.ts";
import { mapped, open } from "./kit.ts";

/** What an editor has of a script's problems: JSON went there. */
function published(script: Script): Diagnostic[] {
  return JSON.parse(JSON.stringify(scriptDiagnostics(script, { maxProblems: 100 })));
}

function titles(script: Script, diagnostics: readonly Diagnostic[]): string[] {
  return codeActions(script, diagnostics).map(({ title }) => title);
}

/** A script with one problem, and what the problem is about. */
const cases: readonly (readonly [text: string, data: unknown])[] = [
  ["MAPDD DeviceID=1, V=0", { kind: "misspelt", text: "MAPD" }],
  ["let nic = 1\nread nik", { kind: "misspelt", text: "nic" }],
  ["MAPD DevceID=1, V=0", { kind: "misspelt", text: "DeviceID" }],
  ["read GITS_CBASR", { kind: "misspelt", text: "GITS_CBASER" }],
  ["read GITS_CTLR.Enable", { kind: "misspelt", text: "Enabled" }],
  ["save => EINVL", { kind: "misspelt", text: "EINVAL" }],
  ["machine { cpu = 2 }", { kind: "misspelt", text: "cpus" }],
  ["get-attr VGIC_IST, CTRL, INIT", { kind: "misspelt", text: "VGIC_ITS" }],
  ["MAPD DeviceID=1, ITT_addr=0x40400010, Size=4", { kind: "low-bits", text: "0x40400000" }],
  ["let a = 1\nlet a = 2", { kind: "name-taken", name: "a" }],
  ["read zzzz", undefined],
  ["INT DeviceID=0x11, EventID=3", { kind: "device-not-mapped", device: 0x11, event: 3 }],
  ["raw 0x1100000003, 3, 0, 0", { kind: "device-not-mapped", device: 0x11, event: 3 }],
  ["msi DeviceID=0x11, EventID=3", { kind: "device-not-mapped", device: 0x11, event: 3 }],
  ["MAPD DeviceID=0x7fffffff, ITT_addr=0, Size=4", { kind: "device-without-place", device: 0x7fffffff }],
  [`${mapped}\nINT DeviceID=0x10, EventID=3`, { kind: "event-not-mapped", device: 0x10, event: 3 }],
  [`${mapped}\nINT DeviceID=0x10, EventID=0x20`, { kind: "event-beyond-itt", device: 0x10, event: 0x20, eventBits: 5 }],
  [
    `${mapped}\nMAPC ICID=0, V=0\nINT DeviceID=0x10, EventID=0`,
    { kind: "event-without-target", device: 0x10, event: 0 },
  ],
  [
    "machine { its = 0x08080000  its = 0x08060000 }\nINT@1 DeviceID=0x11, EventID=3",
    { kind: "device-not-mapped", its: 1, device: 0x11, event: 3 },
  ],
  [
    "read GITS_IIDR\nexpect same as arch",
    {
      kind: "models-differ",
      line: 0,
      model: "kvm-7.2",
      answer: "0x4b00043b",
      other: "arch",
      otherAnswer: "0x43b",
    },
  ],
  [`${mapped}\nINVALL ICID=7`, { kind: "collection-not-mapped", icid: 7 }],
  [`${mapped}\nMAPC ICID=0, RDbase=9`, { kind: "command-error", code: 0x010902 }],
];

describe("data of diagnostics", () => {
  for (const [text, data] of cases) {
    test(text.split("\n").at(-1) ?? "", () => {
      const [problem] = published(open(text)).filter(({ severity }) => severity === 1);
      assert.deepEqual(problem.data, data);
      assert.deepEqual(readDiagnosticData(problem.data), data);
    });
  }

  test("quick fixes work from it alone, whatever the message says", () => {
    for (const [text] of cases) {
      const script = open(text);
      const problems = published(script);
      const told = problems.map((problem) => ({ ...problem, message: "…" }));
      assert.deepEqual(titles(script, told), titles(script, problems), text);
      const without = problems.map(({ data: _data, ...problem }) => problem);
      assert.ok(
        titles(script, without).every((title) => /^(?:Expect|Define|Allow) /.test(title)),
        text,
      );
    }
  });

  test("what comes back from an editor may be anything", () => {
    const script = open(`${mapped}\nINT DeviceID=0x11, EventID=3`);
    const [problem] = published(script);
    const hostile: unknown[] = [
      undefined,
      null,
      7,
      "device-not-mapped",
      [],
      {},
      { kind: "constructor" },
      { kind: "__proto__", device: 1 },
      { kind: ["device-not-mapped"], device: 1 },
      { kind: "device-not-mapped" },
      { kind: "device-not-mapped", device: "0x11" },
      { kind: "device-not-mapped", device: -1 },
      { kind: "device-not-mapped", device: 1.5 },
      { kind: "device-not-mapped", device: 2 ** 32 },
      { kind: "device-not-mapped", device: Number.NaN },
      { kind: "device-not-mapped", device: 1, its: 16 },
      { kind: "device-not-mapped", device: 1, its: "1" },
      { kind: "event-beyond-itt", device: 1, event: 1, eventBits: null },
      { kind: "misspelt", text: "a\nMAPC ICID=0" },
      { kind: "misspelt", text: "a".repeat(101) },
      { kind: "misspelt", text: { toString: () => "a" } },
      Object.create({ kind: "device-not-mapped", device: 1 }),
    ];
    for (const data of hostile) {
      assert.equal(readDiagnosticData(data), undefined, JSON.stringify(data));
      assert.deepEqual(titles(script, [{ ...problem, data }]), ["Expect INT_UNMAPPED_INTERRUPT"]);
    }
    const beyond = { start: { line: 99, character: 0 }, end: { line: 99, character: 1 } };
    assert.deepEqual(titles(script, [{ ...problem, range: beyond }]), []);
  });

  test("what is left over in it is dropped", () => {
    assert.deepEqual(readDiagnosticData({ kind: "name-taken", name: "a", more: 1 }), { kind: "name-taken", name: "a" });
  });
});
