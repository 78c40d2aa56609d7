import type { Command } from "../command.ts";
import { decode } from "./decode.ts";
import { migrate } from "./migrate.ts";

/** Every command, in the order help lists them. */
export const commands: readonly Command[] = [decode, migrate];
