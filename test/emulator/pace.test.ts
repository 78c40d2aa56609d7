import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Pace, Restartable, type Steps } from "../../emulator/pace.ts";

describe("the pace of a machine", () => {
  it("keeps what has stopped until it is asked to go on, and what follows until all is done", () => {
    const pace = new Pace();
    const done: string[] = [];
    pace.stop(() => pace.stop(() => done.push("work")));
    pace.afterwards(() => done.push("end"));
    pace.proceed();
    const between = [...done];
    pace.proceed();
    assert.deepEqual([between, done, pace.unfinished], [[], ["work", "end"], false]);
  });

  it("lets a look do at once what follows it, and leaves what has stopped as it was", () => {
    const pace = new Pace();
    const done: string[] = [];
    pace.stop(() => done.push("work"));
    pace.aside(() => pace.afterwards(() => done.push("look")));
    const looked = [...done];
    pace.proceed();
    assert.deepEqual([looked, done], [["look"], ["look", "work"]]);
  });

  it("puts back after a look what stopped work has outside of banks", () => {
    const pace = new Pace();
    let kept = "work";
    pace.onAside(() => {
      const before = kept;
      return () => {
        kept = before;
      };
    });
    pace.stop(() => undefined);
    pace.aside(() => {
      kept = "look";
    });
    assert.equal(kept, "work");
  });

  it("has an operation asked for again until it is done, and begun anew after it was taken back", () => {
    const pace = new Pace();
    pace.allow(0);
    let begun = 0;
    function* work(): Steps<string> {
      begun++;
      yield;
      yield;
      return "done";
    }
    const operation = new Restartable(pace, "again");
    const first = [operation.run(work), operation.run(work), operation.run(work)];
    operation.run(work);
    pace.abandon();
    operation.run(work);
    assert.deepEqual([first, begun], [["again", "again", "done"], 3]);
  });
});
