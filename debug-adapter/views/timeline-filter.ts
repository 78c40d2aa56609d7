/** What a row of the timeline can be found by. Numbers are undefined where there are none, or where they are not known. */
export interface TimelineFacts {
  /** The statement, or the command, in lower case. */
  readonly text: string;
  /** Line of the script, from 1. */
  readonly line: number;
  readonly its?: number | undefined;
  readonly device?: number | undefined;
  readonly event?: number | undefined;
  readonly intid?: number | undefined;
  readonly icid?: number | undefined;
  /** Something went wrong: a problem, or a command that was not done. */
  readonly failed: boolean;
  readonly stalled: boolean;
  /** The session has stopped there. */
  readonly stopped: boolean;
}

/** Which rows of the timeline are wanted. */
export interface TimelineFilter {
  /** Words that mean nothing; nothing matches them. */
  readonly unknown: readonly string[];
  /** Whether it asks for numbers of commands. */
  readonly asksNumbers: boolean;
  /** Whether it asks where the session has stopped. */
  readonly asksStops: boolean;
  /** Whether it leaves everything. */
  readonly isEmpty: boolean;
  holds(facts: TimelineFacts): boolean;
}

type Test = (facts: TimelineFacts) => boolean;

const states: Readonly<Record<string, Test>> = {
  error: ({ failed }) => failed,
  errors: ({ failed }) => failed,
  stalled: ({ stalled }) => stalled,
  stop: ({ stopped }) => stopped,
  stops: ({ stopped }) => stopped,
};

const numbers: Readonly<Record<string, (facts: TimelineFacts) => number | undefined>> = {
  line: ({ line }) => line,
  its: ({ its }) => its,
  device: ({ device }) => device,
  deviceid: ({ device }) => device,
  event: ({ event }) => event,
  eventid: ({ event }) => event,
  intid: ({ intid }) => intid,
  icid: ({ icid }) => icid,
};
const anyNumber = [numbers.device, numbers.event, numbers.intid, numbers.icid];

/**
 * Reads the text of a filter. All its words must hold: `errors`, `stalled`, `stops`; `device:0x10`, `event:1`, `intid:8192`, `icid:2`,
 * `its:0`, `line:12`; a number that is one of the ids; or a part of the statement, as the name of a command.
 * @param failed whether only what went wrong is wanted
 */
export function timelineFilter(text: string, failed: boolean): TimelineFilter {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const read = words.map(testOf);
  const tests = read.flatMap((one) => (one === undefined ? [] : [one.test]));
  return {
    unknown: words.filter((_word, at) => read[at] === undefined),
    asksNumbers: read.some((one) => one?.asksNumbers === true),
    asksStops: words.some((word) => word === "stop" || word === "stops"),
    isEmpty: words.length === 0 && !failed,
    holds: (facts) => (!failed || facts.failed) && tests.every((test) => test(facts)),
  };
}

function testOf(word: string): { readonly test: Test; readonly asksNumbers: boolean } | undefined {
  if (Object.hasOwn(states, word)) return { test: states[word], asksNumbers: false };
  const [, key, given] = /^([a-z]+)[:=](.*)$/.exec(word) ?? [];
  if (key !== undefined) {
    const number = numberOf(given);
    if (number === undefined || !Object.hasOwn(numbers, key)) return undefined;
    return { test: (facts) => numbers[key](facts) === number, asksNumbers: key !== "line" && key !== "its" };
  }
  const number = numberOf(word);
  if (number === undefined) return { test: ({ text }) => text.includes(word), asksNumbers: false };
  return { test: (facts) => anyNumber.some((of) => of(facts) === number), asksNumbers: true };
}

function numberOf(text: string): number | undefined {
  return /^(0x[0-9a-f]{1,8}|\d{1,10})$/.test(text) ? Number(text) : undefined;
}
