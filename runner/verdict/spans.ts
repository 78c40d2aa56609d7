import type { AddressSpan } from "../../dumps/captures/index.ts";

/** Spans in ascending order, those that touch or overlap joined. */
export function joinSpans(spans: readonly AddressSpan[]): AddressSpan[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (from >= to) continue;
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

/** What spans have in common. Both lists ascend, and in neither do spans overlap. */
export function commonSpans(a: readonly AddressSpan[], b: readonly AddressSpan[]): AddressSpan[] {
  const common: AddressSpan[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = Math.max(a[i].from, b[j].from);
    const to = Math.min(a[i].to, b[j].to);
    if (from < to) common.push({ from, to });
    if (a[i].to < b[j].to) i++;
    else j++;
  }
  return common;
}

/** Makes spans fewer by joining those that are nearest to each other. @param spans ascending, none overlaps another */
export function fewerSpans(spans: readonly AddressSpan[], most: number): AddressSpan[] {
  if (spans.length <= most) return [...spans];
  const gaps = spans.slice(1).map(({ from }, index) => from - spans[index].to);
  const kept = new Set(
    gaps
      .map((gap, index) => ({ gap, index }))
      .sort((a, b) => b.gap - a.gap)
      .slice(0, most - 1)
      .map(({ index }) => index),
  );
  const fewer: { from: number; to: number }[] = [];
  for (const [index, { from, to }] of spans.entries()) {
    const last = fewer.at(-1);
    if (last === undefined || kept.has(index - 1)) fewer.push({ from, to });
    else last.to = to;
  }
  return fewer;
}

/** Whether a range lies in one of some spans. @param spans ascending, joined */
export function isWithin(spans: readonly AddressSpan[], from: number, to: number): boolean {
  const at = firstEndingAfter(spans, from);
  return at < spans.length && spans[at].from <= from && to <= spans[at].to;
}

/** The first part of a range that is in none of some spans. @param spans ascending, joined */
export function firstGap(spans: readonly AddressSpan[], from: number, to: number): AddressSpan | undefined {
  let at = firstEndingAfter(spans, from);
  let start = from;
  while (at < spans.length && spans[at].from <= start && start < to) start = spans[at++].to;
  if (start >= to) return undefined;
  return { from: start, to: Math.min(to, spans[at]?.from ?? to) };
}

function firstEndingAfter(spans: readonly AddressSpan[], address: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].to <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
