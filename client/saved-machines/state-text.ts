/** Scheme of the documents that show the tables of a state file. */
export const stateDumpScheme = "gicstate";

/** Scheme of the documents that show the tables of a saved guest or a capture. */
export const captureDumpScheme = "gictables";

/** Whether an address is that of a document that is made of another file. */
export function isStateDump({ scheme }: { readonly scheme: string }): boolean {
  return scheme === stateDumpScheme || scheme === captureDumpScheme;
}

/** Whether a text begins like a state file: a JSON object with a field. No dump of any tool does. */
export function beginsLikeState(head: string): boolean {
  return /^\ufeff?\s*\{\s*"/.test(head.slice(0, 1024));
}

/** Whether a text is meant to be a saved machine; one that is damaged says so too. */
export function isMarkedAsState(text: string): boolean {
  return beginsLikeState(text) && /"format"\s*:\s*"gic-workbench-state"/.test(text.slice(0, 4096));
}
