import { type CancellationToken, CancellationTokenSource, type Uri } from "vscode";
import type { FindTestsAnswer, FindTestsParams, FoundTests } from "../../server/tests-protocol.ts";
import { listScripts, mayHaveTests, textOf } from "./script-texts.ts";
import type { TestItems } from "./test-items.ts";

export type FindTests = (params: FindTestsParams, token: CancellationToken) => Promise<FindTestsAnswer>;

/** Texts of one question to the server. */
const MOST_TEXTS = 100;
const MOST_CHARACTERS = 4 * 2 ** 20;

const noTests: FoundTests = { tests: [] };

/** A script with its text. */
export interface ScriptText {
  readonly uri: Uri;
  readonly text: string;
}

/** Finds the tests of scripts, and shows them. */
export class TestFinder {
  private readonly find: FindTests;
  private readonly items: TestItems;
  private whole: Promise<void> | undefined;

  constructor(find: FindTests, items: TestItems) {
    this.find = find;
    this.items = items;
  }

  /** Whether the scripts of the workspace were looked for. */
  get knowsAll(): boolean {
    return this.whole !== undefined;
  }

  /** Looks for the scripts of the workspace, unless that was done. */
  all(token: CancellationToken): Promise<void> {
    this.whole ??= this.refresh(token).catch((error: unknown) => {
      this.whole = undefined;
      throw error;
    });
    return this.whole;
  }

  /** Looks for the scripts of the workspace anew. When it is given up, what was found by then stays. */
  async refresh(token: CancellationToken): Promise<void> {
    const { uris, more } = await listScripts(token);
    if (token.isCancellationRequested) throw new Error("given up");
    this.items.keep(uris);
    this.items.tellMore(more, uris.length);
    for await (const batch of readInBatches(uris, (uri) => this.items.remove(uri))) {
      if (token.isCancellationRequested) throw new Error("given up");
      await this.show(batch, token);
    }
    this.whole = Promise.resolve();
  }

  /** Finds the tests that texts have, and shows them. */
  async show(scripts: readonly ScriptText[], token: CancellationToken): Promise<void> {
    const asked = scripts.filter(({ text }) => mayHaveTests(text));
    const found = asked.length === 0 ? [] : await this.find({ texts: asked.map(({ text }) => text) }, token);
    const byScript = new Map(asked.map((script, at) => [script, found[at]]));
    for (const script of scripts) this.items.update(script.uri, byScript.get(script) ?? noTests);
  }

  /** Looks at scripts again: they may be others, or gone. */
  async lookAgain(uris: readonly Uri[]): Promise<void> {
    const source = new CancellationTokenSource();
    for await (const batch of readInBatches(uris, (uri) => this.items.remove(uri)))
      await this.show(batch, source.token);
  }
}

/**
 * Scripts with their texts, some at a time, so that neither messages nor memory grow with the workspace.
 * @param failed is told of each that cannot be read, with the reason
 */
export async function* readInBatches(
  uris: readonly Uri[],
  failed: (uri: Uri, reason: string) => void,
): AsyncGenerator<readonly ScriptText[]> {
  let batch: ScriptText[] = [];
  let characters = 0;
  for (const uri of uris) {
    const read = await textOf(uri);
    if ("failure" in read) {
      failed(uri, read.failure);
      continue;
    }
    batch.push({ uri, text: read.text });
    characters += read.text.length;
    if (batch.length < MOST_TEXTS && characters < MOST_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}
