import type { LineStatement } from "../../language/index.ts";
import type { Frame, Position } from "./frame.ts";

/**
 * Moves a position on to the next line that does something: past blank and broken lines, macros where they are defined, tests that do not
 * run, those of included files among them, and out of blocks that have ended. It stays on the `}` of a test and of a batch, where something
 * is done, and goes back to the line of a loop for its next turn. A block that is broken is passed over whole. At the end of an included
 * file it goes on behind the line that includes it.
 */
export function settle(position: Position): void {
  let { at, part } = position;
  let { lines, blocks } = part;
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
  const goBehind = ({ call, caller }: Frame): void => {
    if (call === undefined || caller === undefined) return;
    at = call + 1;
    part = caller;
    ({ lines, blocks } = part);
  };
  for (;;) {
    if (at >= lines.length) {
      const { frame } = position;
      if (frame?.kind !== "include") break;
      leave(position, frame);
      goBehind(frame);
      continue;
    }
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
        if (frame.call !== undefined) goBehind(frame);
        else at = blocks.behind(block);
      } else if (at !== toElse) at++;
      else if (statement === undefined) at = passOver(at);
      else break;
    } else if (statement === undefined || isPassedOver(statement, position, part.file !== undefined)) {
      const block = blocks.openedAt(at);
      at = block === undefined ? at + 1 : blocks.behind(block);
    } else break;
  }
  position.at = at;
  position.part = part;
}

function isPassedOver(statement: LineStatement, { onlyTest }: Position, isIncluded: boolean): boolean {
  if (statement.kind === "test") return isIncluded || (onlyTest !== undefined && statement.title !== onlyTest);
  return statement.kind === "macro";
}

/** Leaves a block. What a line of `cpu` or `its` has named is seen behind it. */
export function leave(position: Position, frame: Frame): void {
  position.part = frame.caller ?? position.part;
  if (frame.kind !== "place" && frame.kind !== "batch") position.locals = frame.locals;
  position.frame = frame.outer;
}
