/** What is known of a box of the map. */
export interface NodeTexts {
  readonly name: string;
  /** The name without its kind. */
  readonly short: string;
  /** Events, and how many of them are pending, in words. */
  readonly counts: string;
  readonly events: number;
  readonly pending: number;
}

/** What a box says in the room that it has. */
export interface FittingText {
  readonly text: string;
  /** That events are pending, and how many, where the text has no room to say it: stands at the right end, whatever the text loses. */
  readonly badge?: string;
}

/** Characters between a text and the badge beside it. */
const BESIDE = 1;

/** The longest text that fits; what is pending shows in each. @param room in characters */
export function nodeText({ name, short, counts, events, pending }: NodeTexts, room: number): FittingText {
  const inWords = [`${name} · ${counts}`, `${short} · ${counts}`].find(({ length }) => length <= room);
  if (inWords !== undefined) return { text: inWords };
  const badge = pending === 0 ? undefined : ([`●${pending}`].find(({ length }) => length + BESIDE < room) ?? "●");
  const left = room - (badge === undefined ? 0 : badge.length + BESIDE);
  const text =
    [`${short} · ${events}`, short].find(({ length }) => length <= left) ?? `${short.slice(0, Math.max(0, left - 1))}…`;
  return { text, badge };
}
