import type { WorkbenchUser } from "./workbench-user.ts";

/** A sequence of steps with pictures, on a fresh workbench over a copy of the examples. */
export interface Scene {
  readonly name: string;
  readonly play: (user: WorkbenchUser) => Promise<void>;
}

export const scenes: readonly Scene[] = [
  {
    name: "script",
    async play(user) {
      await user.openFile("one-command.itscmd");
      await user.picture("script");
    },
  },
];
