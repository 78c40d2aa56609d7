import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signatureHelp } from "../../server/completion/signature-help.ts";
import { formatting, formattingOnType } from "../../server/editing/formatting.ts";
import { legend, semanticTokens } from "../../server/navigation/semantic-tokens.ts";
import { expectProblems, fix, mapped, marked, open } from "./kit.ts";

describe("formatting", () => {
  test("edits only lines that differ, and keeps line endings", () => {
    const edits = formatting(open("let a=1\r\nlet b = 2\r\nlet  c = 3"));
    assert.deepEqual(
      edits.map(({ range, newText }) => [range.start.line, newText]),
      [
        [0, "let a = 1"],
        [2, "let c = 3"],
      ],
    );
  });
  test("of a range, only its lines", () => {
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } };
    assert.deepEqual(
      formatting(open("let a=1\nlet b=2\nlet c=3"), range).map((edit) => edit.newText),
      ["let b = 2"],
    );
  });
  test("a document that is refused stays as it is", () => {
    assert.deepEqual(formatting(open("let a=1\0")), []);
  });
});

describe("formatting what is typed", () => {
  const typed = (text: string, character: string) => {
    const { script, position } = marked(text);
    return formattingOnType(script, position, character).map(
      ({ range, newText }) => `${range.start.line + 1} ${newText}`,
    );
  };
  test("a line when it is left", () => {
    assert.deepEqual(typed("let  b=2\nmapd deviceid=1,v=0\n<|>\nlet  c=3", "\n"), ["2 MAPD DeviceID=1, V=0"]);
  });
  test("a block's end", () => {
    assert.deepEqual(typed("machine{cpus=2}<|>", "}"), ["1 machine { cpus = 2 }"]);
  });
  test("a range reads no more than the comments around it", () => {
    const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
    const edits = formatting(open("SYNC RDbase=0 # a\nINVALL ICID=100 # b\nlet  a=1"), range);
    assert.deepEqual(
      edits.map(({ newText }) => newText),
      ["INVALL ICID=100  # b"],
    );
  });
});

describe("semantic tokens", () => {
  const words = (text: string, line?: number) => {
    const script = open(text);
    const range = line === undefined ? undefined : { start: { line, character: 0 }, end: { line, character: 0 } };
    const { data } = semanticTokens(script, "all", range);
    const found: string[] = [];
    let at = { line: 0, start: 0 };
    for (let index = 0; index < data.length; index += 5) {
      const [down, right, length, type, modifiers] = data.slice(index, index + 5);
      at = down === 0 ? { line: at.line, start: at.start + right } : { line: at.line + down, start: right };
      const word = script.document.lines[at.line].text.slice(at.start, at.start + length);
      found.push(`${word} ${legend.tokenTypes[type]}${modifiers & 1 ? " declaration" : ""}`);
    }
    return found;
  };
  test("words have the kind of what they mean", () => {
    assert.deepEqual(words("let nic = 0x10\nMAPD DeviceID=nic, V=0\nwrite GITS_CTLR.Enabled = 1"), [
      "let keyword",
      "nic variable declaration",
      "0x10 number",
      "MAPD function",
      "DeviceID parameter",
      "nic variable",
      "V parameter",
      "0 number",
      "write keyword",
      "GITS_CTLR class",
      "Enabled property",
      "1 number",
    ]);
  });
  test("a range has the words of its lines", () => {
    assert.deepEqual(words("let a = 1\nsave => EINVAL\nlet b = 2", 1), ["save keyword", "EINVAL enumMember"]);
  });
});

describe("signature help", () => {
  const active = (text: string) => {
    const { script, position } = marked(text);
    const help = signatureHelp(script, position);
    const label = help?.signatures[0].parameters?.[help.activeParameter ?? 0]?.label;
    return typeof label === "string" ? label : undefined;
  };
  test("shows every argument, in brackets what may be left out", () => {
    const { script, position } = marked("MAPD <|>");
    assert.equal(signatureHelp(script, position)?.signatures[0].label, "MAPD DeviceID, ITT_addr, Size, [V]");
  });
  test("marks the argument that is written", () => {
    assert.equal(active("MAPD Size=<|>4"), "Size");
    assert.equal(active("MAPD ITT_addr=<|>"), "ITT_addr");
  });
  test("marks the next one behind a comma", () => {
    assert.equal(active("MAPD DeviceID=1, <|>"), "ITT_addr");
  });
  test("knows msi", () => {
    assert.equal(active("msi <|>"), "DeviceID");
  });
  test("has nothing for other statements", () => {
    assert.equal(active("let <|>a = 1"), undefined);
  });
});

describe("quick fixes", () => {
  test("change a misspelt command, name, argument, field or register to what is meant", () => {
    assert.equal(fix("MAPDD DeviceID=1, V=0", /MAPD/), "MAPD DeviceID=1, V=0");
    assert.equal(fix("let nic = 1\nread nik", "Change to nic"), "let nic = 1\nread nic");
    assert.equal(fix("MAPD DevceID=1, V=0", "Change to DeviceID"), "MAPD DeviceID=1, V=0");
    assert.equal(fix("read GITS_CTLR.Enable", "Change to Enabled"), "read GITS_CTLR.Enabled");
    assert.equal(fix("read GITS_CBASR", "Change to GITS_CBASER"), "read GITS_CBASER");
    assert.equal(fix("save => EINVL", "Change to EINVAL"), "save => EINVAL");
  });
  test("clear bits that a field does not hold", () => {
    const text = "MAPD DeviceID=1, ITT_addr=0x40400010, Size=4";
    assert.equal(fix(text, "Change to 0x40400000"), "MAPD DeviceID=1, ITT_addr=0x40400000, Size=4");
  });
  test("map a missing device, and what is left is its missing event", () => {
    const text = fix(`${mapped}\n  INT DeviceID=0x11, EventID=3`, "Map DeviceID 0x11 above");
    assert.equal(text.split("\n")[3], "  MAPD DeviceID=0x11, ITT_addr=0x40401000, Size=4");
    expectProblems(text, "5 ITS0501 3");
    expectProblems(fix(text, "Map EventID 0x3 of DeviceID 0x11 above"));
  });
  test("map a missing device in a script with carriage returns", () => {
    const text = fix("# one\r\nINT DeviceID=0x11, EventID=3", /Map DeviceID/);
    assert.equal(text.split("\r\n").length, 3);
  });
  test("give a device more events", () => {
    const text = fix(`${mapped}\nMAPTI DeviceID=0x10, EventID=0x20, pINTID=8196, ICID=0`, /6 EventID bits/);
    assert.match(text, /Size=5/);
    expectProblems(text);
  });
  test("map a missing collection", () => {
    const text = mapped.replace("MAPC ICID=0, RDbase=1\n", "");
    expectProblems(
      fix(`${text}\nINT DeviceID=0x10, EventID=0`, "Map ICID 0x0 above"),
      "2 L-65 MAPTI DeviceID=0x10, EventID=0, pINTID=8195, ICID=0",
    );
  });
  test("expect what the model answers", () => {
    const text = fix(`${mapped}\nINT DeviceID=0x10, EventID=0x20  # why`, "Expect INT_UNMAPPED_INTERRUPT");
    assert.equal(text.split("\n")[3], "INT DeviceID=0x10, EventID=0x20 => INT_UNMAPPED_INTERRUPT  # why");
    expectProblems(text);
  });
  test("expect another outcome than the one that is written", () => {
    expectProblems(fix(`${mapped} => ignored`, "Expect done"));
  });
});
