/** The editor, as a page of any protocol sees it. */
export interface EditorLink<Sent> {
  postMessage(message: Sent): void;
  /** Has the editor keep something over a reload of its window. */
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorLink<unknown>;

/** Connects a page with the editor, once in a page's life. @param accept takes what the editor says */
export function connect<Sent, Received>(accept: (message: Received) => void): EditorLink<Sent> {
  const editor = acquireVsCodeApi() as EditorLink<Sent>;
  window.addEventListener("message", (event: MessageEvent<Received>) => accept(event.data));
  return editor;
}
