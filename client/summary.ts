/** What a field is, for a place that already shows its name: declarations begin with "Name: ". */
export function withoutName({ name, summary }: { readonly name: string; readonly summary: string }): string {
  const text = summary.startsWith(`${name}: `) ? summary.slice(name.length + 2) : summary;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
