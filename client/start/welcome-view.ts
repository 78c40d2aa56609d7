import { type Disposable, window } from "vscode";

/** The view that shows while no session runs. It has no rows: package.json's viewsWelcome fills it with buttons. */
export function registerWelcomeView(): Disposable {
  return window.registerTreeDataProvider("gicWorkbench.welcome", {
    getChildren: () => [],
    getTreeItem: () => ({}),
  });
}
