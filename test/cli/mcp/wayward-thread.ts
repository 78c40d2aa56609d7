// A thread of gicwb mcp that does what no tool should, by the name of its call.
import process from "node:process";
import { parentPort, workerData } from "node:worker_threads";
import type { Call } from "../../../cli/mcp/call.ts";

const acts: Readonly<Record<string, () => void>> = {
  endless: () => {
    for (;;);
  },
  greedy: () => {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, Math.random));
  },
  fails: () => {
    throw new Error("it went wrong");
  },
  leaves: () => process.exit(3),
  good: () => parentPort?.postMessage({ answer: { text: "good", data: {} } }),
};

acts[(workerData as Call).tool]();
