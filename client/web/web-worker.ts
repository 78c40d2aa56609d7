/** What is used of a worker, which Node's types do not have. */
export interface WebWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

const { Worker } = globalThis as unknown as {
  readonly Worker: new (url: string, options: { readonly name: string }) => WebWorker;
};

/**
 * Starts a worker from the text of its script. By an address of its own making: a worker of a file is refused where the extension lies on a
 * remote machine or with another origin.
 */
export function startWorker(script: readonly string[], name: string): WebWorker {
  const url = URL.createObjectURL(new Blob([...script], { type: "text/javascript" }));
  const worker = new Worker(url, { name });
  const { terminate } = worker;
  worker.terminate = () => {
    terminate.call(worker);
    URL.revokeObjectURL(url);
  };
  return worker;
}
