import { decodeState, rawFileOf } from "../emulator/index.ts";
import { fromBase64 } from "../emulator/state-file/base64.ts";
import { elsewhereSentence, isPlainFileName, problemSentence, stateDumpText } from "../runner/saved-machines/index.ts";
import type { StateDumpAnswer, StateDumpParams } from "./state-protocol.ts";

/** The tables of a saved machine as a dump, or what is missing or wrong. @param params as they came: anything may be in them */
export function stateDumpOf(params: Partial<StateDumpParams> | null | undefined): StateDumpAnswer {
  const { text, raw } = params ?? {};
  if (typeof text !== "string") return { refusal: "There is no text of a saved machine." };
  const memoryFile = rawFileOf(text);
  if (memoryFile !== undefined && raw === undefined) {
    return isPlainFileName(memoryFile) ? { memoryFile } : { refusal: elsewhereSentence(memoryFile) };
  }
  const bytes = typeof raw === "string" ? fromBase64(raw) : undefined;
  const decoded = decodeState(text, bytes instanceof Uint8Array ? bytes : undefined);
  if ("problem" in decoded) return { refusal: problemSentence(decoded.problem) };
  return { dump: stateDumpText(decoded.state) };
}
