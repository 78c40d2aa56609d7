/**
 * A text in which VS Code finds no link and no icon. In notifications, dialogs, refusals of a rename and the status bar it turns
 * `[text](command:…)`, `[text](file:…)`, `[text](https:…)` (base/common/linkedText.ts) and `$(icon)` into such, whoever has written them: a
 * name in a saved machine would be a button that runs any command.
 *
 * A space goes where they are joined. It can be seen: an invisible character would do as well, and whoever copies a path out of a message
 * would have a path that names nothing and looks right. The sentences of ours have no link, so every text may be made inert as a whole.
 */
export function inert(text: string): string {
  return text.replaceAll("](", "] (").replaceAll("$(", "$ (");
}

/** What went wrong, as an error whose message is inert: VS Code shows messages of errors that its calls into the extension end with. */
export function inertError(error: unknown): Error {
  return new Error(inert(reasonOf(error)));
}

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The part of a message of the Debug Adapter Protocol that is looked at. */
interface Answer {
  readonly type?: unknown;
  readonly success?: unknown;
  readonly message?: unknown;
  readonly body?: { readonly error?: { readonly format?: unknown; readonly variables?: object } };
}

/** A message of the debug adapter; where it is a refusal, which VS Code shows in a notification or a dialog, its texts are inert. */
export function inertAnswer<Message extends object>(message: Message): Message {
  const { type, success, message: reason, body } = message as Answer;
  if (type !== "response" || success !== false) return message;
  const safe = <Value>(value: Value) => (typeof value === "string" ? inert(value) : value);
  const error = body?.error;
  if (error === undefined) return { ...message, message: safe(reason) };
  const variables = Object.entries(error.variables ?? {}).map(([name, value]) => [name, safe(value)]);
  const inside = { ...error, format: safe(error.format), variables: Object.fromEntries(variables) };
  return { ...message, message: safe(reason), body: { ...body, error: inside } };
}
