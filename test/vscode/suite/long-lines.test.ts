import assert from "node:assert/strict";
import * as vscode from "vscode";
import { filledMachines, longQueues, sharedPages } from "../../runner/long-statements.ts";
import { breakOn, debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";
import { writeFile } from "../workspace.ts";

/** Each runs for many seconds: see test/runner/long-statements.ts. */
const scripts = [
  ["ten queues of 32,767 INVALLs", longQueues("kvm-7.2", 10), /^write GITS_CWRITER/],
  ["a restore of shared pages", sharedPages("kvm-7.2", 128), /^restore/],
  ["six filled machines of 1 GiB", filledMachines(6), /^fill/],
] as const;

/** Far above what is measured, and far below what a line took that could not be interrupted. */
const MOST_MS = 2000;
const LOOKS = 20;

/** The longest time for which the extension host, the debugger in it, answered nobody. */
class Delay {
  longest = 0;
  private last = performance.now();
  private readonly timer = setInterval(() => {
    const now = performance.now();
    this.longest = Math.max(this.longest, now - this.last - 5);
    this.last = now;
  }, 5);

  end(): number {
    clearInterval(this.timer);
    return this.longest;
  }
}

const milliseconds = async (act: () => PromiseLike<unknown>): Promise<number> => {
  const began = performance.now();
  await act();
  return performance.now() - began;
};

/** Waits until the workbench has shown that the session runs: until then every request of an editor waits, whoever answers it. */
async function workbenchSettled(session: vscode.DebugSession): Promise<void> {
  for (let look = 0; look < 4; look++) {
    if ((await milliseconds(() => session.customRequest("threads"))) < 30) return;
  }
}

describe("lines that take long", () => {
  const debugging = debuggingInEachTest();
  let emptyHover: () => PromiseLike<unknown>;
  let provider: vscode.Disposable;
  before(async () => {
    // A file: a new document that nobody has saved is opened by the workbench, and asked about where a session starts.
    const uri = await writeFile("nothing", "empty-hover.txt");
    await vscode.workspace.openTextDocument(uri);
    provider = vscode.languages.registerHoverProvider(
      { language: "plaintext" },
      {
        provideHover: () => new vscode.Hover("nothing"),
      },
    );
    emptyHover = () => vscode.commands.executeCommand("vscode.executeHoverProvider", uri, new vscode.Position(0, 1));
  });
  after(() => provider.dispose());

  for (const [what, text, long] of scripts) {
    it(`keep no hover waiting: ${what}`, async function () {
      this.timeout(120_000);
      const uri = await writeFile(text, `${what.replace(/\W+/g, "-")}.itscmd`);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      const line = text.split("\n").findIndex((one) => long.test(one));
      const hover = () =>
        vscode.commands.executeCommand<vscode.Hover[]>(
          "vscode.executeHoverProvider",
          uri,
          new vscode.Position(line, 1),
        );
      const first = await milliseconds(() => until("the first hover", async () => (await hover()).length > 0, 60_000));
      const times: number[] = [];
      const shares: number[] = [];
      for (let look = 0; look < LOOKS; look++) {
        // At the same moment a hover that the workbench answers alone: what it takes is no doing of ours.
        const [ours, empty] = await Promise.all([milliseconds(hover), milliseconds(emptyHover)]);
        times.push(ours);
        shares.push(Math.max(0, ours - empty));
      }
      for (const list of [times, shares]) list.sort((a, b) => a - b);
      if (this.test !== undefined)
        this.test.title += ` (first ${first.toFixed(0)} ms with the start of the server, median ${times[LOOKS / 2].toFixed(0)} ms, longest ${times[LOOKS - 1].toFixed(0)} ms; over an empty hover at the same moment ${shares[LOOKS / 2].toFixed(0)} and ${shares[LOOKS - 1].toFixed(0)} ms)`;
      assert.ok(times[LOOKS - 1] < MOST_MS, `${times[LOOKS - 1]} ms`);
    });

    // Fills are over before anyone can ask.
    if (what.startsWith("six")) continue;

    it(`let a pause through, and hold nobody up in the extension host: ${what}`, async function () {
      this.timeout(120_000);
      const uri = await writeFile(text, `${what.replace(/\W+/g, "-")}.itscmd`);
      const line = text.split("\n").findIndex((one) => long.test(one)) + 1;
      breakOn(uri, line);
      await vscode.debug.startDebugging(undefined, { type: "gic", request: "launch", name: what, program: uri.fsPath });
      assert.equal(await debugging.stopped(), line);
      const delay = new Delay();
      const pauses: { asked: number; adapter: number }[] = [];
      for (const settle of [false, true]) {
        await debugging.session.customRequest("continue", { threadId: 1 });
        if (settle) await workbenchSettled(debugging.session);
        const asked = performance.now();
        await debugging.session.customRequest("pause", { threadId: 1 });
        await debugging.stopped();
        assert.equal(debugging.reason, "pause");
        pauses.push({ asked: debugging.stoppedAt - asked, adapter: debugging.stoppedAt - debugging.pausedAt });
      }
      const longest = delay.end();
      const [atOnce, later] = pauses.map(
        ({ asked, adapter }) => `${asked.toFixed(0)} ms, ${adapter.toFixed(0)} ms of them in the adapter`,
      );
      if (this.test !== undefined)
        this.test.title += ` (pause right after continue ${atOnce}; when the workbench has shown the run ${later}; event loop at most ${longest.toFixed(0)} ms)`;
      for (const { asked } of pauses) assert.ok(Math.max(asked, longest) < MOST_MS, `${asked} ms, ${longest} ms`);
    });
  }
});
