import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatDocument, ScriptDocument } from "../../language/index.ts";
import { codeActions } from "../../server/editing/code-actions.ts";
import { rename } from "../../server/editing/rename.ts";
import { scriptDiagnostics } from "../../server/scripts/diagnostics.ts";
import { expectHover, marked, open, settle } from "./kit.ts";

const messages = (text: string): string[] =>
  scriptDiagnostics(open(text), { maxProblems: 100 }).map(({ message }) => String(message));

/** Takes the preferred fix again and again; the text then, and how often there was one. */
function fixedWhole(text: string): { readonly text: string; readonly fixes: number } {
  const script = open(text);
  let fixes = 0;
  for (; fixes < 20; fixes++) {
    const found = codeActions(script, scriptDiagnostics(script, { maxProblems: 100 }));
    const edits = found.find(({ isPreferred }) => isPreferred)?.edit?.changes?.[script.uri];
    if (edits === undefined) break;
    const changes = edits.map(({ range: { start, end }, newText }) => ({
      start: { line: start.line, column: start.character },
      end: { line: end.line, column: end.character },
      text: newText,
    }));
    const { firstLine } = script.document.update(changes);
    script.simulation?.changed(changes, firstLine);
    settle(script);
  }
  return { text: script.document.text, fixes };
}

describe("fixes that are taken again and again come to an end", () => {
  test("below a line that cannot be read", () => {
    const { text, fixes } = fixedWhole("MAPD 8\nINT DeviceID=8, EventID=0");
    assert.equal(fixes, 3);
    assert.match(text, /^MAPD 8\nMAPD .*\nMAPTI .*\nMAPC .*\nINT/);
  });
  for (const ids of ["DeviceID=0x20000, EventID=0", "DeviceID=8, EventID=0x20000"])
    test(`INT ${ids}: nothing is proposed that the machine refuses`, () =>
      assert.deepEqual(fixedWhole(`INT ${ids}`), { text: `INT ${ids}`, fixes: 0 }));
});

describe("advice follows the cause, not the code", () => {
  const event = "MAPD DeviceID=8, Size=4, ITT_addr=0x43f00000";
  test("a device that is not mapped", () =>
    assert.match(
      messages("INT DeviceID=8, EventID=0")[0],
      /DeviceID 0x8 is not mapped\..* Issue MAPD for the device first\.$/,
    ));
  test("an event that is not", () =>
    assert.match(messages(`${event}\nINT DeviceID=8, EventID=0`)[0], /Issue MAPTI or MAPI for the event first\.$/));
  test("an MSI of a device that is not mapped", () =>
    assert.match(messages("msi DeviceID=8, EventID=0")[0], /Issue MAPD for the device first\.$/));
  test("an entry outside RAM has no error 0x0", () => {
    const text = `machine { model = qemu }\nMAPD DeviceID=8, Size=4, ITT_addr=0x90000000\nMAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0`;
    const found = messages(text).join("\n");
    assert.match(found, /is not in RAM\. qemu-7\.2 stops the queue/);
    assert.doesNotMatch(found, /error 0x0/);
  });
});

describe("what does not exist is said as what it is", () => {
  test("a register of a PE that is not there", () =>
    assert.deepEqual(messages("read GICR_TYPER[4]"), ["This machine has PEs 0 to 3, and so no GICR_TYPER of PE 4."]));
  test("a list register can be read, not written", () =>
    assert.match(messages("write ICH_LR0_EL2 = 0")[0], /^ICH_LR0_EL2 belongs to the host's kernel/));
  test("a system register that is read-only", () =>
    assert.deepEqual(messages("write ICC_RPR_EL1 = 0"), [
      "ICC_RPR_EL1 is read-only: writing it is UNDEFINED, an exception of the PE. Remove the line.",
    ]));
  test("a pointer that QEMU lets software write is none that cannot be", () =>
    assert.deepEqual(messages("machine { model = qemu }\nwrite64 GITS_CREADR = 0x20"), []));
  test("pending on a PE that is not there", () =>
    assert.deepEqual(messages("expect pending[8192, 9] == 0"), ["This machine has PEs 0 to 3, no PE 9."]));
  test("pending of an INTID that is not there", () =>
    assert.match(
      messages("expect pending[70000] == 0")[0],
      /^INTID 70000 is beyond the last one of this machine, 65535\./,
    ));
  test("a system register without its level", () =>
    assert.match(messages("read ICC_IAR1")[0], /Did you mean ICC_IAR1_EL1\?/));
  test("a pINTID that is no LPI is about no collection", () => {
    const script = open(
      "MAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=4, ITT_addr=0x43f00000\nMAPTI DeviceID=8, EventID=0, pINTID=100, ICID=0",
    );
    const [found] = scriptDiagnostics(script, { maxProblems: 10 });
    assert.equal(found.code, "ITS0501");
    assert.equal(found.relatedInformation, undefined);
  });
});

test("a name cannot become 'user', which begin and step read otherwise", () => {
  const { script, position } = marked("let p<|>e = 0\nbegin pe, GITS_CWRITER = 0x20");
  const answer = rename(script, position, "user");
  assert.match("refusal" in answer ? answer.refusal : "", /means something else on line \d+/);
});

describe("formatting spells registers and fields as the manual does, everywhere", () => {
  const cases = [
    ["write gits_ctlr.enabled=1", "write GITS_CTLR.Enabled = 1"],
    ["expect gicr_ctlr[1].enablelpis==1", "expect GICR_CTLR[1].EnableLPIs == 1"],
    [
      "write gits_baser0={valid=1, size=gits_typer.devbits}",
      "write GITS_BASER0 = { Valid=1, Size=GITS_TYPER.Devbits }",
    ],
    ["read dte[1].itt_ADDR", "read dte[1].ITT_addr"],
    ["mapd deviceid=gits_creadr, v=0", "MAPD DeviceID=GITS_CREADR, V=0"],
  ] as const;
  for (const [text, expected] of cases)
    test(text, () => assert.equal(formatDocument(new ScriptDocument(text)), expected));
});

test("the hover of an action of KVM's has no empty table", () => {
  const { script } = marked("set-attr VGIC_ITS, CTRL, SAVE_<|>TABLES");
  assert.ok(script);
  expectHover(
    "set-attr VGIC_ITS, CTRL, SAVE_<|>TABLES",
    /^\*\*VGIC\\_ITS CTRL attr 0x1: SAVE\\_TABLES\*\*\n\nWrites[^|]*$/,
  );
});

describe("what has no effect says why", () => {
  test("a restore behind a reset", () => {
    const found = messages("save\nreset\nrestore");
    assert.match(found.join("\n"), /GITS_BASER0\.Valid is 0\. On kvm-7\.2: the call is done and nothing is restored/);
  });
  test("GITS_CTLR.Enabled = 1 without tables", () => {
    const text = "machine { setup = reset }\nwrite GITS_CBASER = 0x8000000040000000\nwrite GITS_CTLR.Enabled = 1";
    assert.match(messages(text)[0], /^GITS_CTLR\.Enabled stays 0: GITS_BASER0\.Valid is 0, GITS_BASER1\.Valid is 0\./);
  });
});
