import type { LineStatement, ScriptDocument } from "../../language/index.ts";
import type { Frame, Position } from "./frame.ts";

/**
 * Moves a position on to the next line that does something: past blank and broken lines, macros where they are defined, tests that do not
 * run, and out of blocks that have ended. It stays on the `}` of a test and of a batch, where something is done, and goes back to the line of a loop for its next
 * turn. A block that is broken is passed over whole.
 */
export function settle({ lines, blocks }: ScriptDocument, position: Position): void {
  let { at } = position;
  // Most scripts have no blocks, and every line comes by here.
  if (blocks.list.length === 0 && position.frame === undefined && !position.skips) {
    while (at < lines.length && (lines[at].statement === undefined || lines[at].kind === "end")) at++;
    position.at = at;
    return;
  }
  let toElse = -1;
  const passOver = (line: number): number => {
    const block = blocks.openedAt(line);
    if (block === undefined) return line + 1;
    if (block.next === undefined) return blocks.behind(block);
    toElse = block.close;
    return block.close;
  };
  if (position.skips) at = passOver(at);
  position.skips = false;
  for (; at < lines.length; ) {
    const line = lines[at];
    const { statement } = line;
    if (line.kind === "end") {
      const { frame } = position;
      const block = blocks.closedAt(at);
      if (frame !== undefined && block?.open === frame.open) {
        if (frame.kind === "test" || frame.kind === "batch") break;
        if (frame.turn !== undefined) {
          at = frame.open;
          break;
        }
        leave(position, frame);
        if (frame.call !== undefined) at = frame.call + 1;
        else at = blocks.behind(block);
      } else if (at !== toElse) at++;
      else if (statement === undefined) at = passOver(at);
      else break;
    } else if (statement === undefined || isPassedOver(statement, position)) {
      const block = blocks.openedAt(at);
      at = block === undefined ? at + 1 : blocks.behind(block);
    } else break;
  }
  position.at = at;
}

function isPassedOver(statement: LineStatement, { onlyTest }: Position): boolean {
  if (statement.kind === "test") return onlyTest !== undefined && statement.title !== onlyTest;
  return statement.kind === "macro";
}

/** Leaves a block. What a line of `cpu` or `its` has named is seen behind it. */
export function leave(position: Position, frame: Frame): void {
  if (frame.kind !== "place" && frame.kind !== "batch") position.locals = frame.locals;
  position.frame = frame.outer;
}
