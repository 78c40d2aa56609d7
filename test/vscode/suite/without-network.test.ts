import assert from "node:assert/strict";
import { connect } from "node:net";
import process from "node:process";

// Whether anybody has asked is looked up when all suites are over (scripts/test-vscode.ts); here it is proven that asking would be noticed.
describe("the network", () => {
  it("is refused to the extension host, and by NODE_OPTIONS to the servers that it starts", async () => {
    const code = await new Promise((resolve) => {
      connect(80, "192.0.2.1").on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    assert.equal(code, "EACCES");
    assert.match(process.env.NODE_OPTIONS ?? "", /network-guard\.cjs/);
    assert.notEqual(process.env.GICWB_NETWORK_LOG ?? "", "");
  });
});
