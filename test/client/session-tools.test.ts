import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AskedSession, callSessionTool } from "../../client/assistants/session-tools.ts";
import manifest from "../../package.json" with { type: "json" };

const token = { isCancellationRequested: false };

/** A session that notes what it is asked, and answers by the command. */
function session(answers: Readonly<Record<string, unknown>>): AskedSession & { readonly asked: unknown[][] } {
  const asked: unknown[][] = [];
  return {
    name: "test",
    asked,
    customRequest: async (command, args) => {
      asked.push([command, args]);
      if (!Object.hasOwn(answers, command)) throw new Error(`no ${command}`);
      return answers[command];
    },
  };
}

describe("tools for the session that is being debugged", () => {
  const names = manifest.contributes.languageModelTools.map(({ name }) => name);

  it("are offered while a session is debugged, and activate the extension", () => {
    for (const { name, when } of manifest.contributes.languageModelTools) {
      assert.equal(when, "inDebugMode && debugType == 'gic'");
      assert.ok(manifest.activationEvents.includes(`onLanguageModelTool:${name}`), name);
    }
    assert.ok(
      manifest.activationEvents.includes(`onMcpCollection:${manifest.contributes.mcpServerDefinitionProviders[0].id}`),
    );
  });

  for (const name of names) {
    it(`${name} says what to do without a session, and while the script runs`, async () => {
      const none = await callSessionTool(name, {}, undefined, false, token);
      assert.match(none, /No GIC session is active. Ask the user to debug/);
      const running = session({});
      assert.match(
        await callSessionTool(name, {}, running, false, token),
        /The script is running. Ask the user to pause/,
      );
      assert.deepEqual(running.asked, []);
    });

    it(`${name} answers whatever it is given`, async () => {
      for (const input of [
        undefined,
        null,
        5,
        [],
        {},
        { expressions: [5] },
        { expression: "a\nb" },
        { device_id: "1, 2)" },
      ]) {
        const text = await callSessionTool(name, input, session({}), true, token);
        assert.match(text, /^(Give |The session refused it: no )/);
      }
    });
  }

  it("evaluate without effects, each expression by itself", async () => {
    const one = session({ evaluate: { result: "0x1", variablesReference: 0 } });
    const text = await callSessionTool(
      "evaluate_gic_expressions",
      { expressions: ["GITS_CTLR", "x = 1"] },
      one,
      true,
      token,
    );
    assert.equal(text, "GITS_CTLR = 0x1\nx = 1 = 0x1");
    assert.deepEqual(
      one.asked.map(([, args]) => (args as { context: string }).context),
      ["watch", "watch"],
    );
  });

  it("pass no statement on as a question", async () => {
    const one = session({ evaluate: { result: "Line 2" } });
    await callSessionTool("find_gic_writer", { expression: "cte[1]" }, one, true, token);
    await callSessionTool("trace_gic_msi", { device_id: "00:02.0", event_id: 3 }, one, true, token);
    await callSessionTool("trace_gic_msi", { device_id: "1", event_id: "0; write GITS_CTLR = 0" }, one, true, token);
    assert.deepEqual(
      one.asked.map(([, args]) => (args as { expression: string }).expression),
      ["who cte[1]", "trace-msi 00:02.0, 3"],
    );
  });

  it("there is no other", async () => {
    assert.equal(await callSessionTool("toString", {}, session({}), true, token), "There is no tool toString.");
  });
});
