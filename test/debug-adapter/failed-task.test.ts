import assert from "node:assert/strict";
import { test } from "node:test";
import { Adapter } from "../../debug-adapter/adapter.ts";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";

test("a failure in what the engine has scheduled ends the session with a sentence", async () => {
  const tasks: (() => void)[] = [];
  const events: string[] = [];
  let fails = true;
  const adapter = new Adapter({
    source: { ...fileSource, read: () => Promise.resolve("read GITS_CTLR\n") },
    schedule: (task) => tasks.push(task),
    send: (event, body) => {
      if (event === "stopped" && fails) {
        fails = false;
        throw new RangeError("what nobody has thought of");
      }
      const { output } = (body ?? {}) as { readonly output?: string };
      events.push(output ?? event);
    },
  });
  await adapter.handle("initialize", { adapterID: "gic" });
  await adapter.handle("launch", { program: "/a.itscmd", stopOnEntry: true });
  await adapter.handle("configurationDone", undefined);
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task();
  assert.deepEqual(events.slice(-2), [
    "Something went wrong inside the debugger (what nobody has thought of), so the session ends. Please report this with the script.\n",
    "terminated",
  ]);
  // Requests are answered all the same, and nothing runs any more.
  assert.ok(await adapter.handle("stackTrace", { threadId: 1 }));
  await adapter.handle("continue", { threadId: 1 });
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task();
  assert.equal(events.at(-1), "terminated");
});
