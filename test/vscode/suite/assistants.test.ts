import assert from "node:assert/strict";
import * as vscode from "vscode";
import { breakOn, debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";
import { openFile } from "../workspace.ts";

const id = "gic-workbench.gic-workbench";
/** Of package.json. */
const names = ["read_gic_session", "evaluate_gic_expressions", "find_gic_writer", "trace_gic_msi"];

async function invoke(name: string, input: object): Promise<string> {
  const token = new vscode.CancellationTokenSource().token;
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
}

describe("assistants", () => {
  const debugging = debuggingInEachTest();

  it("find the tools for the session that is being debugged", async () => {
    await vscode.extensions.getExtension(id)?.activate();
    const found = await until("the tools", () => {
      const there = vscode.lm.tools.filter(({ name }) => names.includes(name));
      return there.length === names.length ? there : undefined;
    });
    for (const { description, inputSchema } of found) {
      assert.match(description, /session of type gic/);
      assert.ok(inputSchema !== undefined);
    }
  });

  it("are answered about a session, and told what to do without one", async () => {
    assert.match(await invoke("read_gic_session", {}), /No GIC session is active/);
    const { document } = await openFile("examples", "first-msi.itscmd");
    const line = document.getText().slice(0, document.getText().indexOf("EventID=1, pINTID")).split("\n").length;
    breakOn(document.uri, line);
    await vscode.commands.executeCommand("workbench.action.debug.start");
    assert.equal(await debugging.stopped(), line);

    const session = await until("the session", async () => {
      const text = await invoke("read_gic_session", {});
      return text.startsWith("Session ") ? text : undefined;
    });
    assert.match(session, /on KVM of Linux 7\.2/);
    assert.match(session, new RegExp(`next: line ${line}: MAPTI`));
    assert.match(session, /ran: line \d+: MAPTI DeviceID=nic, EventID=0.* → /);

    const values = await invoke("evaluate_gic_expressions", {
      expressions: ["GITS_CREADR", "dte[nic].valid", "no_such"],
    });
    assert.match(values, /^GITS_CREADR = 0x[0_]*80$/m);
    assert.match(values, /^dte\[nic\]\.valid = (0x)?1\b/m);
    assert.match(values, /^no_such: has no value: /m);
    assert.match(await invoke("find_gic_writer", { expression: "ite[nic, 0].pINTID" }), /line \d+/i);
    assert.match(await invoke("trace_gic_msi", { device_id: "0x10", event_id: "31" }), /ITE/);
  });

  it("find the server, whose tools read the folders of the window and no others", async () => {
    const prefix = "mcp_gic_workbench_";
    await vscode.commands.executeCommand("workbench.mcp.startServer", `${id}/GIC Workbench`, {
      waitForLiveTools: true,
    });
    const tools = await until("the server's tools", () => {
      const there = vscode.lm.tools.filter(({ name }) => name.startsWith(prefix));
      return there.length > 0 ? there.map(({ name }) => name.slice(prefix.length)).sort() : undefined;
    });
    assert.deepEqual(tools, [
      "compare_gic_states",
      "decode_gic_table",
      "explain_gic_value",
      "list_models",
      "run_its_script",
      "trace_msi",
    ]);
    assert.match(await invoke(`${prefix}explain_gic_value`, { text: "GITS_CTLR=1" }), /the ITS processes commands/);
    const args = { path: "examples/first-msi.itscmd", device_id: "0x10", event_id: "31" };
    assert.match(await invoke(`${prefix}trace_msi`, args), /Broken at ITE/);
    const outside = { ...args, path: "/etc/passwd" };
    assert.match(await invoke(`${prefix}trace_msi`, outside).catch(String), /which the client names.*MCP-FILE-OUTSIDE/);
  });
});
