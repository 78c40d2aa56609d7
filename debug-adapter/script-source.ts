/** Where scripts come from. The adapter knows no file system: in a browser there is none. */
export interface ScriptSource {
  /**
   * The text of a script.
   * @throws AdapterError for what is missing, a directory, empty, too large or not readable
   */
  read(path: string): Promise<string>;
  /** Whether two paths mean the same file. */
  same(a: string, b: string): boolean;
  /** The last part of a path, for people. */
  name(path: string): string;
}
