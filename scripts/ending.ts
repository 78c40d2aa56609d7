import { constants } from "node:os";

type Undo = () => void | Promise<void>;

const undoings = new Set<Undo>();
let ending = false;

/** True once the script has been told to end. It starts nothing more then. */
export function isEnding(): boolean {
  return ending;
}

/**
 * Has something undone when the script is told to end before it does so by itself: what was begun last goes first.
 * The function that it returns takes that back.
 */
export function beforeEnding(undo: Undo): () => void {
  undoings.add(undo);
  return () => undoings.delete(undo);
}

/**
 * Ends the script in order when a signal asks for it, or when the process that has started it is gone.
 *
 * @param code exit code after a signal, for a script that is meant to be ended so; else the shell's 128 + signal
 */
export function endWhenAsked(code?: number): void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => end(code ?? 128 + constants.signals[name]));
  }
  watchParent();
}

async function end(code: number): Promise<void> {
  if (ending) return; // Ctrl-C comes twice under npm: from the terminal, and passed on by npm.
  ending = true;
  // Whoever read our output may be gone too; that is no reason to leave the rest undone.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  for (const undo of [...undoings].reverse()) {
    try {
      await undo();
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
    }
  }
  process.exit(code);
}

/** How often we look whether the parent is still there, in ms. */
const lookEvery = 250;

/**
 * npm passes SIGINT and SIGTERM on to us (package.json runs us by `exec`, because a shell in between would die of them or
 * ignore them, and tell nobody), but it dies of SIGHUP without a word, and nobody can tell of a `kill -9`. What is left of
 * those is that the system gives us another parent.
 */
function watchParent(): void {
  if (process.platform === "win32") return; // A process keeps the id of a parent that is gone there.
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    if (!ending) console.error("The process that started this script has ended; the script ends with it.");
    void end(128 + constants.signals.SIGHUP);
  }, lookEvery);
  timer.unref();
}
