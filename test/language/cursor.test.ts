import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completionContext, nodeAt, nodesOf, outline, ScriptDocument } from "../../language/index.ts";
import { pieces, script } from "./scripts.ts";

/** Takes the `¦` out of the last line of a text: the document, its last line and the column of the mark. */
function marked(text: string) {
  const lines = text.split("\n");
  const column = lines[lines.length - 1].lastIndexOf("¦");
  const document = new ScriptDocument(text.replace("¦", ""));
  return { line: document.lines[document.lines.length - 1], column };
}

function context(text: string): string {
  const { line, column } = marked(text);
  const found = completionContext(line, column);
  const replaced = line.text.slice(found.replace.start, found.replace.start + found.replace.length);
  const detail = () => {
    switch (found.kind) {
      case "argument":
        return `${found.command?.name ?? "msi"} without ${found.used.join()}`;
      case "value":
        return found.field?.name ?? "any";
      case "field":
        return `${found.member.register.name} without ${found.used.join()}`;
      case "table-field":
        return found.table;
      case "machine-value":
        return found.property;
      case "machine-property":
        return `without ${found.used.join()}`;
      case "outcome":
        return found.command?.name ?? "any";
      default:
        return "";
    }
  };
  return `${found.kind} ${detail()} <${replaced}>`.replace("  ", " ");
}

describe("what may stand at the cursor", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["¦", "statement <>"],
    ["MA¦", "statement <MA>"],
    ["M¦AP", "statement <MAP>"],
    ["save-p¦", "statement <save-p>"],
    ["MAPD ¦", "argument MAPD without <>"],
    ["MAPD Dev¦", "argument MAPD without <Dev>"],
    ["MAPD DeviceID=¦", "value DeviceID <>"],
    ["MAPD DeviceID=ni¦", "value DeviceID <ni>"],
    ["MAPD DeviceID=nic, ¦", "argument MAPD without DeviceID <>"],
    ["MAPD DeviceID=nic, Size¦=7", "argument MAPD without DeviceID <Size>"],
    ["MAPD DeviceID=ite[1, ¦", "value DeviceID <>"],
    ["msi ¦", "argument msi without <>"],
    ["MAPTI DeviceID=1 => ¦", "outcome MAPTI <>"],
    ["MAPTI DeviceID=1 => MAPTI_¦", "outcome MAPTI <MAPTI_>"],
    ["restore => ¦", "outcome any <>"],
    ["write ¦", "register <>"],
    ["write GITS_C¦", "register <GITS_C>"],
    ["write GITS_CBASER.¦", "field GITS_CBASER without <>"],
    ["write GITS_BASER3.Va¦", "field GITS_BASER<n> without <Va>"],
    ["write GICR_CTLR[1].¦", "field GICR_CTLR without <>"],
    ["write GITS_CBASER = ¦", "value any <>"],
    ["write GITS_CBASER = { ¦", "field GITS_CBASER without <>"],
    ["write GITS_CBASER = { Valid=1, ¦", "field GITS_CBASER without Valid <>"],
    ["write GITS_CBASER = { Valid=¦", "value any <>"],
    ["expect ¦", "value any <>"],
    ["expect dte[0x10].¦", "table-field dte <>"],
    ["expect ite[dte[1].Size, 2].p¦", "table-field ite <p>"],
    ["expect nothing.¦", "none <>"],
    ["let ¦", "none <>"],
    ["let x = ¦", "value any <>"],
    ["let x = 1¦", "none <>"],
    ["# MAP¦", "none <>"],
    ['expect 1, "MA¦', "none <>"],
    ["machine { ¦", "machine-property without <>"],
    ["machine { cpus = 4  ¦", "machine-property without cpus <>"],
    ["machine {\n  mo¦", "machine-property without <mo>"],
    ["machine {\n  model = ¦", "machine-value model <>"],
    ["machine {\n  model = kvm-¦", "machine-value model <kvm->"],
    ["machine { } ¦", "none <>"],
    ["save ¦", "after-value <>"],
  ];
  for (const [text, expected] of cases) test(text, () => assert.equal(context(text), expected));
});

describe("what stands at the cursor", () => {
  const kindAt = (text: string) => {
    const { line, column } = marked(text);
    const node = nodeAt(line, column);
    return node && `${node.kind} ${line.text.slice(node.start, node.start + node.length)}`;
  };
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["MA¦PD DeviceID=1", "command MAPD"],
    ["MAPD¦ DeviceID=1", "command MAPD"],
    ["MAPD Devi¦ceID=nic", "argument DeviceID"],
    ["MAPD DeviceID=n¦ic", "name nic"],
    ["MAPD DeviceID=nic, Size=¦7", "number 7"],
    ["MAPD Nonsense¦=1", undefined],
    ["write GITS_¦BASER0.Type = 1", "register GITS_BASER0"],
    ["write GITS_BASER0.Ty¦pe = 1", "field Type"],
    ["write GITS_CBASER = { Val¦id=1 }", "field Valid"],
    ["expect d¦te[1].ITT_addr", "state dte"],
    ["expect dte[1].ITT_a¦ddr", "table-field ITT_addr"],
    ["expect mem6¦4[1]", "state mem64"],
    ["me¦m64[1] = 2", "keyword mem64"],
    ["save-pen¦ding", "keyword save-pending"],
    ["INT DeviceID=1 => INT_UN¦MAPPED_DEVICE", "outcome INT_UNMAPPED_DEVICE"],
    ["let ni¦c = 1", "name nic"],
    ["mach¦ine { cpus = 4 }", "keyword machine"],
    ["machine { cp¦us = 4 }", "property cpus"],
    ["machine { model = kvm¦-7.2 }", "property-word kvm-7.2"],
    ["# MA¦PD", undefined],
    ["¦", undefined],
  ];
  for (const [text, expected] of cases) test(text || "nothing", () => assert.equal(kindAt(text), expected));
});

test("nodes lie inside their line and do not overlap; every column has a completion context", () => {
  for (const line of script(...pieces).lines) {
    let end = 0;
    for (const { start, length } of nodesOf(line).sort((a, b) => a.start - b.start)) {
      assert.ok(start >= end && length > 0, line.text);
      end = start + length;
    }
    assert.ok(end <= line.text.length);
    for (let column = 0; column <= line.text.length; column++) {
      const { replace } = completionContext(line, column);
      assert.ok(replace.start <= column && column <= replace.start + replace.length, `${line.text} ${column}`);
    }
  }
});

test("the outline has machines and names", () => {
  const document = script("machine {", "  cpus = 2", "}", "let nic = 0x10", "MAPC ICID=3, RDbase=1", "let b = nic + 1");
  assert.deepEqual(
    outline(document).map(({ kind, name, detail, line, endLine }) => [kind, name, detail, line, endLine]),
    [
      ["machine", "machine", "kvm-7.2", 0, 2],
      ["let", "nic", "0x10", 3, 3],
      ["let", "b", "nic + 1", 5, 5],
    ],
  );
});
