import {
  commands,
  type Memento,
  type Tab,
  TabInputCustom,
  TabInputText,
  TabInputWebview,
  type ViewColumn,
  type WebviewPanel,
  window,
} from "vscode";
import type { KeptQuestion } from "../report-protocol.ts";
import type { KeptWindow } from "./kept-question.ts";
import { REPORT_WINDOW } from "./report-panel.ts";

const KEY = "gicWorkbench.windows";

/** Which windows show, kept for an extension host that comes after this one. */
export class KeptWindows {
  private readonly memory: Memento;

  constructor(memory: Memento) {
    this.memory = memory;
  }

  /** What the host before has kept. */
  get before(): readonly KeptWindow[] {
    return this.memory.get<readonly KeptWindow[]>(KEY, []);
  }

  keep(shown: readonly KeptWindow[]): void {
    void this.memory.update(KEY, shown);
  }
}

/**
 * Puts windows into the place of those that an extension host has left with pages that nobody answers.
 * @param fill asks anew what the window is about
 */
export async function replaceWindows(
  kept: readonly KeptWindow[],
  fill: (panel: WebviewPanel, question: KeptQuestion) => Promise<void>,
): Promise<void> {
  const waiting = [...kept];
  for (const { tabs, viewColumn, activeTab } of window.tabGroups.all) {
    const left = tabs.flatMap((tab) => {
      const at = waiting.findIndex(({ type, title }) => isWindow(tab, type) && tab.label === title);
      return at < 0 ? [] : [{ tab, ...waiting.splice(at, 1)[0] }];
    });
    for (const { tab, type, title, question } of left) {
      const options = { retainContextWhenHidden: true, enableFindWidget: type === REPORT_WINDOW };
      // Before the old one is closed: a group with nothing in it would go.
      await fill(window.createWebviewPanel(type, title, { viewColumn, preserveFocus: true }, options), question);
      await window.tabGroups.close(tab, true);
    }
    const isReplaced = left.some(({ tab }) => tab === activeTab);
    if (left.length > 0 && !isReplaced && activeTab !== undefined) await showAgain(activeTab, viewColumn);
  }
}

/** The editor has names of its own before the types of extensions. */
function isWindow({ input }: Tab, type: string): boolean {
  return input instanceof TabInputWebview && (input.viewType === type || input.viewType.endsWith(`-${type}`));
}

async function showAgain({ input }: Tab, viewColumn: ViewColumn): Promise<void> {
  const options = { viewColumn, preserveFocus: true };
  if (input instanceof TabInputText) await window.showTextDocument(input.uri, options);
  else if (input instanceof TabInputCustom)
    await commands.executeCommand("vscode.openWith", input.uri, input.viewType, options);
}
