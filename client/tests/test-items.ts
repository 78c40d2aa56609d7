import { Range, type TestController, type TestItem, type Uri, workspace } from "vscode";
import type { FoundTests, TestPlace } from "../../server/tests-protocol.ts";
import { nameOf } from "../file-names.ts";
import { inert } from "../inert.ts";
import { testTexts } from "./test-texts.ts";

/** What an item stands for. A script without blocks is a test itself. */
export type ItemMeaning = { readonly kind: "script" } | { readonly kind: "test"; readonly title: string; line: number };

/** The tree of the Test Explorer: the scripts that have tests, and in them their blocks. */
export class TestItems {
  private readonly controller: TestController;
  private readonly meanings = new WeakMap<TestItem, ItemMeaning>();

  constructor(controller: TestController) {
    this.controller = controller;
  }

  /** Undefined for what stands for no test: the note that there are more scripts than are listed. */
  meaningOf(item: TestItem): ItemMeaning | undefined {
    return this.meanings.get(item);
  }

  script(uri: Uri): TestItem | undefined {
    return this.controller.items.get(uri.toString());
  }

  scripts(): TestItem[] {
    return [...this.controller.items].flatMap(([, item]) => (this.meanings.has(item) ? [item] : []));
  }

  remove(uri: Uri): void {
    this.controller.items.delete(uri.toString());
  }

  /** Removes the scripts that are none of these. */
  keep(uris: readonly Uri[]): void {
    const kept = new Set(uris.map((uri) => uri.toString()));
    for (const item of this.scripts()) if (!kept.has(item.id)) this.controller.items.delete(item.id);
  }

  /** Says that there are more scripts, or that there are not. */
  tellMore(more: boolean, shown: number): void {
    const id = "more";
    if (!more) {
      this.controller.items.delete(id);
      return;
    }
    const item = this.controller.createTestItem(id, testTexts.moreScripts());
    item.sortText = "\uffff";
    item.error = testTexts.moreScriptsWhy(shown);
    this.controller.items.add(item);
  }

  /** Shows what a script has now; one that has no test is not shown. @returns its item */
  update(uri: Uri, found: FoundTests): TestItem | undefined {
    const { tests, expects, refusal } = found;
    if (tests.length === 0 && expects === undefined && refusal === undefined) {
      this.remove(uri);
      return undefined;
    }
    const item = this.script(uri) ?? this.newScript(uri);
    item.error = refusal === undefined ? undefined : inert(refusal);
    item.range = expects === undefined ? undefined : rangeOf(expects);
    const counts = new Map<string, number>();
    const children = tests.map((test) => {
      const { title, line } = test;
      const count = counts.get(title) ?? 0;
      counts.set(title, count + 1);
      const id = `${count} ${title}`;
      const child = item.children.get(id) ?? this.controller.createTestItem(id, inert(title), uri);
      this.meanings.set(child, { kind: "test", title, line });
      // In the order of the script, and not of the titles.
      child.sortText = String(line).padStart(8, "0");
      child.range = rangeOf(test);
      return child;
    });
    item.children.replace(children);
    return item;
  }

  private newScript(uri: Uri): TestItem {
    const shown = workspace.asRelativePath(uri);
    const item = this.controller.createTestItem(uri.toString(), inert(nameOf(uri)), uri);
    const folder = shown.slice(0, -nameOf(uri).length - 1);
    if (uri.scheme !== "untitled" && folder !== "") item.description = folder;
    item.sortText = shown;
    this.meanings.set(item, { kind: "script" });
    this.controller.items.add(item);
    return item;
  }
}

/** The items below one that are run: the blocks of a script, or the script itself. */
export function leavesOf(item: TestItem): TestItem[] {
  return item.children.size === 0 ? [item] : [...item.children].map(([, child]) => child);
}

export function rangeOf({ line, start, end }: TestPlace): Range {
  return new Range(line, start, line, end);
}
