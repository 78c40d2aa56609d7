import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import { debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";
import { extensionApi, openFile } from "../workspace.ts";

/** Lines of the example. */
const MOVI = 32;
const MAPTI = 18;
const LAST = 41;

describe("the newcomer's path", () => {
  const debugging = debuggingInEachTest();

  /** What a view shows as soon as one of its lines is as wanted. */
  async function line(view: "interrupts" | "registers", wanted: RegExp): Promise<string> {
    const { seen } = await extensionApi();
    let last: readonly string[] | undefined;
    return until(`${wanted} in ${view}`, async () => {
      last = await seen(view);
      return last?.find((text) => wanted.test(text));
    }).catch((error: Error) => {
      throw new Error(`${error.message}; it shows:\n${last?.join("\n")}`);
    });
  }

  const start = async (): Promise<void> => {
    await openFile("examples", "first-msi.itscmd");
    await vscode.commands.executeCommand("workbench.action.debug.start");
    await debugging.stopped();
  };

  it("leads from F5 by both views and steps to the line that wrote an ITE, and back again", async () => {
    await start();
    assert.equal(await debugging.evaluate("GITS_CREADR == GITS_CWRITER"), "1");
    await vscode.commands.executeCommand("gicWorkbench.registers.focus");
    await vscode.commands.executeCommand("gicWorkbench.interrupts.focus");
    await line("interrupts", /^0\|SGI/);
    await vscode.commands.executeCommand("gicWorkbench.interrupts.filter", "lpi");
    await line("interrupts", /^8193\|LPI\|.*\|PE 0\|0x10\|0x1\|/);
    await line("registers", /^GITS_CREADR\|/);

    assert.equal(await debugging.press("stepBack"), LAST);
    assert.equal(await debugging.press("stepBack"), LAST - 1);
    assert.equal(await debugging.press("stepOver"), LAST);
    await line("registers", /^GITS_CREADR\|.*\*/);

    const watch = "ite[0x10, 0x1]";
    await vscode.commands.executeCommand("gicWorkbench.live.breakOnChange", { watch });
    assert.match(await line("interrupts", /^8193\|/), /\|0x10\|0x1\b/);
    assert.equal(await debugging.press("reverseContinue"), MOVI);
    await line("interrupts", /^8193\|LPI\|.*\|PE 2\*?\|/);
    await debugging.press("continue");
    assert.equal(debugging.reason, "data breakpoint");
    await line("interrupts", /^8193\|LPI\|.*\|PE 0\*\|/);

    await vscode.commands.executeCommand("gicWorkbench.runBack", { watch });
    assert.equal(await debugging.stopped(), MOVI);
    await line("interrupts", /^8193\|LPI\|.*\|PE 2\*?\|/);
    await vscode.commands.executeCommand("gicWorkbench.runBack", { watch });
    assert.equal(await debugging.stopped(), MAPTI);
    assert.equal(await debugging.evaluate(watch), "not mapped");
    await vscode.commands.executeCommand("gicWorkbench.interrupts.filter", "");
    await vscode.commands.executeCommand("workbench.action.closePanel");
  });

  it("runs back from a variable, with the expression that it has or without", async () => {
    await start();
    const { id: frameId } = await debugging.frame();
    const { scopes }: DebugProtocol.ScopesResponse["body"] = await debugging.session.customRequest("scopes", {
      frameId,
    });
    const container = scopes.find(({ name }) => name.startsWith("Registers (GITS)"));
    assert.ok(container !== undefined, scopes.map(({ name }) => name).join());
    const variable = { name: "GITS_CWRITER" };
    await vscode.commands.executeCommand("gicWorkbench.runBack", { container, variable });
    assert.equal(await debugging.stopped(), LAST - 1);
    await vscode.commands.executeCommand("gicWorkbench.runBack", {
      container,
      variable: { name: "x", evaluateName: "pending[8193]" },
    });
    assert.equal(await debugging.stopped(), 36);
  });
});
