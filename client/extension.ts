import type { ExtensionContext } from "vscode";

/** Called by VS Code when a script or a dump is opened. */
export function activate(_context: ExtensionContext): void {}
