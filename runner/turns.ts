/** Runs a task in the next turn of an event loop, behind what has come in by then (`setImmediate`). */
export type Turn = (task: () => void) => void;

/**
 * Turns of the event loop that a request takes from its bytes to the bytes of its answer: vscode-jsonrpc waits for one before it reads a
 * message, before it handles it and before it writes.
 */
const REQUEST_TURNS = 4;

/** Runs a task once the requests that have come in are answered. Between two slices of long work, or each of those turns costs a slice. */
export function afterRequests(turn: Turn, task: () => void): void {
  let left = REQUEST_TURNS;
  const next = (): void => {
    left--;
    turn(left === 0 ? task : next);
  };
  next();
}
