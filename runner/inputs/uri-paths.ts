/** A URI as the file system that it is of, and a path in there. */
export interface UriPlace {
  /** Scheme and authority: `vscode-vfs://github`. */
  readonly root: string;
  /** Absolute, with slashes. */
  readonly path: string;
}

/** The place of a file's URI; undefined for one that has none: a document that was never saved, or one that is made of another. */
export function placeOfUri(uri: string): UriPlace | undefined {
  const found = /^([a-z][a-z0-9+.-]+:\/\/[^/?#]*)(\/[^?#]*)$/i.exec(uri);
  if (found === null) return undefined;
  try {
    return { root: found[1], path: decodeURIComponent(found[2]) };
  } catch {
    // A percent sign that begins no code: no editor writes such a URI.
    return undefined;
  }
}

/** The URI of a place. */
export function uriOfPlace({ root, path }: UriPlace): string {
  return root + path.split("/").map(encodeURIComponent).join("/");
}
