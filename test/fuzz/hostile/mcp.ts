import { type Call, carryOut } from "../../../cli/mcp/call.ts";
import { limits } from "../../../cli/mcp/limits.ts";
import { tools } from "../../../cli/mcp/tools/index.ts";
import type { Random } from "../random.ts";
import { anyJson, parsed } from "./json.ts";
import { type Kind, unspoken } from "./kind.ts";
import { Mutator } from "./mutate.ts";
import { Numbers } from "./numbers.ts";
import { dumpSamples, scriptSamples } from "./samples.ts";

const MOST_LINES = 20;
/** Texts of values that are explained. */
const values = [
  "GITS_BASER0=0xb907000040100607",
  "0x010A05",
  "intid 8195",
  "attr VGIC_V3 REDIST_REGS 0x100000078",
  "entry 0x8002000008080004",
  "sizes devices=1024 events=32",
  "'ITS queue timeout (9088 513)'",
];
/** No file is there: what reads files is refused. */
const folders: Call["folders"] = { paths: [], where: "no folder", none: "no folder is named" };

/** Arguments as an assistant gives them, and as one that has misunderstood does. */
function argumentsOf(random: Random, tool: (typeof tools)[number]): Readonly<Record<string, unknown>> {
  const numbers = new Numbers(random);
  const mutator = new Mutator(
    random,
    () => numbers.any(),
    () => random.pick(["", "# gic: table=itt", "let x = 1", "0x40000000: 0x0"]),
  );
  const text = (): string => {
    const sample = random.weighted([
      [3, random.pick(scriptSamples)],
      [3, random.pick(dumpSamples)],
      [2, [random.pick(values)]],
    ]);
    return mutator.lines(sample, MOST_LINES).join("\n");
  };
  const given: Record<string, unknown> = {};
  for (const [name, argument] of Object.entries(tool.arguments)) {
    if (random.chance(["text", "value", "before", "after"].includes(name) ? 10 : 70)) continue;
    if (random.chance(15)) given[name] = anyJson(random);
    else if (argument.type === "choice") given[name] = random.pick(argument.choices);
    else if (argument.type === "flag") given[name] = random.chance(50);
    else if (argument.type === "text") given[name] = text();
    else given[name] = random.chance(50) ? random.below(100) : numbers.any();
  }
  // A run ends soon, whatever it does.
  if ("max_commands" in tool.arguments) given.max_commands = 500;
  if ("max_seconds" in tool.arguments) given.max_seconds = 2;
  return given;
}

/** Tools of the MCP server are called with any arguments. */
export const mcp: Kind = {
  name: "mcp",
  ending: ".json",
  generate(random) {
    return Array.from({ length: random.between(1, 3) }, () => {
      const tool = random.pick(tools);
      const given = random.chance(5) ? anyJson(random) : argumentsOf(random, tool);
      return JSON.stringify({ tool: tool.name, arguments: given });
    });
  },
  async check(parts) {
    for (const part of parts) {
      const call = parsed(part) as { readonly tool: string; readonly arguments: unknown } | undefined;
      if (call === undefined) continue;
      const result = carryOut({ ...call, folders });
      if ("failure" in result) {
        const { code, message, next } = result.failure;
        if (code === "MCP-INTERNAL" || /went wrong inside/.test(message)) return `${code}: ${message}`;
        if (next === "") return `${code} does not say what to do next.`;
        continue;
      }
      const { text, data } = result.answer;
      if (text.length > limits.answerText + 100) return `An answer has ${text.length} characters.`;
      JSON.stringify(data);
      const bad = unspoken(text.replaceAll(/"[^"]*"|'[^']*'/g, ""));
      if (bad !== undefined) return bad;
    }
    return undefined;
  },
};
