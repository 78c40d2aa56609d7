import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DocumentHighlightKind, type DocumentSymbol } from "vscode-languageserver";
import { definition } from "../../server/navigation/definition.ts";
import { highlight } from "../../server/navigation/highlight.ts";
import { symbols } from "../../server/navigation/symbols.ts";
import { scriptDiagnostics } from "../../server/scripts/diagnostics.ts";
import { OpenScripts } from "../../server/scripts/documents.ts";
import { complete, expectDefinition, fix, mapped, marked, open, strict, workspace } from "./kit.ts";

/** MAPTI DeviceID=0x10, EventID=1, pINTID=8196, ICID=0 as a packet, and MAPD DeviceID=0x10 of 32 events at 0x40400000. */
const rawMapti = "raw 0x100000000a, 0x0000200400000001, 0, 0";
const rawMapd = "raw 0x1000000008, 4, 0x8000000040400000, 0";
const event = (id: string) => `INT DeviceID=0x10, EventID=${id}`;
const intOfEvent0 = "INT DeviceID=0x10, Event<|>ID=0";

const ids = (text: string) =>
  complete(text)
    .items.filter(({ detail }) => /, line \d+$/.test(detail ?? ""))
    .map(({ label }) => label);

const names = (list: readonly DocumentSymbol[]): unknown[] =>
  list.map(({ name, detail, range, children }) => [
    name,
    detail,
    range.start.line + 1,
    ...(children === undefined || children.length === 0 ? [] : [names(children)]),
  ]);

describe("what is mapped at a line, as the machine has it", () => {
  test("DISCARD: an event has no definition afterwards, and is not offered", () => {
    const text = `${mapped}\nDISCARD DeviceID=0x10, EventID=0`;
    expectDefinition(`${text}\n${intOfEvent0}`, undefined);
    assert.deepEqual(ids(`${text}\nINT DeviceID=0x10, EventID=<|>`), []);
    expectDefinition(`${mapped}\nDISCARD DeviceID=0x10, Event<|>ID=0`, "3 EventID=0");
  });

  test("MAPD with V = 0 takes the device's events with it", () => {
    const text = `${mapped}\nMAPD DeviceID=0x10, V=0`;
    expectDefinition(`${text}\n${intOfEvent0}`, undefined);
    expectDefinition(`${text}\nINT Device<|>ID=0x10, EventID=0`, undefined);
    assert.deepEqual(ids(`${text}\nINT DeviceID=<|>`), []);
    assert.deepEqual(ids(`${text}\nINT DeviceID=0x10, EventID=<|>`), []);
  });

  test("a second MAPD frees the events of KVM's devices, not those that QEMU has in memory", () => {
    const again = "MAPD DeviceID=0x10, ITT_addr=0x40400000, Size=4";
    expectDefinition(`${mapped}\n${again}\n${intOfEvent0}`, undefined);
    expectDefinition(`machine { model = qemu }\n${mapped}\n${again}\n${intOfEvent0}`, "4 EventID=0");
  });

  test("reset: nothing is mapped; what a restore brings back is the restore's", () => {
    const text = `${mapped}\nsave\nset-attr VGIC_ITS, CTRL, RESET`;
    expectDefinition(`${text}\n${intOfEvent0}`, undefined);
    assert.deepEqual(ids(`${text}\nMAPI DeviceID=1, EventID=1, ICID=<|>`), []);
    const tables = [
      "write GITS_BASER0 = $BASER0",
      "write GITS_BASER1 = $BASER1",
      "set-attr VGIC_ITS, CTRL, RESTORE_TABLES",
    ];
    const restored = `let b0 = GITS_BASER0\nlet b1 = GITS_BASER1\n${text}\n${tables.join("\n")}`
      .replace("$BASER0", "b0")
      .replace("$BASER1", "b1");
    expectDefinition(`${restored}\n${intOfEvent0}`, "10 set-attr VGIC_ITS, CTRL, RESTORE_TABLES");
  });

  test("raw: a packet maps as a command does", () => {
    const text = `MAPC ICID=0, RDbase=0\n${rawMapd}\n${rawMapti}`;
    const word = (packet: string, number: number) => packet.slice("raw ".length).split(", ")[number];
    expectDefinition(`${text}\nINT DeviceID=0x10, Event<|>ID=1`, `3 ${word(rawMapti, 1)}`);
    expectDefinition(`${text}\nINT Device<|>ID=0x10, EventID=1`, `2 ${word(rawMapd, 0)}`);
    expectDefinition(`${text}\nexpect pending[81<|>96] == 1`, `3 ${word(rawMapti, 1)}`);
    assert.deepEqual(ids(`${text}\nINT DeviceID=<|>`), ["0x10"]);
    assert.deepEqual(ids(`${text}\nINT DeviceID=0x10, EventID=<|>`), ["0x1"]);
  });

  test("a command that failed has mapped nothing", () => {
    const failed = "MAPTI DeviceID=0x10, EventID=0x20, pINTID=8196, ICID=0";
    expectDefinition(`${mapped}\n${failed}\nINT DeviceID=0x10, Event<|>ID=0x20`, undefined);
    assert.deepEqual(ids(`${mapped}\n${failed}\nINT DeviceID=0x10, EventID=<|>`), ["0x0"]);
    // KVM passes over a second MAPTI of an event; QEMU carries it out.
    const second = "MAPTI DeviceID=0x10, EventID=0, pINTID=8200, ICID=0";
    expectDefinition(`${mapped}\n${second}\n${intOfEvent0}`, "3 EventID=0");
    expectDefinition(`machine { model = qemu }\n${mapped}\n${second}\n${intOfEvent0}`, "5 EventID=0");
  });

  test("commands that memory held map where they were carried out", () => {
    const store = [
      "mem64[0x40000000] = 0x1000000008",
      "mem64[0x40000008] = 4",
      "mem64[0x40000010] = 0x8000000040400000",
      "mem64[0x40000018] = 0",
    ];
    const text = `${store.join("\n")}\nwrite GITS_CWRITER = 0x20`;
    expectDefinition(`${text}\nINT Device<|>ID=0x10, EventID=1`, "5 write GITS_CWRITER = 0x20");
    const held = "write GITS_CTLR.Enabled = 0\nMAPC ICID=5, RDbase=0\nwrite GITS_CTLR.Enabled = 1";
    expectDefinition(`${held}\nINVALL IC<|>ID=5`, "3 write GITS_CTLR.Enabled = 1");
  });

  test("a store into a table in memory unmaps", () => {
    const text = `machine { model = qemu }\n${mapped}\nfill 0x40400000, 0x200, 0`;
    expectDefinition(`${text}\n${intOfEvent0}`, undefined);
    expectDefinition(`${text}\nINT Device<|>ID=0x10, EventID=0`, "2 DeviceID=0x10");
  });

  test("ids that only running knows are known", () => {
    const text = "MAPD DeviceID=mem32[0x40500000] + 0x10, ITT_addr=0x40400000, Size=4";
    assert.deepEqual(ids(`${text}\nINT DeviceID=<|>`), ["0x10"]);
    expectDefinition(`${text}\nINT Device<|>ID=0x10, EventID=0`, `1 ${text}`);
  });

  test("where no line above has mapped it, it is the first below", () => {
    const [device, collection, event] = mapped.split("\n");
    expectDefinition(`${device}\n${event.replace("ICID", "IC<|>ID")}\n${collection}`, "3 ICID=0");
  });

  test("while the run has not come to the line, nothing is said", () => {
    const scripts = workspace();
    let time = 0;
    const slow = new OpenScripts(strict, true, () => (time += 20));
    for (const [set, expected] of [
      [scripts, 1],
      [slow, 0],
    ] as const) {
      const filler = Array.from({ length: 1000 }, () => "read GITS_CTLR").join("\n");
      set.open("a", 1, `${mapped}\n${filler}\nINT DeviceID=0x10, EventID=0`);
      const script = set.get("a");
      assert.ok(script);
      assert.equal(definition(script, { line: 1003, character: 5 }).length, expected);
    }
  });

  test("related places are those of the machine", () => {
    const places = (text: string) =>
      scriptDiagnostics(open(text), { maxProblems: 10 })
        .flatMap(({ relatedInformation }) => relatedInformation ?? [])
        .map(({ message, location }) => `${location.range.start.line + 1} ${message}`);
    assert.deepEqual(places(`${mapped}\nDISCARD DeviceID=0x10, EventID=0\n${event("0")}`), [
      "4 EventID 0x0 of DeviceID 0x10 is unmapped here.",
      "1 DeviceID 0x10 is mapped here with events 0x0 to 0x1f.",
    ]);
    assert.deepEqual(places(`${mapped}\nset-attr VGIC_ITS, CTRL, RESET\nwrite GITS_CTLR.Enabled = 1`), []);
    assert.deepEqual(places(`${mapped}\nraw 0x1000000008, 0, 0, 0\n${event("0")}`), [
      "4 DeviceID 0x10 is unmapped here.",
    ]);
    assert.deepEqual(places(`${mapped}\nMAPC ICID=0, V=0\nINVALL ICID=0`), ["4 ICID 0 is unmapped here."]);
  });

  test("what is free is free in the machine", () => {
    const more = "MAPD DeviceID=0x11, ITT_addr=0x40401000, Size=4";
    // An ITT that raw maps is taken, one that a MAPD with V = 0 has given back is not.
    const raw = "raw 0x1100000008, 4, 0x8000000040401000, 0";
    const fixed = (text: string, title: string) => fix(text, title).split("\n");
    assert.match(fixed(`${mapped}\n${raw}\nINT DeviceID=0x12, EventID=3`, "Map DeviceID 0x12 above")[4], /0x40402000/);
    assert.match(
      fixed(`${mapped}\n${more}\nMAPD DeviceID=0x11, V=0\nINT DeviceID=0x12, EventID=3`, "Map DeviceID 0x12 above")[5],
      /0x40401000/,
    );
    // What lines below map is taken, too.
    assert.match(fixed(`${mapped}\nINT DeviceID=0x12, EventID=3\n${more}`, "Map DeviceID 0x12 above")[3], /0x40402000/);
    const title = "Map EventID 0x3 of DeviceID 0x10 above";
    const first = "MAPTI DeviceID=0x10, EventID=1, pINTID=8192, ICID=0";
    assert.match(fixed(`${mapped}\n${first}\n${event("3")}`, title)[4], /pINTID=8193, ICID=0/);
    assert.match(
      fixed(`${mapped}\n${first}\nDISCARD DeviceID=0x10, EventID=1\n${event("3")}`, title)[5],
      /pINTID=8192/,
    );
    assert.match(fixed(`${mapped.replaceAll("ICID=0", "ICID=4")}\n${event("3")}`, title)[3], /ICID=4/);
  });

  test("the outline has what lines have mapped, and until when", () => {
    const failed = "MAPTI DeviceID=0x10, EventID=0x20, pINTID=8197, ICID=0";
    const text = `${mapped}\n${failed}\n${rawMapti}\nDISCARD DeviceID=0x10, EventID=0\nMAPD DeviceID=0x10, V=0`;
    assert.deepEqual(names(symbols(open(text))), [
      [
        "DeviceID 0x10",
        "ITT 0x40400000, until line 7",
        1,
        [
          ["EventID 0", "pINTID 8195, until line 6", 3],
          ["EventID 1", "pINTID 8196, until line 7", 5],
        ],
      ],
      ["ICID 0", "RDbase 1", 2],
    ]);
  });

  test("a mention is a definition where its line has mapped", () => {
    const { script, position } = marked(`${mapped}\n${intOfEvent0}\n${mapped.split("\n")[2]}`);
    assert.deepEqual(
      highlight(script, position).map(({ kind }) => kind),
      [DocumentHighlightKind.Write, DocumentHighlightKind.Read, DocumentHighlightKind.Read],
    );
  });
});
