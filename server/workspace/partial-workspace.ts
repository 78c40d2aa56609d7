import { type Connection, MessageType, ShowMessageNotification } from "vscode-languageserver";

const PART = "This workspace has more scripts than are looked at.";

/** Says that a rename may have left out scripts: not all of a large workspace are looked at. @param kept what those keep */
export function tellPartialRename(connection: Connection, kept: string): void {
  tell(
    connection,
    MessageType.Warning,
    `${PART} Those that are not open may still have ${kept}. Open a smaller folder to rename in all of them.`,
  );
}

/** Says that problems and symbols of a large workspace are not those of all its scripts. */
export function tellPartialAnswer(connection: Connection): void {
  tell(
    connection,
    MessageType.Info,
    `${PART} Problems and symbols of those that are not open are shown of a part of them. Open a smaller folder to see all.`,
  );
}

/** A message without a question: it wants no answer, so that a client which does not know it is not held up. */
function tell(connection: Connection, type: MessageType, message: string): void {
  void connection.sendNotification(ShowMessageNotification.type, { type, message });
}
