import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex } from "../architecture/hex.ts";
import type { Target } from "../runner/index.ts";

/** The ITSs of a machine, as the protocol's modules: what carries out commands. */
export function modulesOf({ map, title }: Target): DebugProtocol.Module[] {
  return map.its.map((address, its) => ({
    id: its,
    name: `ITS ${its}`,
    version: title,
    addressRange: `${hex(address)} to ${hex(address + 0x1ffff)}`,
  }));
}

/** The SHA-256 of a text in UTF-8. */
export async function checksumOf(text: string): Promise<DebugProtocol.Checksum> {
  const digest = await globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const checksum = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { algorithm: "SHA256", checksum };
}
