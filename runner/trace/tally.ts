/** What became of the events of one name. */
export interface TallyRow {
  readonly name: string;
  /** Compared with what the machine did. */
  compared: number;
  /** Given to the machine. */
  given: number;
  /** Neither. */
  passedOver: number;
  /** Why events were passed over. */
  reason: string | undefined;
}

/** Counts of a replay by name of event. */
export class Tally {
  private readonly rows = new Map<string, TallyRow>();

  private row(name: string): TallyRow {
    let row = this.rows.get(name);
    if (row === undefined) {
      row = { name, compared: 0, given: 0, passedOver: 0, reason: undefined };
      this.rows.set(name, row);
    }
    return row;
  }

  compared(name: string): void {
    this.row(name).compared++;
  }

  given(name: string): void {
    this.row(name).given++;
  }

  passedOver(name: string, reason: string): void {
    const row = this.row(name);
    row.passedOver++;
    row.reason ??= reason;
  }

  /** Rows in order of name. */
  list(): readonly TallyRow[] {
    return [...this.rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  total(column: "compared" | "given" | "passedOver"): number {
    return this.list().reduce((sum, row) => sum + row[column], 0);
  }
}
