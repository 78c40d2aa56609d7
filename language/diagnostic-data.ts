import { limits } from "./limits.ts";

/** What a member of a diagnostic's data is. Ids have at most 32 bits and addresses 52, so a number holds them. */
type Member = "text" | "number" | "number or none" | "ITS";

/**
 * What diagnostics are about, as data: quick fixes and related information work from it, and nothing reads a message back. One table for
 * the types and for the check of what comes back from an editor. `its` is the number of the ITS whose ids they are.
 */
const shapes = {
  /** The misspelt word at the place most likely means `text`. */
  misspelt: { text: "text" },
  /** The value at the place has bits that are dropped; `text` is the one that is kept. */
  "low-bits": { text: "text" },
  /** The expression at the place is most likely meant as `text`, with parentheses. */
  grouping: { text: "text" },
  /** The name is defined above. */
  "name-taken": { name: "text" },
  /** @property event the event that was asked for */
  "device-not-mapped": { its: "ITS", device: "number", event: "number or none" },
  /** The device table has no room for the DeviceID, or no level-2 page. */
  "device-without-place": { its: "ITS", device: "number" },
  /** @property eventBits EventID bits of the device */
  "event-beyond-itt": { its: "ITS", device: "number", event: "number", eventBits: "number" },
  "event-not-mapped": { its: "ITS", device: "number", event: "number" },
  /** The event's collection is not mapped. @property icid the collection; none: it is gone */
  "event-without-target": { its: "ITS", device: "number", event: "number", icid: "number or none" },
  /** A physical command asks for a virtual event. @property vpeId the vPE it is of */
  "event-virtual": { its: "ITS", device: "number", event: "number", vpeId: "number" },
  "collection-not-mapped": { its: "ITS", icid: "number" },
  "collection-without-place": { its: "ITS", icid: "number" },
  /**
   * Lines come to different things on two models.
   * @property line the first one, from 0; of an included file the line that includes it @property model that of the script
   */
  "models-differ": { line: "number", model: "text", answer: "text", other: "text", otherAnswer: "text" },
  /** Another value or outcome was found than the one that the script expects. */
  expectation: { expected: "text", found: "text" },
  /** Any other command error. @property code 0x01CCEE */
  "command-error": { code: "number" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Member>>>>;

type Shapes = typeof shapes;
interface Members {
  readonly text: string;
  readonly number: number;
  readonly "number or none": number | undefined;
}

type Named<Kind extends keyof Shapes> = { readonly kind: Kind } & {
  readonly [Name in Exclude<keyof Shapes[Kind], "its">]: Members[Shapes[Kind][Name] & keyof Members];
} & (Shapes[Kind] extends { readonly its: "ITS" } ? OfIts : unknown);

interface OfIts {
  /** Number of the ITS; absent: 0. */
  readonly its?: number;
}

/** What a diagnostic is about. It can be written as JSON and read again by {@link readDiagnosticData}. */
export type DiagnosticData = { readonly [Kind in keyof Shapes]: Named<Kind> }[keyof Shapes];

/** What an ITS command or an MSI met that was refused. */
export type Fault = Exclude<
  DiagnosticData,
  { readonly kind: "misspelt" | "low-bits" | "grouping" | "name-taken" | "models-differ" | "expectation" }
>;

/** What a line came to on two models. */
export type ModelsDiffer = Extract<DiagnosticData, { readonly kind: "models-differ" }>;

/** Data that was sent to an editor and has come back: anything may stand there. @returns undefined when it is none of ours */
export function readDiagnosticData(value: unknown): DiagnosticData | undefined {
  const kind = own(value, "kind");
  if (typeof kind !== "string" || !Object.hasOwn(shapes, kind)) return undefined;
  const data: Record<string, unknown> = { kind };
  for (const [name, member] of Object.entries<Member>(shapes[kind as keyof Shapes])) {
    const found = own(value, name);
    if (!isMember(found, member)) return undefined;
    if (found !== undefined) data[name] = found;
  }
  return data as unknown as DiagnosticData;
}

function own(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function isMember(value: unknown, member: Member): boolean {
  if (member === "text") return typeof value === "string" && value.length <= LONGEST_TEXT && !/\p{Cc}/u.test(value);
  if (value === undefined) return member === "number or none" || member === "ITS";
  const largest = member === "ITS" ? LARGEST_ITS : LARGEST_NUMBER;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= largest;
}

/** A text that a fix puts into a script is a word or a number; longer words are never suggested. */
const LONGEST_TEXT = 100;
const LARGEST_NUMBER = 2 ** 32 - 1;
const LARGEST_ITS = Number(limits.itss) - 1;
