import type { LinePlace } from "../flow/run-history.ts";

/** What a line comes to on one model. */
export interface PortableAnswer {
  readonly model: string;
  readonly answer: string;
}

/** A line that comes to different things. */
export interface LineDifference extends LinePlace {
  /** Of every model that has run the line. */
  readonly answers: readonly PortableAnswer[];
  /** Whether the models go to different lines behind it, so that no line below is compared. */
  readonly parts?: boolean;
}

/** Models by what they answer: `kvm-7.2, kvm-7.3: done` and `arch: stalled`. */
export function differenceLines({ answers, parts }: LineDifference): string[] {
  const groups = new Map<string, string[]>();
  for (const { model, answer } of answers) groups.set(answer, [...(groups.get(answer) ?? []), model]);
  const list = [...groups].map(([answer, models]) => `${models.join(", ")}: ${answer}`);
  return parts === true ? [...list, "they go different ways from here, so the lines below are not compared"] : list;
}
