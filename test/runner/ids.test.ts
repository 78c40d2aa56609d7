import assert from "node:assert/strict";
import { test } from "node:test";
import { started } from "./support.ts";

const MAPPED = [
  "MAPD DeviceID=1, ITT_addr=0x43000000, Size=4",
  "MAPC ICID=1, RDbase=0",
  "MAPTI DeviceID=1, EventID=1, pINTID=8192, ICID=1",
];

/** The problem of a line behind a mapped event: its code and sentence, or nothing. */
function problem(model: string, line: string): string | undefined {
  const run = started([`machine { model = ${model} }`, ...MAPPED, line].join("\n"));
  while (run.nextLine < MAPPED.length + 1) run.step();
  const [found] = run.step()?.result.problems ?? [];
  return found && `${found.code} ${found.message}`;
}

const DEVICE = "DeviceIDs are 0 to 0xffffffff (32 bits); this machine has 0 to 0xffff.";
const EVENT = "EventIDs are 0 to 0xffffffff (32 bits); this machine has 0 to 0xffff.";
const COLLECTION = "ICIDs are 0 to 0xffff (16 bits); this machine has 0 to 0xffff.";
const INTERRUPT = "INTIDs are 0 to 0xffffffff (32 bits); this machine has 0 to 0xffff.";

const refused: readonly (readonly [line: string, problem: string])[] = [
  ["expect dte[-1].valid == 1", `ITS0409 DeviceID -1 cannot exist: ${DEVICE}`],
  ["let x = ite[-1, 0]", `ITS0409 DeviceID -1 cannot exist: ${DEVICE}`],
  ["let x = ite[1, 0x100000001]", `ITS0409 EventID 0x100000001 cannot exist: ${EVENT}`],
  ["let x = ite[0x1_0000_0001, 1].pINTID", `ITS0409 DeviceID 0x100000001 cannot exist: ${DEVICE}`],
  ["read cte[-65535]", `ITS0409 ICID -0xffff cannot exist: ${COLLECTION}`],
  ["read cte[0x1_0001].RDbase", `ITS0409 ICID 0x10001 cannot exist: ${COLLECTION}`],
  ["read pending[0x1_0000_2000]", `ITS0409 INTID 0x100002000 cannot exist: ${INTERRUPT}`],
  ["read priority[-1]", `ITS0409 INTID -1 cannot exist: ${INTERRUPT}`],
  ["read priority[32, -1]", "ITS0313 PE -1 cannot exist: PE numbers are 0 to 511."],
  ["read pending[8192, 0x1_0000_0000]", "ITS0313 PE 0x100000000 cannot exist: PE numbers are 0 to 511."],
  ["read pending[8192, 9]", "ITS0406 This machine has PEs 0 to 3, no PE 9."],
  ["read enabled[16, 9]", "ITS0406 This machine has PEs 0 to 3, no PE 9."],
  ["read running[-1]", "ITS0313 PE -1 cannot exist: PE numbers are 0 to 511."],
  ["read ICC_PMR_EL1[9]", "ITS0509 This machine has PEs 0 to 3, and so no ICC_PMR_EL1 of PE 9."],
  ["write GICR_CTLR[9] = 1", "ITS0509 This machine has PEs 0 to 3, and so no GICR_CTLR of PE 9."],
  ["read GICR_CTLR[dte[9].valid - 1]", "ITS0313 PE -1 cannot exist: PE numbers are 0 to 511."],
  ["line 32, dte[9].valid - 1 = 1", "ITS0313 PE -1 cannot exist: PE numbers are 0 to 511."],
  ["mem8[dte[9].valid - 1] = 1", "ITS0405 -1 is no address: addresses are 0 to 0xfffffffffffff (52 bits)."],
  ["fill 0x40000000, dte[9].valid - 1, 0", "ITS0405 -1 is no address: addresses are 0 to 0xfffffffffffff (52 bits)."],
];

for (const model of ["kvm-5.10", "kvm-7.2", "qemu", "arch"])
  for (const [line, expected] of refused)
    test(`${model} refuses ${line}`, () => {
      const found = problem(model, line);
      // How wide ids are differs between the models.
      const cut = (text: string | undefined): string | undefined => text?.replace(/; this machine has 0 to \w+\./, "");
      if (model === "kvm-7.2") assert.equal(found, expected);
      else assert.equal(cut(found), cut(expected));
    });

test("ids that a command can hold are read whether the machine has them or not", () => {
  for (const state of ["dte[0xffff_ffff]", "ite[1, 0xffff_ffff]", "cte[0xffff]", "pending[0xffff_ffff]"])
    assert.equal(problem("kvm", `expect ${state} == 0`), undefined, state);
});
