import { type Constants, constantOf } from "../../language/index.ts";
import { errors } from "../errors.ts";

/** `NAME=VALUE,…` as constants. @param command in whose help they are @throws CliError */
export function constantsOf(text: string | undefined, command: string): Constants {
  const found = new Map<string, bigint>();
  for (const part of text?.split(",") ?? []) {
    const [, name, written] = /^\s*([A-Za-z_]\w*)\s*=(.+)$/.exec(part) ?? [];
    if (name === undefined)
      throw errors.usage(`--let takes NAME=VALUE, several of them with commas, not "${part}".`, command);
    const value = constantOf(written);
    if (typeof value !== "bigint") throw errors.usage(`--let ${name}: ${value.message}`, command);
    found.set(name, value);
  }
  return found;
}
