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

/** In the status bar while something is done. */
export function showProgress<Result>(title: string, work: () => Thenable<Result>): Thenable<Result> {
  return window.withProgress({ location: ProgressLocation.Window, title: inert(title) }, work);
}

/** In a notification with a button that gives the work up. */
export function showCancellable<Result>(
  title: string,
  work: (token: CancellationToken) => Thenable<Result>,
): Thenable<Result> {
  const options = { location: ProgressLocation.Notification, title: inert(title), cancellable: true };
  return window.withProgress(options, (_progress, token) => work(token));
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
