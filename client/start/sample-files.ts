/** The examples by their paths: texts as they are, other files in base64. scripts/samples.ts writes them into the package. */
export type SampleFiles = Readonly<Record<string, string | { readonly base64: string }>>;

/** The bytes of a file. Runs in a browser, too. */
export function sampleBytes(content: SampleFiles[string]): Uint8Array {
  return typeof content === "string"
    ? new TextEncoder().encode(content)
    : Uint8Array.from(atob(content.base64), (character) => character.charCodeAt(0));
}

/** The first of NAME, NAME-2, NAME-3 … that is not taken. */
export async function freeName(name: string, isTaken: (name: string) => Promise<boolean>): Promise<string> {
  let free = name;
  for (let number = 2; await isTaken(free); number++) free = `${name}-${number}`;
  return free;
}
