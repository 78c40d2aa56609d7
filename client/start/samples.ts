import { type ExtensionContext, type TextDocument, Uri, window, workspace } from "vscode";
import { reasonOf } from "../inert.ts";
import type { SampleFiles } from "./sample-files.ts";
import { startTexts } from "./start-texts.ts";

/** The examples that are in the package. */
export class Samples {
  private readonly place: Uri;

  constructor(context: ExtensionContext) {
    this.place = Uri.joinPath(context.extensionUri, "dist", "samples.json");
  }

  /** All of them; read each time: they are wanted once. @throws Error with a sentence for the user */
  async files(): Promise<SampleFiles> {
    try {
      return JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(this.place)));
    } catch (error) {
      throw new Error(startTexts.samplesMissing(reasonOf(error)));
    }
  }

  /** Opens a copy of an example that is no file yet, or shows the one that is open and was not changed. @throws Error for the user */
  async open(name: string, language: "itscmd" | "gicdump"): Promise<TextDocument> {
    const content = (await this.files())[name];
    if (typeof content !== "string") throw new Error(startTexts.sampleUnknown(name));
    return openUntitled(content, language);
  }
}

/** Shows a new document with a text, or one that was opened so before and still has it. */
export async function openUntitled(content: string, language: "itscmd" | "gicdump"): Promise<TextDocument> {
  const open = workspace.textDocuments.find(
    (document) =>
      document.isUntitled && !document.isClosed && document.languageId === language && document.getText() === content,
  );
  const document = open ?? (await workspace.openTextDocument({ language, content }));
  await window.showTextDocument(document, { preview: false });
  return document;
}
