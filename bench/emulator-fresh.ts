// What emulator.ts measures in a process of its own. Prints one JSON object.
import { emulatorBoard, reset, runQueue } from "./qemu-board.ts";
import { DISABLED, mix } from "./qemu-cases.ts";

const MIB = 1024 * 1024;

if (process.argv[2] === "first-queue") {
  const board = emulatorBoard("qemu-7.2", false);
  await reset(board, DISABLED);
  console.log(JSON.stringify({ milliseconds: await runQueue(board, mix) }));
} else {
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const board = emulatorBoard("qemu-7.2", true);
  const milliseconds = performance.now() - start;
  const residentMib = (process.memoryUsage.rss() - before) / MIB;
  console.log(JSON.stringify({ milliseconds, residentMib, cpus: board.machine.cpus }));
}
