import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Answers, type Message, Messenger } from "../../client/shared/messenger.ts";
import { columnLayout } from "../../client/webview/live/column-layout.ts";
import { fitting, valueForms } from "../../client/webview/live/number-text.ts";
import { tableText } from "../../client/webview/live/table-text.ts";

interface Left {
  readonly double: { readonly arguments: number; readonly body: number };
}
interface Right {
  readonly name: { readonly arguments: null; readonly body: string };
}

/** Two ends that hear each other. */
function pair(left: Answers<Left>, right: Answers<Right>) {
  const ends: { left: Messenger<Right, Left>; right: Messenger<Left, Right> } = {
    left: new Messenger<Right, Left>((message: Message) => void ends.right.accept(structuredClone(message)), left),
    right: new Messenger<Left, Right>((message: Message) => void ends.left.accept(structuredClone(message)), right),
  };
  return ends;
}

describe("a messenger", () => {
  const answers = { double: (value: number) => value * 2 };

  it("asks and answers in both directions", async () => {
    const { left, right } = pair(answers, { name: async () => "right" });
    assert.equal(await right.ask("double", 21), 42);
    assert.equal(await left.ask("name", null), "right");
  });

  it("hands back what an answer throws, and a name that is not known", async () => {
    const { left, right } = pair(answers, {
      name: () => {
        throw new Error("no name");
      },
    });
    await assert.rejects(left.ask("name", null), /^Error: no name$/);
    await assert.rejects(right.ask("constructor" as "double", 1), /no request constructor/);
  });

  it("passes over what is no message, and fails what will not be answered any more", async () => {
    const sent: Message[] = [];
    const end = new Messenger<Left, Right>((message) => sent.push(message), { name: () => "" });
    for (const message of [null, 5, "x", {}, { kind: "reply" }, { kind: "other", id: 1 }]) await end.accept(message);
    assert.equal(sent.length, 0);
    const asked = end.ask("double", 1);
    end.close(new Error("the page went"));
    await assert.rejects(asked, /^Error: the page went$/);
  });
});

describe("a value", () => {
  it("is grouped where there is room, and loses the zeros before its digits first", () => {
    const forms = valueForms("0x00000000000000e0");
    assert.deepEqual(forms, ["0x0000_0000_0000_00e0", "0x00000000000000e0", "0x…e0"]);
    assert.equal(fitting(forms, 21), "0x0000_0000_0000_00e0");
    assert.equal(fitting(forms, 18), "0x00000000000000e0");
    assert.equal(fitting(forms, 10), "0x…e0");
  });

  it("keeps its highest digits where not all have room", () => {
    assert.deepEqual(valueForms("0xb907000040100607"), ["0xb907_0000_4010_0607", "0xb907000040100607"]);
    assert.equal(fitting(valueForms("0xb907000040100607"), 10), "0xb907000…");
    assert.deepEqual(valueForms("0x00000000"), ["0x00000000", "0x…0"]);
  });

  it("changes its form together with others", () => {
    const needs = [15];
    assert.equal(fitting(["GITS_CTLR", "CTLR"], 15, needs), "GITS_CTLR");
    assert.equal(fitting(["GITS_CTLR", "CTLR"], 12, needs), "CTLR");
  });

  it("is written in other radixes", () => {
    assert.deepEqual(valueForms("0x00000010", "dec"), ["16"]);
    assert.equal(valueForms("0x0f", "bin")[0], "0b00001111");
  });
});

describe("columns", () => {
  const columns = [
    { heading: "name", width: 14, rank: 0, fill: true },
    { heading: "value", width: 18, rank: 0, fill: true },
    { heading: "address", width: 10, rank: 1 },
    { heading: "reset", width: 20, rank: 2, spare: 10 },
  ];

  it("leave by their ranks where there is no room, and those that fill have the rest", () => {
    const wide = columnLayout(columns, 100);
    assert.deepEqual([wide.shown, wide.hidden], [[0, 1, 2, 3], []]);
    assert.ok(Math.abs(wide.least - 100) < 0.01);
    assert.deepEqual(columnLayout(columns, 70).hidden, ["reset"]);
    const narrow = columnLayout(columns, 40);
    assert.deepEqual(narrow.shown, [0, 1]);
    assert.ok(narrow.rooms[1] >= 18);
  });

  it("become narrower than they should be rather than go out of sight", () => {
    const { rooms, least } = columnLayout(columns, 26);
    assert.ok(least <= 26.01, String(least));
    assert.deepEqual(
      rooms.map((room) => Math.round(room * 10) / 10),
      [11.3, 13.5],
    );
  });

  it("stand closer and give up their long headings where there is little room, and keep the least that each says", () => {
    const { rooms, dense, headings } = columnLayout(
      [
        { heading: "Register", width: 15, least: 12, rank: 0, fill: true },
        { heading: "Value", width: 18, least: 10, rank: 0, fill: true },
      ],
      23.5,
    );
    assert.ok(dense && rooms[0] >= 12 && rooms[1] >= 10, String(rooms));
    assert.deepEqual(headings, ["Register", "Value"]);
    const tiny = columnLayout(
      [
        { heading: "Register", width: 15, least: 12, rank: 0, fill: true },
        { heading: "Value", width: 18, least: 10, rank: 0, fill: true },
      ],
      19,
    );
    assert.ok(Math.abs(tiny.least - 19) < 0.01, "nothing is out of sight where not even that has room");
    const pending = { heading: "Pending", width: 8, rank: 0, narrow: { heading: "P", width: 2 } };
    const target = { heading: "Target", width: 8, rank: 0 };
    assert.deepEqual(columnLayout([pending, target], 30).headings, ["Pending", "Target"]);
    assert.deepEqual(columnLayout([pending, target], 12).headings, ["P", "Target"]);
  });
});

describe("a table as text", () => {
  const rows = [
    ["1", "a|b"],
    ["22", 'say "x", y'],
  ];
  const of = (form: Parameters<typeof tableText>[0]) => tableText(form, ["Id", "What"], rows);

  it("has columns of one width", () => {
    assert.equal(of("text"), 'Id  What\n1   a|b\n22  say "x", y\n');
  });

  it("is Markdown, CSV and JSON that read back as they were", () => {
    assert.equal(of("markdown").split("\n")[2], "| 1 | a\\|b |");
    assert.equal(of("csv"), 'Id,What\r\n1,a|b\r\n22,"say ""x"", y"\r\n');
    assert.deepEqual(JSON.parse(of("json"))[1], { Id: "22", What: 'say "x", y' });
  });
});
