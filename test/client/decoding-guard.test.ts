import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DecodingGuard, type DumpIdentity, HeldBack, type Storage } from "../../client/dumps/decoding-guard.ts";

class Kept implements Storage {
  readonly values = new Map<string, unknown>();

  get(key: string): unknown {
    return this.values.get(key);
  }

  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, structuredClone(value));
  }
}

const DUMP: DumpIdentity = { uri: "file:///a.gicdump", size: 100, mtime: 5, version: 1 };

/** What a host leaves behind that ends while it decodes a dump. */
async function endedWhileDecoding(dump: DumpIdentity): Promise<Kept> {
  const kept = new Kept();
  await new Promise<void>((started) => {
    void new DecodingGuard(kept).run(dump, () => {
      started();
      return new Promise(() => undefined);
    });
  });
  return kept;
}

describe("a dump that ended the extension host", () => {
  it("is held back in the next one", async () => {
    const guard = new DecodingGuard(await endedWhileDecoding(DUMP));
    await assert.rejects(
      guard.run(DUMP, async () => assert.fail("decoded")),
      HeldBack,
    );
  });

  it("is held back after any number of starts", async () => {
    const kept = await endedWhileDecoding(DUMP);
    await new DecodingGuard(kept).run({ ...DUMP, uri: "file:///b.gicdump" }, async () => undefined);
    assert.ok(new DecodingGuard(kept).isHeld(DUMP));
  });

  it("is decoded when its file was changed", async () => {
    const guard = new DecodingGuard(await endedWhileDecoding(DUMP));
    assert.equal(await guard.run({ ...DUMP, mtime: 6 }, async () => 1), 1);
  });

  it("is decoded when its text was changed", async () => {
    const guard = new DecodingGuard(await endedWhileDecoding({ ...DUMP, version: 7 }));
    assert.ok(guard.isHeld(DUMP));
    assert.equal(await guard.run({ ...DUMP, version: 2 }, async () => 1), 1);
  });

  it("is decoded when the user says so, and whoever waits for it is told", async () => {
    const guard = new DecodingGuard(await endedWhileDecoding(DUMP));
    const told: string[] = [];
    guard.onRelease((uri) => told.push(uri));
    guard.release(DUMP.uri);
    assert.equal(await guard.run(DUMP, async () => 1), 1);
    assert.deepEqual(told, [DUMP.uri]);
  });

  it("leaves others alone", async () => {
    const guard = new DecodingGuard(await endedWhileDecoding(DUMP));
    assert.equal(await guard.run({ ...DUMP, uri: "file:///b.gicdump" }, async () => 1), 1);
  });
});

describe("a dump that did not end the extension host", () => {
  for (const [what, work] of [
    ["was decoded", async () => undefined],
    ["failed", () => Promise.reject(new Error("no"))],
  ] as const) {
    it(`is not held back when it ${what}`, async () => {
      const kept = new Kept();
      await new DecodingGuard(kept).run(DUMP, work).catch(() => undefined);
      assert.equal(new DecodingGuard(kept).isHeld(DUMP), false);
    });
  }

  it("is not held back when the host was closed meanwhile", async () => {
    const kept = new Kept();
    const guard = new DecodingGuard(kept);
    void guard.run(DUMP, () => new Promise(() => undefined));
    await guard.close();
    assert.equal(new DecodingGuard(kept).isHeld(DUMP), false);
  });

  it("is not held back by what else is in the storage", () => {
    const kept = new Kept();
    kept.values.set("gicWorkbench.decodingUnderWay", [{ uri: DUMP.uri }, "x", null]);
    assert.equal(new DecodingGuard(kept).isHeld(DUMP), false);
  });
});
