import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatDocument, ScriptDocument } from "../../language/index.ts";
import { pieces } from "./scripts.ts";

const format = (text: string) => formatDocument(new ScriptDocument(text));

describe("one form for what means the same", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["mapd   deviceid = 0x10 ,size=7,  ITT_ADDR=0x40400000", "MAPD DeviceID=0x10, Size=7, ITT_addr=0x40400000"],
    [
      "  MAPVI DeviceID=1,EventID=0,pINTID=8192,ICID=0=>done",
      "MAPTI DeviceID=1, EventID=0, pINTID=8192, ICID=0 => done",
    ],
    ["let  x=(1+2)*-3", "let x = (1 + 2) * -3"],
    ["let x = ~ 0<<12 |! y", "let x = ~0 << 12 | !y"],
    ["let x = - -1 - -1", "let x = --1 - -1"],
    ["expect -x== y [ 7 : 0 ]", "expect -x == y[7:0]"],
    ['expect (x)==1,"a  b"', 'expect (x) == 1, "a  b"'],
    ["write gits_cbaser={Valid=1,Size = 0}", "write GITS_CBASER = { Valid=1, Size=0 }"],
    ["write GICR_CTLR [ 1 ] . EnableLPIs=1", "write GICR_CTLR[1].EnableLPIs = 1"],
    ["mem64 [0x1000]=pending[ 8192,1 ]", "mem64[0x1000] = pending[8192, 1]"],
    ['expect   same  as arch|kvm-6.1  on kvm,"as  it is"', 'expect same as arch | kvm-6.1 on kvm, "as  it is"'],
    ["queue@ 1 2000+46 # wraps", "queue@1 2000 + 46  # wraps"],
    ["write gits_ctlr.enabled=1", "write GITS_CTLR.Enabled = 1"],
    ["let x=gicr_ctlr[1].enablelpis + dte[1].itt_addr", "let x = GICR_CTLR[1].EnableLPIs + dte[1].ITT_addr"],
    ["user-write gits_iidr=1=>einval", "user-write GITS_IIDR = 1 => EINVAL"],
    ["int deviceid=1,eventid=0=>int_unmapped_interrupt", "INT DeviceID=1, EventID=0 => INT_UNMAPPED_INTERRUPT"],
    ["save=>ebusy", "save => EBUSY"],
    ["read  GITS_CTLR @ 0", "read GITS_CTLR@0"],
    ["save-pending=>EINVAL", "save-pending => EINVAL"],
    ["fill 0x1000 ,64K,0", "fill 0x1000, 64K, 0"],
    [
      "machine{model=kvm-7.2 cpus = 2*2 ram=0x40000000,(1+1)*32M}",
      "machine { model = kvm-7.2  cpus = 2 * 2  ram = 0x40000000, (1 + 1) * 32M }",
    ],
    ["machine {\ncpus=64-1 # few\n# all\n }", "machine {\n  cpus = 64 - 1  # few\n  # all\n}"],
    ["   # comment  ", "# comment"],
    ["SYNC RDbase=0# now", "SYNC RDbase=0  # now"],
    [
      "SYNC RDbase=0 # a\nINVALL ICID=100   # b\n\nSYNC RDbase=0 # c",
      "SYNC RDbase=0    # a\nINVALL ICID=100  # b\n\nSYNC RDbase=0  # c",
    ],
    ["  rubbish  =  here   # stays", "  rubbish  =  here   # stays"],
    ["let a=1\r\nlet b=2\rlet c=3", "let a = 1\r\nlet b = 2\rlet c = 3"],
  ];
  for (const [before, after] of cases) test(before, () => assert.equal(format(before), after));
});

/** What a script executes, without places. */
function meaning(text: string) {
  const document = new ScriptDocument(text);
  const withoutPlaces = (key: string, value: unknown) => {
    if (key === "start" || key === "length" || key === "command") return undefined;
    if (key === "word" || key === "name" || key === "text")
      return String((value as { text?: string }).text ?? value).toUpperCase();
    return typeof value === "bigint" ? value.toString() : value;
  };
  return {
    machine: document.machine,
    codes: document.diagnostics().list.map(({ code, line }) => `${line} ${code}`),
    statements: document.lines.map((line) => JSON.stringify(line.statement, withoutPlaces)?.replace("MAPVI", "MAPTI")),
  };
}

test("formatting twice changes nothing, keeps every line's meaning and every comment", () => {
  const words = pieces.flatMap((piece) => piece.split(/\b/)).filter((word) => word !== "");
  const loose = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((list) => list.join(" "));
  const line = fc.oneof(
    fc.constantFrom(...pieces),
    fc.constantFrom(...pieces).map((piece) => ` ${piece}  # note`),
    loose,
  );
  const text = fc.array(line, { maxLength: 20 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, (before) => {
      const once = format(before);
      assert.equal(format(once), once);
      assert.deepEqual(meaning(once), meaning(before));
      const comments = (script: string) => script.match(/# note/g)?.length ?? 0;
      assert.equal(comments(once), comments(before));
    }),
    { numRuns: 1500 },
  );
});

test("a refused text is left alone", () => {
  assert.equal(format("  SYNC\0"), "  SYNC\0");
});
