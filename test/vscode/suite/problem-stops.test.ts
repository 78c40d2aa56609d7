import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import { debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";

/** Each line with a problem of another kind, on a model that goes on behind it. */
const script = `machine { model = kvm-7.2 }
MAPC ICID=0, RDbase=0
MAPC ICID=1, RDbase=9
INT DeviceID=1, EventID=3
msi DeviceID=1, EventID=3
write GITS_CBASER = 0
write32 0x1000 = 1
expect cte[0].valid == 0
let end = 1
`;

describe("a debug session stops at problems", () => {
  // Before the sessions are given up: the editor keeps the ticks, for every session of the folder.
  after(async () => {
    debugging.forget();
    await atEntry(script, unasked);
    await debugging.stop();
  });
  const debugging = debuggingInEachTest();
  const everyKind = [
    "Failing commands",
    "Stalled queues",
    "Crashes of the host",
    "Memory that is not there",
    "Failed expectations",
    "Lost interrupts",
    "Ignored writes",
    "Differences to other models",
  ];
  const unasked = everyKind.slice(0, 6);

  /** Ticks these kinds and no others, in the list that "Debug: Toggle Exception Breakpoints" opens. */
  async function tick(kinds: readonly string[]): Promise<void> {
    const { offered } = debugging;
    assert.deepEqual(
      offered.map(({ label }) => label),
      everyKind,
    );
    const wanted = offered.filter(({ label }) => kinds.includes(label)).map(({ filter }) => filter);
    const before = debugging.filters;
    if (before.join() === wanted.join()) return;
    await vscode.commands.executeCommand("debug.toggleExceptionBreakpoints");
    await vscode.commands.executeCommand("quickInput.first");
    for (const { filter } of offered) {
      if (before.includes(filter) !== wanted.includes(filter))
        await vscode.commands.executeCommand("quickInput.toggleCheckbox");
      await vscode.commands.executeCommand("quickInput.next");
    }
    await vscode.commands.executeCommand("quickInput.accept");
    await until(`the ticks at ${kinds.join()}`, () => debugging.filters.join() === wanted.join());
  }

  /** Stops before the first line, with these kinds ticked. */
  async function atEntry(text: string, kinds: readonly string[]): Promise<void> {
    await debugging.start(text, "problem-stops", { stopOnEntry: true });
    await debugging.shown();
    await tick(kinds);
  }

  /** Goes on to a problem: its line, and what the editor's box has of it (it shows no more than these). */
  async function box(): Promise<string> {
    const at = await debugging.goes("continue");
    const { exceptionId, description, details } = await until("the box", () => debugging.problem);
    return `${at}: ${exceptionId} ${description}\n${details?.stackTrace}`;
  }

  /** Goes on to the end, at which the session ends that has stopped before. */
  async function ends(): Promise<void> {
    await vscode.commands.executeCommand("workbench.action.debug.continue");
    await until("the session to end", () => vscode.debug.activeDebugSession === undefined);
  }

  it("of the kinds that are ticked from the start, each with its code and sentence", async () => {
    await atEntry(script, unasked);
    const wanted = [
      /^exception 3: ITS0501 MAPC_PROCNUM_OOR \(0x010902\): RDbase names no PE\./,
      /^exception 4: ITS0501 INT_UNMAPPED_INTERRUPT \(0x010307\): DeviceID 0x1 is not mapped\./,
      /^exception 5: ITS0515 The MSI is lost: DeviceID 0x1 is not mapped\./,
      /^exception 7: ITS0525 No device of the kernel claims 0x1000/,
      /^exception 8: ITS0510 expected == 0x0, found 0x1\./,
    ];
    for (const one of wanted) assert.match(await box(), one);
    await ends();
  });

  const kinds: readonly (readonly [kind: string, text: string, ...boxes: readonly RegExp[]])[] = [
    [
      "Failing commands",
      script,
      /^exception 3: .*\nat problem-stops\.itscmd:3:21\nMAPC: .* Source: Linux .*\nDW2\[51:16\] RDbase = 0x9 in 0x8000000000090001\n.*qemu-7\.2.*: ignored, MAPC_PROCNUM_OOR\narch: stalled, MAPC_PROCNUM_OOR$/,
    ],
    [
      "Stalled queues",
      "machine { model = arch }\nMAPC ICID=1, RDbase=9\nlet end = 1\n",
      /^exception 2: .* arch stops the queue here \(GITS_CREADR\.Stalled = 1\)/,
    ],
    [
      "Crashes of the host",
      `machine { model = kvm-6.12 }
MAPC ICID=0, RDbase=0
MAPD DeviceID=0, ITT_addr=0x43000000, Size=1
MAPTI DeviceID=0, EventID=0, pINTID=8192, ICID=0
MAPC ICID=0, V=0
set-attr VGIC_ITS, CTRL, SAVE_TABLES
let end = 1
`,
      /^exception 6: ITS0504 .*dereferences NULL/,
    ],
    ["Memory that is not there", script, /^exception 7: ITS0525 .*\nat problem-stops\.itscmd:7:1$/],
    ["Failed expectations", script, /^exception 8: ITS0510 .*\nat problem-stops\.itscmd:8:1$/],
    [
      "Lost interrupts",
      script,
      /^exception 4: .*\n.*\nINT or an MSI: .*\nDW0\[63:32\] DeviceID = 0x1 in 0x/,
      /^exception 5: /,
    ],
    [
      "Ignored writes",
      script,
      /^exception 6: ignored-write GITS_CBASER stays 0xb80000004000040f: it is read-only while GITS_CTLR\.Enabled is 1\./,
    ],
    [
      "Differences to other models",
      "machine { model = kvm-7.2 }\nMAPC ICID=0, RDbase=0\nMAPC ICID=1, RDbase=9\nlet end = 1\n",
      /^exception 3: model-difference On kvm-7\.2: ignored, MAPC_PROCNUM_OOR\. .*\n.*\narch: stalled, MAPC_PROCNUM_OOR$/,
    ],
  ];
  for (const [kind, text, ...boxes] of kinds) {
    it(`of one kind alone: ${kind}`, async () => {
      await atEntry(text, [kind]);
      for (const one of boxes) assert.match(await box(), one);
      await ends();
    });
  }

  it("with a condition, where it holds", async () => {
    const text =
      "MAPC ICID=1, RDbase=9\nMOVI DeviceID=1, EventID=1, ICID=1\nMAPC ICID=0, RDbase=0\nMAPC ICID=2, RDbase=9\n";
    await debugging.start(`let first = 1\n${text}let end = 1\n`, "problem-stops", { stopOnEntry: true });
    await debugging.shown();
    // The editor takes a condition in a box that only a keyboard fills: see scripts/pictures.
    const answer: DebugProtocol.SetExceptionBreakpointsResponse["body"] = await debugging.session.customRequest(
      "setExceptionBreakpoints",
      { filters: [], filterOptions: [{ filterId: "command-errors", condition: "*_OOR if cte[0].valid" }] },
    );
    assert.deepEqual(
      answer?.breakpoints?.map(({ verified }) => verified),
      [true],
    );
    assert.match(await box(), /^exception 5: ITS0501 MAPC_PROCNUM_OOR/);
    await ends();
  });
});
