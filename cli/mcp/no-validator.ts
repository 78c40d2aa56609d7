import type { jsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/types.js";

/**
 * The SDK checks what users enter in forms of a server by a JSON schema library. This server asks users nothing; without the library its
 * bundle is half as large (scripts/bundle.ts leaves it out).
 */
export const noValidator: jsonSchemaValidator = {
  getValidator: () => {
    throw new Error("this server asks users nothing");
  },
};
