/** Height of a row in CSS pixels; the style sheet says the same. */
export const ROW_HEIGHT = 22;

/**
 * Tallest element that is made, in CSS pixels. Browsers cut elements off at some 16 to 33 million; a table of four million rows is
 * therefore scrolled in larger steps than a row.
 */
export const MAX_HEIGHT = 8_000_000;

/** Height of the element that gives the scroll bar its length. */
export function scrollHeight(rowCount: number): number {
  return Math.min(rowCount * ROW_HEIGHT, MAX_HEIGHT);
}

/** The first row to show, fraction included, for a place of the scroll bar. */
export function firstRowAt(scrollTop: number, viewHeight: number, rowCount: number): number {
  const height = rowCount * ROW_HEIGHT;
  if (height <= MAX_HEIGHT) return scrollTop / ROW_HEIGHT;
  const travel = MAX_HEIGHT - viewHeight;
  return travel <= 0 ? 0 : (Math.min(scrollTop, travel) / travel) * (rowCount - viewHeight / ROW_HEIGHT);
}

/** The place of the scroll bar that makes a row the first one: the reverse of {@link firstRowAt}. */
export function scrollTopFor(row: number, viewHeight: number, rowCount: number): number {
  const height = rowCount * ROW_HEIGHT;
  if (height <= MAX_HEIGHT) return row * ROW_HEIGHT;
  return (row / Math.max(1, rowCount - viewHeight / ROW_HEIGHT)) * (MAX_HEIGHT - viewHeight);
}

/** Scroll bars move by whole pixels of the screen: less than this part of a row out of sight is in sight. */
const HARDLY = 0.05;

/** The first row to show, fraction included, so that `row` is wholly in sight, moving as little as can be. */
export function firstRowToSee(row: number, first: number, viewHeight: number): number {
  const shown = Math.max(1, viewHeight / ROW_HEIGHT);
  if (row < first - HARDLY) return row;
  return row + 1 > first + shown + HARDLY ? row + 1 - shown : first;
}
