import { Uri } from "vscode";
import { captureDumpScheme, stateDumpScheme } from "./state-text.ts";

/** Where the dump of a state file is: a path that ends as dumps do, so that it gets their language, and the file's own address. */
export function stateDumpUri(file: Uri): Uri {
  return Uri.from({ scheme: stateDumpScheme, path: `${file.path}.gicdump`, query: file.toString() });
}

/** As {@link stateDumpUri}, of a saved guest or a folder with a capture. */
export function captureDumpUri(place: Uri): Uri {
  return Uri.from({ scheme: captureDumpScheme, path: `${place.path}.gicdump`, query: place.toString() });
}

/** The state file, saved guest or folder that a document is the dump of. */
export function stateFileOf(dump: Uri): Uri {
  return Uri.parse(dump.query, true);
}
