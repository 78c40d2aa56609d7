// Each recording as a test, for mutants of what it replays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { emulatorTarget } from "../conformance/connect.ts";
import { Findings } from "../conformance/findings.ts";
import { findRecordings, replayFile } from "../conformance/recordings.ts";

/** Declares a test for each recording in a folder of `test/vectors`. */
export function declareRecordings(folder: string): void {
  for (const path of findRecordings(`test/vectors/${folder}`)) {
    test(path, () => {
      const findings = new Findings(true);
      replayFile(path, emulatorTarget, findings);
      assert.deepEqual(findings.failures, []);
    });
  }
}
