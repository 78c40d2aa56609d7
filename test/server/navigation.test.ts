import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DocumentHighlightKind, SymbolKind } from "vscode-languageserver";
import { prepareRename, rename } from "../../server/editing/rename.ts";
import { folding } from "../../server/navigation/folding.ts";
import { highlight } from "../../server/navigation/highlight.ts";
import { references } from "../../server/navigation/references.ts";
import { symbols } from "../../server/navigation/symbols.ts";
import { expectDefinition, mapped, marked, open } from "./kit.ts";

describe("definitions", () => {
  test("a name's is its let", () => {
    expectDefinition("let nic = 1\nMAPD DeviceID=n<|>ic, V=0", "1 nic");
  });
  test("a DeviceID's is the MAPD of the device", () => {
    expectDefinition(`${mapped}\nINT DeviceID=0x<|>10, EventID=0`, "1 DeviceID=0x10");
  });
  test("of two MAPDs it is the one in force", () => {
    const again = "MAPD DeviceID=0x10, ITT_addr=0x40500000, Size=4";
    expectDefinition(`${mapped}\n${again}\nINT Device<|>ID=0x10, EventID=0`, "4 DeviceID=0x10");
  });
  test("an EventID's is the MAPTI of the event of this device", () => {
    const other = "MAPTI DeviceID=0x11, EventID=0, pINTID=8196, ICID=0";
    expectDefinition(`${mapped}\n${other}\nINT DeviceID=16, Event<|>ID=0`, "3 EventID=0");
  });
  test("an EventID's may be a MAPI", () => {
    const device = "MAPD DeviceID=1, ITT_addr=0x40400000, Size=13";
    expectDefinition(
      `${device}\nMAPI DeviceID=1, EventID=8200, ICID=0\nINT DeviceID=1, EventID=82<|>00`,
      "2 EventID=8200",
    );
  });
  test("an ICID's is the MAPC of the collection", () => {
    expectDefinition(`${mapped}\nMAPI DeviceID=0x10, EventID=9, ICI<|>D=0`, "2 ICID=0");
  });
  test("a pINTID's is the MAPTI that gives it to an event", () => {
    expectDefinition(`${mapped}\nexpect pending[81<|>95] == 1`, "3 pINTID=8195");
  });
  test("ids of another ITS than 0 are not those of ITS 0", () => {
    const two = "machine { its = 0x08080000  its = 0x08060000 }";
    expectDefinition(`${two}\n${mapped}\nINT@1 DeviceID=0x<|>10, EventID=0`, undefined);
    expectDefinition(`${two}\n${mapped}\nexpect dte@1[0x<|>10].valid == 0`, undefined);
    expectDefinition(`${two}\n${mapped}\nINT@0 DeviceID=0x<|>10, EventID=0`, "2 DeviceID=0x10");
  });
  test("table references have theirs", () => {
    expectDefinition(`${mapped}\nexpect ite[0x10, <|>0].valid`, "3 EventID=0");
    expectDefinition(`${mapped}\nexpect dte[0x<|>10].valid`, "1 DeviceID=0x10");
  });
  test("an argument name with a let value is the device", () => {
    expectDefinition(`let nic = 0x10\n${mapped}\nINT Devi<|>ceID=nic, EventID=0`, "2 DeviceID=0x10");
  });
  test("mappings of another machine do not count", () => {
    expectDefinition(`${mapped}\nmachine { model = qemu }\nINT DeviceID=0x<|>10, EventID=0`, undefined);
    expectDefinition(`INT DeviceID=0x<|>10, EventID=0\nmachine { model = qemu }\n${mapped}`, undefined);
    expectDefinition(
      `${mapped}\nmachine { model = qemu }\n${mapped}\nINT DeviceID=0x<|>10, EventID=0`,
      "5 DeviceID=0x10",
    );
  });
  test("a command has none", () => {
    expectDefinition(`${mapped}\nIN<|>T DeviceID=0x10, EventID=0`, undefined);
  });
});

describe("references", () => {
  const lines = (text: string, declaration: boolean) => {
    const { script, position } = marked(text);
    return references(script, position, declaration).map(({ range }) => range.start.line + 1);
  };
  test("every line that names the device, however it writes it", () => {
    const text = `${mapped}\nlet nic = 16\nINT Device<|>ID=nic, EventID=0\nexpect dte[0x10].valid\nINT DeviceID=1, EventID=0`;
    assert.deepEqual(lines(text, true), [1, 3, 5, 6]);
    assert.deepEqual(lines(text, false), [3, 5, 6]);
  });
  test("of a device, those on its machine", () => {
    assert.deepEqual(lines(`${mapped}\nmachine { cpus = 2 }\nINT Device<|>ID=0x10, EventID=0`, true), [5]);
    assert.deepEqual(
      lines(`${mapped.replace("DeviceID", "Dev<|>iceID")}\nmachine { cpus = 2 }\n${mapped}`, true),
      [1, 3],
    );
  });
  test("of a name, its let and its uses", () => {
    assert.deepEqual(lines("let a<|> = 1\nlet aa = a + a\nread aa", true), [1, 2, 2]);
  });
  test("highlights tell the mapping from its uses", () => {
    const { script, position } = marked(`${mapped}\nINT DeviceID=0x10, Event<|>ID=0`);
    assert.deepEqual(
      highlight(script, position).map(({ kind }) => kind),
      [DocumentHighlightKind.Write, DocumentHighlightKind.Read],
    );
  });
});

describe("rename", () => {
  const renamed = (text: string, name: string) => {
    const { script, position } = marked(text);
    return { script, result: rename(script, position, name) };
  };
  test("a let name everywhere", () => {
    const { script, result } = renamed("let a<|> = 1\nlet b = a + a", "first");
    assert.ok("changes" in result);
    assert.equal(result.changes?.[script.uri].length, 3);
  });
  test("not to a name that is taken, reserved or no name", () => {
    for (const name of ["b", "expect", "GITS_X", "1a", "", "a b", "pending"])
      assert.ok("refusal" in renamed("let a<|> = 1\nlet b = 2", name).result, name);
  });
  test("only let names", () => {
    const { script, position } = marked("MAPD Device<|>ID=1, V=0");
    assert.equal(prepareRename(script, position), null);
    assert.ok("refusal" in rename(script, position, "x"));
  });
  test("the placeholder is the name", () => {
    const { script, position } = marked("let nic = 1\nread n<|>ic");
    assert.equal(prepareRename(script, position)?.placeholder, "nic");
  });
});

describe("outline and folding", () => {
  test("devices hold their events and reach to the last", () => {
    const found = symbols(open(`machine {\n  cpus = 2\n}\nlet a = 1\n${mapped}`));
    assert.deepEqual(
      found.map(({ name, kind }) => [name, kind]),
      [
        ["machine", SymbolKind.Module],
        ["a", SymbolKind.Constant],
        ["DeviceID 0x10", SymbolKind.Class],
        ["ICID 0", SymbolKind.Namespace],
      ],
    );
    assert.equal(found[2].children?.[0]?.name, "EventID 0");
    assert.equal(found[2].range.end.line, 6);
  });
  test("a device ends before the next", () => {
    const next = "MAPD DeviceID=0x11, ITT_addr=0x40500000, Size=4";
    const late = "MAPTI DeviceID=0x10, EventID=1, pINTID=8196, ICID=0";
    const [first] = symbols(open(`${mapped}\n${next}\n${late}`));
    assert.equal(first.range.end.line, 2);
    assert.equal(first.children?.length, 2);
  });
  test("a selection lies in its range", () => {
    for (const { range, selectionRange } of symbols(open(mapped))) {
      assert.ok(range.start.line <= selectionRange.start.line && selectionRange.end.line <= range.end.line);
    }
  });
  test("the machine block and comments of several lines fold", () => {
    const script = open("# one\n# two\nmachine {\n  cpus = 2\n}\n# alone\nread GITS_CTLR");
    assert.deepEqual(
      folding(script).map(({ startLine, endLine }) => [startLine, endLine]),
      [
        [0, 1],
        [2, 3],
      ],
    );
  });
});
