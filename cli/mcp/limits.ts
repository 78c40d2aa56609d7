/** What a call of a tool may have of this machine. docs/mcp.md is checked against this. */
export const limits = {
  /** Bytes of one file. */
  fileBytes: 64 * 1024 * 1024,
  /** Bytes of all files of a call. */
  callBytes: 256 * 1024 * 1024,
  /** Files of a folder that are read together. */
  files: 1024,
  /** Characters of a text that is given as an argument. */
  textCharacters: 1024 * 1024,
  /** Bytes of one message of the client. */
  messageBytes: 8 * 1024 * 1024,
  /** Seconds of a call that is not told otherwise; then it is given up. */
  callSeconds: 60,
  /** MiB of heap that a call may have. */
  heapMebibytes: 1024,
  /** MiB that the machines of a script may hold together. */
  machineMebibytes: 256,
  /** Calls that run at once. */
  running: 2,
  /** Calls that wait for one of those. */
  waiting: 32,
  /** Rows of an answer, where nothing is said; and the most that may be asked for. */
  rows: 50,
  mostRows: 500,
  /** Characters of the JSON of an answer's rows: there are fewer rows where they are long. */
  rowCharacters: 96 * 1024,
  /** Characters of an answer's text. */
  answerText: 6000,
} as const;
