import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMachine } from "../../emulator/index.ts";
import { ScriptDocument } from "../../language/index.ts";
import { EmulatorTarget, ScriptRun, setUpTarget } from "../../runner/index.ts";
import { hover } from "../../server/hover/hover.ts";
import type { Script } from "../../server/scripts/script.ts";
import { expectHover, mapped } from "./kit.ts";

describe("hover", () => {
  test("a command shows its packet as four doublewords", () => {
    expectHover(
      `MAPC ICID=3, RDbase=1\nMA<|>PTI DeviceID=0x2, EventID=0x14, pINTID=8195, ICID=3`,
      "DW0  0x0000_0002_0000_000a",
      "DW1  0x0000_2003_0000_0014",
      "DW2  0x0000_0000_0000_0003",
      "DW3  0x0000_0000_0000_0000",
    );
  });
  test("a command shows where its fields are and what they hold", () => {
    expectHover(
      "MA<|>PD DeviceID=0x10, ITT_addr=0x40400000, Size=4",
      "| Size | DW1[4:0] | `4` | 5 EventID bits, 32 events |",
    );
  });
  test("a command shows what became of it", () => {
    expectHover(`${mapped}\nI<|>NT DeviceID=0x10, EventID=0x20`, "**ignored, ");
  });
  test("an argument shows its bits, its range and its value", () => {
    expectHover("MAPD DeviceID=1, ITT_addr=0x40400000, Si<|>ze=7", "DW1[4:0]", "0 to 31", "8 EventID bits, 256 events");
  });
  test("an argument of msi is one of INT", () => {
    expectHover(`${mapped}\nmsi Dev<|>iceID=0x10, EventID=0`, "DW0[63:32]");
  });
  test("a register shows place, access, value and fields", () => {
    expectHover("read GITS_CB<|>ASER", "64 bits, RW", "at 0x08080080", "0xb800_0000_4000_040f", "| [63] | Valid |");
  });
  test("a register shows its value before and after the line", () => {
    expectHover("write GITS_CT<|>LR.Enabled = 0", /before this line: `0x\w*1`, after it: `0x\w*0`/);
  });
  test("a register shows the value at its line, not at the end of the script", () => {
    expectHover(`read GITS_CRE<|>ADR\n${mapped}`, "Value: `0x0000_0000_0000_0000`");
  });
  test("a register of a PE says which", () => {
    expectHover("read GICR_CT<|>LR[2]", "of PE 2", "at 0x080e0000");
  });
  test("a field shows its bits and its value", () => {
    expectHover("read GITS_BASER0.Ty<|>pe", "[58:56]", "Devices");
  });
  test("a table entry shows its fields", () => {
    expectHover(`${mapped}\nread d<|>te[0x10]`, "ITT\\_addr", "`0x40400000`");
  });
  test("a table field says where each layout has it", () => {
    expectHover(`${mapped}\nread dte[0x10].ITT_<|>addr`, "0x0000_0000_4040_0000", "revision 0: [48:5]");
  });
  test("pending shows its value at the line", () => {
    expectHover(`${mapped}\nINT DeviceID=0x10, EventID=0\nexpect pen<|>ding[8195] == 1`, "Value: `1`");
  });
  test("a number shows its bases and its size", () => {
    expectHover("let a = 6<|>4K", "hex      0x10000", "decimal  65536", "size     64 KiB");
  });
  test("a pINTID's number says what interrupt it is", () => {
    expectHover(`MAPTI DeviceID=1, EventID=1, pINTID=81<|>95, ICID=0`, "LPI 8195");
  });
  test("a name shows its value and where it is defined", () => {
    expectHover("let nic = 0x10\nMAPD DeviceID=n<|>ic, V=0", "let nic = 0x10", "`0x10` = 16", "line 1");
  });
  test("a name that reads state shows what it was", () => {
    expectHover(`${mapped}\nlet at<|> = GITS_CREADR`, "`0x60` = 96");
  });
  test("a statement word shows form and example", () => {
    expectHover("exp<|>ect 1", "expect CONDITION", "Example:");
  });
  test("raw shows the command that it is", () => {
    expectHover("ra<|>w 0x5, 0, 0x10000, 0", "**SYNC**", "DW2  0x0000_0000_0001_0000");
  });
  test("an outcome shows what the error is and what helps", () => {
    expectHover("INT DeviceID=1, EventID=1 => INT_UNMAPPED_INTER<|>RUPT", "0x010307", "Linux");
  });
  test("same as shows what is compared, its models their names", () => {
    expectHover("expect sa<|>me as arch", "expect same as MODEL", "another value that is read", "Example:");
    expectHover("expect same as kvm-<|>6.1", "KVM of Linux 6.1.");
  });
  test("queue shows what leads to the slot", () => {
    expectHover("que<|>ue 2046", "queue[@ITS] SLOT", "SYNC");
  });
  test("a property shows its form, a model its name", () => {
    expectHover("machine { mod<|>el = kvm-6.1 }", "model = NAME");
    expectHover("machine { model = kvm-<|>6.1 }", "KVM of Linux 6.1.");
  });
  test("nothing stands in a comment", () => {
    expectHover("# MAP<|>D");
  });
  test("nothing stands beyond a misspelt word", () => {
    expectHover("MAPP<|>D DeviceID=1");
  });
});

describe("device attributes", () => {
  test("a register tells the attr that reaches it", () => {
    expectHover(
      "user-read GICR_PENDBASER<|>[1]",
      "VGIC\\_V3, group REDIST\\_REGS (5), attr `0x100000078` and `0x10000007c`, 32 bits",
    );
    expectHover("user-write GITS_CBASER<|> = 0", "VGIC\\_ITS, group ITS\\_REGS (8), attr `0x80`, 64 bits");
    expectHover("user-read ICC_PMR_EL1<|>[2]", "group CPU\\_SYSREGS (6), attr `0x20000c230`");
  });
  test("only where there is user space", () => {
    expectHover("machine { model = qemu }\nread GITS_CBASER<|>", "GITS\\_CBASER", /^(?!.*attr)/s);
  });
  test("a device tells its groups, a group its attributes, an attribute what it does", () => {
    expectHover("get-attr VGIC_I<|>TS, CTRL, RESET", "type 8", "**ITS\\_REGS**", "arm-vgic-its.rst");
    expectHover("has-attr VGIC_ITS, CT<|>RL, 7", "CTRL of VGIC\\_ITS has no such attribute", "SAVE\\_TABLES");
    expectHover("has-attr VGIC_ITS, CTRL, SAVE_<|>TABLES", "Writes the ITS");
    expectHover("get-attr VGIC_V3, REDIST_<|>REGS, GITS_CREADR", "group 5, 32 bits", "mpidr");
  });
  test("a name in an attr tells its value, and what the attr reaches", () => {
    expectHover(
      "let n = 0x78\nget-attr VGIC_V3, REDIST_REGS, 1 << 32 | n<|>",
      "Value: `0x78`",
      "GICR\\_PENDBASER",
      "- `addr` points to 32 bits.",
    );
  });
  test("a number tells what it reaches", () => {
    expectHover("get-attr VGIC_V3, REDIST_REGS, 0x1000000<|>78", "GICR\\_PENDBASER\\[31:0\\] of vCPU 1");
    expectHover("let n = 0x78\nget-attr VGIC_V3, REDIST_REGS, 1<|> << 32 | n", "GICR\\_PENDBASER");
  });
});

describe("the hover over an entry", () => {
  /** The hover at a line that reads an entry, with a machine of `arch` whose tables are Xen's before and behind the line. */
  function hovered(script: string): string {
    const target = new EmulatorTarget(createMachine({ model: "arch", cpus: 2, layout: "xen" }));
    assert.equal(setUpTarget(target, 0x4000_0000, 0x400_0000), undefined);
    const document = new ScriptDocument(script);
    const run = new ScriptRun(document, target);
    for (let step = run.step(); step !== undefined; step = run.step()) assert.deepEqual(step.result.problems, []);
    const simulation = { stateBefore: () => run } as unknown as NonNullable<Script["simulation"]>;
    const index = document.lines.findLastIndex(({ text }) => text.startsWith("read "));
    const line = document.lines[index];
    const column = line.text.indexOf("cte");
    const found = hover(
      { uriOf: () => undefined, uri: "", version: 1, document, simulation },
      { line: index, character: column },
    );
    assert.ok(found?.contents !== undefined && typeof found.contents === "object" && "value" in found.contents);
    return found.contents.value;
  }

  test("has its fields where all of them are 0 and it is mapped", () => {
    assert.match(hovered("MAPC ICID=0, RDbase=0\nread cte[0]\n"), /\[15:0\] \| RDbase \| `0`/);
  });

  test("has no fields where nothing is mapped", () => {
    assert.doesNotMatch(hovered("MAPC ICID=0, V=0\nread cte[0]\n"), /\| RDbase \|/);
  });
});
