import { type Connection, MessageType, ShowMessageNotification } from "vscode-languageserver";

/** Says that a rename may have left out scripts: not all of a large workspace are looked at. @param kept what those keep */
export function tellPartialRename(connection: Connection, kept: string): void {
  // A message without a question: it wants no answer, so that a client which does not know it is not held up.
  void connection.sendNotification(ShowMessageNotification.type, {
    type: MessageType.Warning,
    message: `This workspace has more scripts than are looked at. Those that are not open may still have ${kept}. Open a smaller folder to rename in all of them.`,
  });
}
