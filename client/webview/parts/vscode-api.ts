import type { ToExtension, ToWindow } from "../../protocol.ts";

interface VsCodeApi {
  postMessage(message: ToExtension): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The editor, as a webview's page sees it. It can be acquired once. */
export const vscode: VsCodeApi = acquireVsCodeApi();

export function onMessage(listener: (message: ToWindow) => void): void {
  window.addEventListener("message", (event: MessageEvent<ToWindow>) => listener(event.data));
}
