import type { Blocks } from "../blocks.ts";
import type { ScriptLine } from "../parse/line.ts";
import type { Span } from "../parse/syntax.ts";

/** Lines that a run goes through: those of a script, or of a file that it includes. */
export interface ScriptPart {
  readonly lines: readonly ScriptLine[];
  readonly blocks: Blocks;
  /** Identity of its file; empty where it is on no disk. */
  readonly identity: string;
  /** The file that an included one is; absent: the script itself. */
  readonly file?: IncludedFile | undefined;
  /** Where a macro that lines of this part see is defined. Line from 0. */
  macroPlace(name: string): { readonly part: ScriptPart; readonly line: number } | undefined;
  /** Where a name is defined, in this part or in a file that it includes. @param line the line that sees it; absent: any */
  definitionPlace(name: string, line?: number): DefinitionPlace | undefined;
  /** Names visible on a line, with their constants, in the order of their definitions. */
  namesAt(line: number): readonly { readonly name: string; readonly constant: bigint | undefined }[];
  /** A file that this part includes. @param file its identity */
  included(file: string): ScriptPart | undefined;
}

/** The word that defines a name. Line from 0. */
export interface DefinitionPlace extends Span {
  readonly part: ScriptPart;
  readonly line: number;
}

/** A file that a script includes. */
export interface IncludedFile {
  readonly identity: string;
  /** Its path as the first line that includes it has it. */
  readonly path: string;
}
