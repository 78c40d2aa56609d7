import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CompletionTriggerKind } from "vscode-languageserver";
import { machineProperties } from "../../language/index.ts";
import { completion } from "../../server/completion/completion.ts";
import { resolveCompletion } from "../../server/completion/completion-resolve.ts";
import { complete, expectCompletion, mapped, marked } from "./kit.ts";

const labelsAt = (text: string): string[] => complete(text).items.map(({ label }) => label);

const item = (text: string, label: string, snippets = false) => {
  const found = complete(text, snippets).items.find((entry) => entry.label === label);
  assert.ok(found, `${label} is offered`);
  return found;
};

describe("completion", () => {
  test("a command brings the arguments that it needs", () => {
    const { textEdit } = item("MA<|>", "MAPTI", true);
    assert.equal(textEdit?.newText, "MAPTI DeviceID=$1, EventID=$2, pINTID=$3, ICID=$4");
  });
  test("an editor without snippets gets the bare word", () => {
    assert.equal(item("MA<|>", "MAPTI").textEdit?.newText, "MAPTI");
  });
  test("statement words are offered where a line begins", () => {
    assert.equal(item("<|>", "expect").detail?.startsWith("expect CONDITION"), true);
  });
  test("arguments not yet given, in the manual's order", () => {
    expectCompletion("MAPD Size=4, <|>", "DeviceID", "ITT_addr", "V");
  });
  for (const [text, whole] of [
    ["machine { model = kvm-6<|>.1 }", "kvm-6.1"],
    ["machine { model = kvm-6.<|> }", "kvm-6."],
    ["MAPC ICID=0, RDbase=0 => done | MAPC_CPU_OOR on qemu-7.2 | kvm-6<|>", "kvm-6"],
    ["expect 1 == 1 on qemu-7.2 | kvm-6<|>", "kvm-6"],
    ["expect same as kvm-6.<|>", "kvm-6."],
    ["migrate kvm-6<|>", "kvm-6"],
  ] as const)
    test(`the name of a model is replaced as a whole, digits and all: ${text}`, () => {
      const { textEdit } = item(text, "kvm-6.12");
      assert.ok(textEdit !== undefined && "range" in textEdit);
      const { start, end } = textEdit.range;
      assert.equal(text.replace("<|>", "").slice(start.character, end.character), whole);
    });
  test("a difference with digits is no model", () => {
    expectCompletion("let kvm = 1\nlet other = kvm-6<|>");
  });
  test("an argument comes with its equals sign", () => {
    assert.equal(item("MAPD <|>", "Size").textEdit?.newText, "Size=");
  });
  test("DeviceIDs that the script maps, with their events", () => {
    const { detail } = item(`${mapped}\nINT DeviceID=<|>`, "0x10");
    assert.equal(detail, "events 0x0 to 0x1f, line 1");
  });
  test("EventIDs of the device of the line alone", () => {
    const more = "MAPTI DeviceID=0x11, EventID=5, pINTID=8200, ICID=0";
    const labels = complete(`${mapped}\n${more}\nINT DeviceID=0x10, EventID=<|>`).items.map(({ label }) => label);
    assert.ok(labels.includes("0x0") && !labels.includes("0x5"));
  });
  test("ICIDs that the script maps, with their target", () => {
    assert.equal(item(`${mapped}\nMAPI DeviceID=1, EventID=1, ICID=<|>`, "0").detail, "RDbase 1, line 2");
  });
  test("named values of a field", () => {
    expectCompletion("MAPC ICID=0, V=<|>", "0", "1");
  });
  test("named values of a register's field", () => {
    assert.equal(item("write GITS_BASER0.Shareability = <|>", "1").detail, "Inner Shareable");
    assert.equal(item("write GITS_CBASER = { Valid=1, Shareability=<|>", "1").detail, "Inner Shareable");
  });
  test("names that are defined above, with their values", () => {
    assert.equal(item("let nic = 0x10\nMAPD DeviceID=<|>\nlet later = 1", "nic").detail, "0x10");
    const labels = complete("let nic = 0x10\nMAPD DeviceID=<|>\nlet later = 1").items.map(({ label }) => label);
    assert.ok(!labels.includes("later"));
  });
  test("registers after write", () => {
    expectCompletion("write <|>", "GITS_CTLR");
  });
  test("fields after a dot", () => {
    expectCompletion("write GITS_CTLR.<|>", "Quiescent");
  });
  test("fields of table entries", () => {
    expectCompletion("read dte[1].<|>", "valid");
  });
  test("same as, behind expect", () => {
    const { items } = complete("expect <|>");
    assert.equal(items[0].label, "same as");
    assert.ok(items.length > 10, "and what a condition may begin with");
    assert.ok(!complete("expect 1 == <|>").items.some(({ label }) => label === "same as"));
  });
  test("models behind same as, on, and |", () => {
    for (const text of [
      "expect same as <|>",
      "expect same as arch | <|>",
      "expect same as arch on <|>",
      "expect 1 == 1 on <|>",
      "expect pending[1] on qemu | <|>",
    ])
      expectCompletion(text, "kvm", "qemu");
    expectCompletion("expect same as kvm-<|>", "kvm", "qemu");
    expectCompletion("expect same as arch <|>");
    expectCompletion("expect same as arch, <|>");
  });
  test("the name of a model is replaced whole", () => {
    const [{ textEdit }] = complete("expect same as arch | kvm-<|>").items;
    assert.deepEqual(textEdit && "range" in textEdit && textEdit.range.start, { line: 0, character: 22 });
  });
  test("outcomes of the command alone", () => {
    const labels = complete("MAPD DeviceID=1, V=0 => <|>").items.map(({ label }) => label);
    assert.ok(
      labels.includes("done") && labels.includes("MAPD_DEVICE_OOR") && !labels.includes("INT_UNMAPPED_INTERRUPT"),
    );
  });
  test("properties of the machine not yet given", () => {
    const others = machineProperties.map(({ word }) => word).filter((word) => word !== "model");
    expectCompletion("machine { model = kvm-7.2 <|>", ...others);
  });
  test("models of the machine", () => {
    expectCompletion("machine {\n  model = <|>\n}", "kvm-7.2");
  });
  test("whether the machine has NMIs", () => {
    expectCompletion("machine { model = qemu-11.1  nmi = <|> }", "on", "off");
  });
  test("nothing in a comment", () => {
    expectCompletion("# <|>");
  });
  test("the word at the cursor is replaced as a whole", () => {
    const { textEdit } = item("MA<|>PT", "MAPTI");
    assert.ok(textEdit !== undefined && "range" in textEdit);
    assert.deepEqual(textEdit.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } });
  });
  test("a typed space opens no list in an expression", () => {
    const { script, position } = marked("expect 1 <|>");
    const options = { snippets: false, trigger: CompletionTriggerKind.TriggerCharacter, character: " " };
    assert.equal(completion(script, position, options), null);
  });
  test("every item that says what it is has documentation", () => {
    for (const text of [
      "<|>",
      "MAPD <|>",
      "write <|>",
      "write GITS_CTLR.<|>",
      "INT DeviceID=1 => <|>",
      "machine { <|>",
      "read dte[1].<|>",
    ])
      for (const offered of complete(text).items) {
        if (offered.data === undefined || offered.label === "valid") continue;
        const { documentation } = resolveCompletion(offered);
        assert.ok(typeof documentation === "object" && documentation.value.length > 10, `${text} ${offered.label}`);
      }
  });
  test("an item of another source comes back as it is", () => {
    const foreign = { label: "x", data: { kind: "command", name: "no command" } };
    assert.equal(resolveCompletion(foreign), foreign);
  });
});

describe("completion of values", () => {
  test("INTIDs in pending[, enabled[ and priority[, PEs behind a comma", () => {
    for (const word of ["pending", "enabled", "priority", "active"])
      assert.equal(item(`${mapped}\nexpect ${word}[<|>`, "8195").detail, "EventID 0x0 of DeviceID 0x10, line 3");
    expectCompletion(`machine { cpus = 2 }\nread pending[8192, <|>]`, "0", "1");
  });
  test("ids of table entries", () => {
    expectCompletion(`${mapped}\nread dte[<|>`, "0x10");
    expectCompletion(`${mapped}\nread ite[<|>`, "0x10");
    expectCompletion(`let nic = 0x10\n${mapped}\nread ite[nic, <|>`, "0x0");
    expectCompletion(`${mapped}\nread cte[<|>`, "0");
  });
  test("PEs of the machine for RDbase", () => {
    expectCompletion("machine { cpus = 3 }\nMAPC ICID=0, RDbase=<|>", "0", "1", "2");
  });
  test("a free LPI and a free address", () => {
    expectCompletion(`${mapped}\nMAPTI DeviceID=0x10, EventID=1, pINTID=<|>`, "8192");
    expectCompletion(`${mapped}\nMAPD DeviceID=0x11, Size=4, ITT_addr=<|>`, "0x40401000");
  });
  test("an unfinished line knows its names", () => {
    expectCompletion(`let nic = 0x10\n${mapped}\nINT DeviceID=nic, EventID=<|>`, "0x0");
  });
  test("=> behind a complete value", () => {
    assert.equal(item("INT DeviceID=1, EventID=2 <|>", "=>").textEdit?.newText, "=> ");
    assert.equal(item("save <|>", "=>").kind, 24);
  });
  test("only outcomes that fit the statement", () => {
    const has = (text: string, yes: readonly string[], no: readonly string[]) => {
      const labels = labelsAt(text);
      for (const label of yes) assert.ok(labels.includes(label), `${text} ${label}`);
      for (const label of no) assert.ok(!labels.includes(label), `${text} ${label}`);
    };
    has("save => <|>", ["done", "EINVAL"], ["stalled", "ignored", "MAPD_DEVICE_OOR", "MMIO_EXIT"]);
    has("read GITS_CTLR => <|>", ["done", "MMIO_EXIT"], ["EINVAL", "stalled"]);
    has("msi DeviceID=1, EventID=0 => <|>", ["ignored", "INT_UNMAPPED_INTERRUPT"], ["MAPD_DEVICE_OOR", "EPERM"]);
    has("MAPD DeviceID=1, V=0 => <|>", ["MAPD_DEVICE_OOR"], ["MMIO_EXIT", "EPERM"]);
  });
  test("an answer has less than 20 KB, and says when that was not all", () => {
    for (const text of ["<|>", "expect <|>", "write <|>", "expect GI<|>", "let a = I<|>", "MAPD <|>"]) {
      const list = complete(text, true);
      assert.ok(JSON.stringify(list).length < 20_000, text);
    }
    assert.equal(complete("expect <|>").isIncomplete, true);
    assert.ok(labelsAt("expect ICC_IAR1<|>").includes("ICC_IAR1_EL1"));
  });
});

describe("device attributes", () => {
  const cases: readonly (readonly [text: string, labels: readonly string[]])[] = [
    ["get-attr <|>", ["VGIC_V2", "VGIC_V3", "VGIC_ITS"]],
    ["get-attr VGIC_ITS, <|>", ["ADDR", "CTRL", "ITS_REGS"]],
    ["set-attr VGIC_ITS, CTRL, <|>", ["INIT", "SAVE_TABLES", "RESTORE_TABLES", "RESET"]],
  ];
  for (const [text, labels] of cases) {
    test(text, () => assert.deepEqual(labelsAt(text), labels));
  }
  test("an attr that is a number is an expression", () => {
    assert.ok(labelsAt("let n = 1\nget-attr VGIC_V3, REDIST_REGS, <|>").includes("n"));
  });
});
