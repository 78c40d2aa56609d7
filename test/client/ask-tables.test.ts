import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CancellationToken } from "vscode";
import type { InputSource } from "../../client/reports/input-source.ts";
import { checkRequest, type Report, type TablesInput } from "../../server/tables-protocol.ts";
import { standIn } from "./vscode-stand-in.ts";

/** What the user does at each question, and what is told. */
const user = {
  picks: [] as (string | undefined)[],
  types: [] as (string | undefined)[],
  told: [] as string[],
  cancels: false,
};
Object.assign(standIn.window, {
  withProgress: (
    _options: unknown,
    work: (progress: unknown, token: Pick<CancellationToken, "isCancellationRequested">) => unknown,
  ) => work(undefined, { isCancellationRequested: user.cancels }),
  showErrorMessage: async (message: string) => void user.told.push(message),
  showQuickPick: async (items: readonly { readonly description: string }[]) => {
    const wanted = user.picks.shift();
    return items.find(({ description }) => description === wanted);
  },
  showInputBox: async () => user.types.shift(),
});
const { askAbout } = await import("../../client/reports/ask-tables.ts");

const report = { inputs: [], result: { text: "" }, tables: [], notes: [] } satisfies Report;

function sourceNamed(name: string): InputSource {
  const source: InputSource = {
    name,
    key: name,
    kept: () => ({ name, uris: [] }),
    read: async () => ({ input: { name, files: [], described: source.described }, uris: new Map() }),
  };
  return source;
}

/** Asks about a source that has to be described; the inputs that the server saw. */
async function asked(source: InputSource, answer: (input: TablesInput) => object) {
  const seen: TablesInput[] = [];
  user.told = [];
  const found = await askAbout(
    async (_name, params) => {
      const { input } = params as { readonly input: TablesInput };
      seen.push(input);
      return answer(input) as never;
    },
    "asking",
    checkRequest,
    [source],
    ([input]) => ({ input }),
  );
  return { found, seen };
}

const undescribed = (input: TablesInput) =>
  input.described === undefined ? { refusal: "which?", undescribed: input.name } : report;

describe("a question about a dump that does not say which table it is", () => {
  it("is asked again with what the user says, who is asked once", async () => {
    user.picks = ["device-table"];
    user.types = [" 0x40020000 ", ""];
    const source = sourceNamed("dump");
    const { found, seen } = await asked(source, undescribed);
    assert.equal(found?.answer, report);
    assert.deepEqual(seen[1].described, { table: "device-table", base: "0x40020000" });
    assert.equal((await asked(source, undescribed)).seen.length, 1);
    assert.deepEqual(user.told, []);
  });

  it("is given up with the user", async () => {
    user.picks = [undefined];
    assert.equal((await asked(sourceNamed("dump"), undescribed)).found, undefined);
    user.picks = ["device-table"];
    user.types = [undefined];
    assert.equal((await asked(sourceNamed("dump"), undescribed)).found, undefined);
  });

  it("is told about where the description does not help: nobody is asked in a circle", async () => {
    user.picks = ["lpi-config"];
    user.types = ["", ""];
    const { found, seen } = await asked(sourceNamed("dump"), ({ name }) => ({
      refusal: "still none",
      undescribed: name,
    }));
    assert.deepEqual([found, seen.length, user.told], [undefined, 2, ["still none"]]);
  });
});

describe("a question about whole files", () => {
  it("that is refused, or fails, is told", async () => {
    await asked(sourceNamed("x"), () => ({ refusal: "[no](command:x)" }));
    assert.deepEqual(user.told, ["[no] (command:x)"]);
    await asked(sourceNamed("x"), () => {
      throw new Error("the server is gone");
    });
    assert.deepEqual(user.told, ["the server is gone"]);
  });

  it("that is cancelled is nothing, and nothing is told", async () => {
    user.cancels = true;
    const { found } = await asked(sourceNamed("x"), () => {
      throw new Error("given up");
    });
    user.cancels = false;
    assert.deepEqual([found, user.told], [undefined, []]);
  });
});
