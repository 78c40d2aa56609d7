/** A place in a file of a capture: `line` from 1, 0 = the whole file. */
export interface Source {
  readonly file: string;
  readonly line: number;
}
