import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MOST_FALLS, type Run, ServerRuns } from "../../client/language/server-runs.ts";

/** A run that does what a test says: its promises settle when they are told to. */
class FakeRun implements Run {
  readonly started: Promise<void>;
  readonly fell: () => void;
  comesUp: () => void = () => undefined;
  fails: (error: Error) => void = () => undefined;
  ends: () => void = () => undefined;
  endings = 0;

  constructor(fell: () => void) {
    this.fell = fell;
    this.started = new Promise((resolve, reject) => {
      this.comesUp = resolve;
      this.fails = reject;
    });
  }

  end(): Promise<void> {
    this.endings++;
    // What is ended while it starts has started no more: nobody waits for it.
    return new Promise((resolve) => {
      this.ends = () => {
        this.comesUp();
        resolve();
      };
    });
  }
}

interface Scene {
  readonly runs: ServerRuns<FakeRun>;
  /** Every run that was begun. */
  readonly begun: FakeRun[];
  readonly told: string[];
  now: number;
}

function scene(): Scene {
  const begun: FakeRun[] = [];
  const told: string[] = [];
  const made: Scene = {
    begun,
    told,
    now: 0,
    runs: new ServerRuns<FakeRun>(
      (fell) => {
        const run = new FakeRun(fell);
        begun.push(run);
        return run;
      },
      { failed: (reason) => told.push(reason), fellTooOften: () => told.push("fell too often") },
      () => made.now,
    ),
  };
  return made;
}

/** Lets everything run that does not wait for the outside. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await turn();
  return settled;
}

describe("the language server's runs", () => {
  it("begin once, however often a start is asked for", async () => {
    const { runs, begun } = scene();
    const starts = [runs.start(), runs.start()];
    await turn();
    begun[0].comesUp();
    await Promise.all(starts);
    assert.equal(begun.length, 1);
  });

  it("are one after the other: a restart waits until the old server is gone", async () => {
    const { runs, begun } = scene();
    void runs.start();
    await turn();
    begun[0].comesUp();
    const restarted = runs.restart();
    await turn();
    assert.deepEqual([begun.length, begun[0].endings], [1, 1]);
    begun[0].ends();
    await turn();
    assert.equal(begun.length, 2);
    assert.ok(!(await isSettled(restarted)));
    begun[1].comesUp();
    await restarted;
    assert.equal(runs.current, begun[1]);
  });

  it("are ended while they start", async () => {
    const { runs, begun, told } = scene();
    const started = runs.start();
    await turn();
    const restarted = runs.restart();
    begun[0].ends();
    await turn();
    assert.ok(!(await isSettled(started)), "who waits for a server waits for the one in its place");
    begun[1].comesUp();
    await Promise.all([started, restarted]);
    assert.deepEqual(told, []);
  });

  it("are one when restarts come at once", async () => {
    const { runs, begun } = scene();
    void runs.start();
    await turn();
    begun[0].comesUp();
    const restarts = [runs.restart(), runs.restart(), runs.restart()];
    begun[0].ends();
    await turn();
    begun[1].comesUp();
    await Promise.all(restarts);
    assert.deepEqual([begun.length, begun[0].endings, begun[1].endings], [2, 1, 0]);
  });

  it("are ended by a restart when the one before hangs in its start", async () => {
    const { runs, begun } = scene();
    const first = runs.restart();
    await turn();
    const second = runs.restart();
    await turn();
    begun[0].ends();
    await turn();
    begun[1].comesUp();
    await Promise.all([first, second]);
    assert.equal(runs.current, begun[1]);
  });

  it("are begun at the first restart, when nothing ran before", async () => {
    const { runs, begun } = scene();
    const restarted = runs.restart();
    await turn();
    begun[0].comesUp();
    await restarted;
    assert.equal(begun.length, 1);
  });

  it("are begun anew when the server falls over, until it falls too often", async () => {
    const { runs, begun, told } = scene();
    void runs.start();
    await turn();
    for (let fall = 0; fall < MOST_FALLS; fall++) begun[fall].fell();
    await turn();
    assert.deepEqual([begun.length, told], [MOST_FALLS, ["fell too often"]]);
    begun[MOST_FALLS - 1].fails(new Error("gone"));
    await turn();
    assert.deepEqual(told, ["fell too often"], "one trouble is told once");
    const restarted = runs.restart();
    begun[MOST_FALLS - 1].ends();
    await turn();
    begun[MOST_FALLS].comesUp();
    await restarted;
    begun[MOST_FALLS].fell();
    assert.equal(begun.length, MOST_FALLS + 2, "a restart forgets the falls before it");
  });

  it("fall as often as they want when long times lie between", async () => {
    const here = scene();
    void here.runs.start();
    await turn();
    for (let fall = 0; fall < 20; fall++) {
      here.now += 100_000;
      here.begun[fall].fell();
    }
    assert.deepEqual(here.told, []);
  });

  it("tell why one does not start", async () => {
    const { runs, begun, told } = scene();
    const started = runs.start();
    await turn();
    begun[0].fails(new Error("no memory"));
    await started;
    assert.deepEqual(told, ["no memory"]);
    await runs.start();
    assert.equal(begun.length, 1, "nothing but a restart tries again");
  });

  it("say nothing of a fall of one that was ended", async () => {
    const { runs, begun, told } = scene();
    void runs.start();
    await turn();
    const [old] = begun;
    void runs.restart();
    old.fell();
    old.ends();
    await turn();
    assert.deepEqual([begun.length, told], [2, []]);
  });

  it("do not begin any more when all is over", async () => {
    const { runs, begun } = scene();
    void runs.start();
    await turn();
    const over = runs.dispose();
    begun[0].ends();
    await over;
    await runs.restart();
    assert.equal(begun.length, 1);
  });
});
