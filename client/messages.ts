import { type CancellationToken, commands, type DebugAdapter, type Disposable, ProgressLocation, window } from "vscode";
import { inert, inertAnswer, inertError } from "./inert.ts";

// Every way by which a sentence comes into a surface of VS Code that makes links of texts. Nothing else in the client calls these functions
// of the API (test/client/messages.test.ts): what is quoted from files, names and settings passes here, and is inert when it shows.

/** @returns the choice that the user took; undefined when the message was closed */
export function showError<Choice extends string>(message: string, ...choices: Choice[]): Thenable<Choice | undefined> {
  return window.showErrorMessage(inert(message), ...choices);
}

/** As {@link showError}. */
export function showWarning<Choice extends string>(
  message: string,
  ...choices: Choice[]
): Thenable<Choice | undefined> {
  return window.showWarningMessage(inert(message), ...choices);
}

export function showInformation(message: string): void {
  void window.showInformationMessage(inert(message));
}

/** As {@link showError}, of what is no trouble. */
export function showQuestion<Choice extends string>(
  message: string,
  ...choices: Choice[]
): Thenable<Choice | undefined> {
  return window.showInformationMessage(inert(message), ...choices);
}

/** In the status bar while something is done. */
export function showProgress<Result>(title: string, work: () => Thenable<Result>): Thenable<Result> {
  return window.withProgress({ location: ProgressLocation.Window, title: inert(title) }, work);
}

/** In a notification while a question is answered, with a button that gives it up. @param work is told of that by its token */
export function showCancellableRequest<Result>(
  title: string,
  work: (token: CancellationToken) => Thenable<Result>,
): Thenable<Result> {
  const options = { location: ProgressLocation.Notification, title: inert(title), cancellable: true };
  return window.withProgress(options, (_progress, token) => work(token));
}

/**
 * In a notification while something longer is done, with a button that ends it.
 * @param work rejects when its signal is aborted
 * @returns undefined when the user has ended it
 */
export function showCancellable<Result>(
  title: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Thenable<Result | undefined> {
  const options = { location: ProgressLocation.Notification, title: inert(title), cancellable: true };
  return window.withProgress(options, async (_progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    try {
      return await work(abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return undefined;
      throw error;
    }
  });
}

/**
 * In a notification with a bar while many equal parts are done one after the other.
 * @param work does a part; the user may give up between two of them
 * @returns whether all were done
 */
export function showCancellableParts<Part>(
  title: string,
  parts: readonly Part[],
  work: (part: Part) => Thenable<void>,
): Thenable<boolean> {
  const options = { location: ProgressLocation.Notification, title: inert(title), cancellable: true };
  return window.withProgress(options, async (progress, token) => {
    for (const part of parts) {
      if (token.isCancellationRequested) return false;
      await work(part);
      progress.report({ increment: 100 / parts.length });
    }
    return true;
  });
}

/** For a few seconds in the status bar. */
export function showStatus(message: string): void {
  window.setStatusBarMessage(inert(message), 3000);
}

/** Registers a command. VS Code shows the message of an error that it ends with. */
export function registerCommand<Arguments extends unknown[]>(
  name: string,
  run: (...args: Arguments) => unknown,
): Disposable {
  return commands.registerCommand(name, async (...args: Arguments) => {
    try {
      return await run(...args);
    } catch (error) {
      throw inertError(error);
    }
  });
}

/** A debug adapter whose refusals, which VS Code shows, are inert. */
export function inertAdapter(adapter: DebugAdapter): DebugAdapter {
  return {
    onDidSendMessage: (listener, thisArgs, disposables) => {
      const subscription = adapter.onDidSendMessage((message) => listener.call(thisArgs, inertAnswer(message)));
      disposables?.push(subscription);
      return subscription;
    },
    handleMessage: (message) => adapter.handleMessage(message),
    dispose: () => adapter.dispose(),
  };
}
