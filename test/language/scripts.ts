import assert from "node:assert/strict";
import {
  isBoundStatement,
  isProblem,
  type Operation,
  operationOf,
  type Scope,
  ScriptDocument,
} from "../../language/index.ts";

/** A script with one or more lines, as a document. */
export function script(...lines: string[]): ScriptDocument {
  return new ScriptDocument(lines.join("\n"));
}

/** The operation of a document's line, which must have one. */
export function operation(
  document: ScriptDocument,
  line: number,
  scope: Scope = { lookup: () => undefined },
): Operation {
  const { statement } = document.lines[line];
  assert.ok(isBoundStatement(statement), document.lines[line].problem?.message ?? "a line that executes something");
  const result = operationOf(statement, scope);
  assert.ok(!isProblem(result), "message" in result ? result.message : "");
  return result;
}

/** Every diagnostic as `line code underlined text`, lines from 1. */
export function problems(document: ScriptDocument): string[] {
  return document.diagnostics().list.map(({ line, code, start, length }) => {
    const text = document.lines[line]?.text ?? "";
    return `${line + 1} ${code} ${text.slice(start, start + length)}`;
  });
}

/** Pieces of scripts, right and wrong, that a property test puts together. */
export const pieces = [
  "MAPD DeviceID=0x10, Size=7, ITT_addr=0x40400000, V=1",
  "MAPD DeviceID=nic, V=0",
  "mapti deviceid=nic, EventID=base + 1, pINTID=8192, ICID=0 => MAPTI_ID_OOR",
  "MAPC ICID=0, RDbase=0",
  "INT DeviceID=0x10, EventID=",
  "let nic = 0x10",
  "let base = nic * 2",
  "let base = GITS_CREADR",
  "let nic = base",
  "machine { model = kvm-7.2  cpus = 4 }",
  "get-attr VGIC_V3, REDIST_REGS, 1 << 32 | 0x14",
  "line 40, 1 = 1",
  "host-map 27, 1 = 27 => EINVAL",
  "host-unmap 27",
  "expect active[27, 1] == physical[27, 1]",
  "write GICD_SGIR@1 = 3",
  "set-attr VGIC_ITS, CTRL, SAVE_TABLES => EBUSY",
  "has-attr VGIC_ITS, ITS_REGS",
  "machine {",
  "  cpus = 2",
  "  ram = 0x40000000, 64M",
  "}",
  "write GITS_CBASER = { Valid=1, Size=0 }",
  "write GICR_CTLR[1].EnableLPIs = 1",
  "mem64[0x40000000 + base] = ~0 << 12",
  'expect pending[8192] == 1, "pending"',
  "expect dte[nic].valid",
  'expect same as arch | kvm-6.1 on kvm, "alike"',
  "expect same as qemu",
  "queue 2046",
  "queue@1 nic + base",
  "save-pending => EINVAL",
  "user-write GITS_IIDR = 0x4b00043b => EINVAL",
  "begin user, GITS_CREADR = base",
  "step 1 => done",
  "vcpu-run writing[nic]",
  "raw 1, 2, 3, 4",
  "# a comment",
  "",
  "  ",
  "$%&",
  "{",
  '"',
  "\t# x",
  "(((((",
  "=>",
  ",",
  "0x1G",
  "\u00e9\u00e9",
];
