import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { WorkbenchApi } from "../../../client/api.ts";
import type { RegisterNode } from "../../../client/debug/registers-model.ts";
import { breakOn, Debugging } from "../debugging.ts";
import { until } from "../until.ts";
import { extensionApi, openFile } from "../workspace.ts";

describe("the Registers view", () => {
  const debugging = new Debugging();
  let registers: WorkbenchApi["registers"];
  before(async () => {
    const { document } = await openFile("examples", "first-msi.itscmd");
    registers = (await extensionApi()).registers;
    breakOn(document.uri, 16);
    await vscode.commands.executeCommand("workbench.action.debug.start");
    await debugging.stopped();
  });
  after(async () => {
    await debugging.stop();
    debugging.dispose();
  });

  it("has the groups of the machine: an ITS and its four PEs", async () => {
    const labels = (await children()).map((node) => item(node).label);
    assert.deepEqual(labels.slice(0, 5), ["GITS, ITS 0", "GICR, PE 0", "GICR, PE 1", "GICR, PE 2", "GICR, PE 3"]);
  });

  it("shows a register with all its digits, and its fields with what they mean", async () => {
    const register = await find("GITS, ITS 0", "GITS_BASER0");
    assert.match(String(item(register).description), /^0x[0-9a-f]{16}$/);
    const fields = (await children(register)).map((node) => `${item(node).label} ${item(node).description}`);
    assert.ok(fields.includes("Type [58:56] 1 (Devices)"), fields.join("\n"));
    assert.match(fields[0], /^Valid \[63\] 1/);
    const tooltip = await tooltipOf(register);
    assert.match(tooltip, /0x0*8080100/, "its address");
    assert.match(tooltip, /RW/);
    assert.match(tooltip, /\[58:56\]/);
  });

  it("explains a field's values in its tooltip", async () => {
    const register = await find("GITS, ITS 0", "GITS_BASER0");
    const type = (await children(register)).find((node) => String(item(node).label).startsWith("Type"));
    assert.ok(type);
    const tooltip = await tooltipOf(type);
    assert.match(tooltip, /\*\*Devices\*\*/);
    assert.match(tooltip, /Collections/);
  });

  it("follows the session and marks what a step has changed", async () => {
    const before = await find("GITS, ITS 0", "GITS_CREADR");
    assert.equal(item(before).resourceUri?.query, "");
    await debugging.press("stepOver");
    const after = await until("the new value", async () => {
      const node = await find("GITS, ITS 0", "GITS_CREADR");
      return item(node).description !== item(before).description && node;
    });
    assert.equal(item(after).resourceUri?.query, "changed");
    assert.equal(item(await find("GITS, ITS 0", "GITS_CBASER")).resourceUri?.query, "");
    await debugging.press("stepBack");
    await until("the old value", async () => {
      const node = await find("GITS, ITS 0", "GITS_CREADR");
      return item(node).description === item(before).description;
    });
  });

  it("does not read a register that can only be written", async () => {
    const register = await find("GITS, ITS 0", "GITS_TRANSLATER");
    assert.equal(item(register).description, "write-only");
    assert.deepEqual(await children(register), []);
  });

  it("is empty when the session is over", async () => {
    await debugging.stop();
    assert.deepEqual(await children(), []);
  });

  async function children(node?: RegisterNode): Promise<RegisterNode[]> {
    return (await registers.getChildren(node)) ?? [];
  }

  function item(node: RegisterNode): vscode.TreeItem {
    return registers.getTreeItem(node) as vscode.TreeItem;
  }

  async function find(group: string, name: string): Promise<RegisterNode> {
    const parent = (await children()).find((node) => item(node).label === group);
    assert.ok(parent, group);
    const found = (await children(parent)).find((node) => item(node).label === name);
    assert.ok(found, name);
    return found;
  }

  async function tooltipOf(node: RegisterNode): Promise<string> {
    const { token } = new vscode.CancellationTokenSource();
    const resolved = await registers.resolveTreeItem?.(item(node), node, token);
    assert.ok(resolved?.tooltip instanceof Object);
    return resolved.tooltip.value;
  }
});
