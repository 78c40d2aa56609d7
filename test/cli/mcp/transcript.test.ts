import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { it } from "node:test";
import manifest from "../../../package.json" with { type: "json" };
import { buildCommandLine, project } from "./product.ts";
import { RawSession } from "./raw-session.ts";

const golden = path.join(import.meta.dirname, "goldens", "session.txt");
const isUpdate = process.env.UPDATE_GOLDENS === "1";

const calls: readonly object[] = [
  { name: "explain_gic_value", arguments: { text: "MAPTI_ID_OOR" } },
  {
    name: "run_its_script",
    arguments: { text: "MAPD DeviceID=8, ITT_addr=0x40400000, Size=4\nread GITS_CREADR\nINT DeviceID=8, EventID=1" },
  },
  {
    name: "decode_gic_table",
    arguments: { text: "0x40400000: 0x0001000020000000 0x0001000020010001", as: "itt", rows: 1 },
  },
  { name: "trace_msi", arguments: { path: "examples/first-msi.itscmd", device_id: "0x10", event_id: "5" } },
  {
    name: "compare_gic_states",
    arguments: { path_a: "examples/saved-guest.gicstate.json", path_b: "examples/saved-guest.gicstate.json" },
  },
  { name: "list_models", arguments: { model: "arch" } },
  { name: "decode_gic_table", arguments: { path: "/etc/passwd" } },
  { name: "decode_gic_table", arguments: { file: "x" } },
];

it("a session of gicwb mcp is the one that was read", { timeout: 120_000 }, async () => {
  const product = await buildCommandLine();
  const session = new RawSession(product.main, project);
  const lines: string[] = [];
  const told = (message: unknown): string =>
    JSON.stringify(message, undefined, 1)
      .replaceAll(JSON.stringify(project).slice(1, -1), "PROJECT")
      .replaceAll(`"version": "${manifest.version}"`, '"version": "VERSION"');
  lines.push("→ initialize", told(await session.initialize()));
  lines.push("→ tools/list", told(await session.ask("tools/list", {})));
  for (const params of calls)
    lines.push(`→ tools/call ${JSON.stringify(params)}`, told(await session.ask("tools/call", params)));
  assert.equal(await session.close(), 0);
  product.dispose();
  const text = `${lines.join("\n")}\n`;
  if (isUpdate) writeFileSync(golden, text);
  assert.ok(existsSync(golden), `${golden} is missing: UPDATE_GOLDENS=1 writes it; read it then`);
  assert.equal(text, readFileSync(golden, "utf8"));
});
