import type { Metafile } from "esbuild";

/** Bytes as people read them. */
export function kibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

/** One line a bundle: its size and what takes the most room in it, packages summed up under their names. */
export function sizeReport(metafiles: readonly Metafile[]): string[] {
  const lines: string[] = [];
  for (const metafile of metafiles) {
    for (const [file, output] of Object.entries(metafile.outputs)) {
      if (file.endsWith(".map")) continue;
      const parts = new Map<string, number>();
      for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
        const part = partOf(input);
        parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
      }
      const largest = [...parts].sort((a, b) => b[1] - a[1]).slice(0, 4);
      const shares = largest.map(([part, bytes]) => `${part} ${kibibytes(bytes)}`).join(", ");
      lines.push(`${file.padEnd(24)} ${kibibytes(output.bytes).padStart(10)}  ${shares}`);
    }
  }
  return lines;
}

/** `node_modules/@scope/name/…` → `@scope/name`; a source file → its top folder. */
function partOf(input: string): string {
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input);
  if (inPackage?.[1] !== undefined) return inPackage[1];
  return `${input.split("/")[0]}/`;
}
