import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutHosts } from "../../scripts/sbom-text.ts";

test("a list of packages names no registry, and keeps hashes and pages", () => {
  const home = { type: "website", url: "https://example.org" };
  const cyclone = {
    components: [
      { name: "a", hashes: [1], externalReferences: [{ type: "distribution", url: "https://registry/a.tgz" }, home] },
    ],
  };
  const { components } = JSON.parse(withoutHosts(JSON.stringify(cyclone)));
  assert.deepEqual(components, [{ name: "a", hashes: [1], externalReferences: [home] }]);
  const spdx = { packages: [{ name: "a", downloadLocation: "https://registry/a.tgz", checksums: [2] }] };
  const { packages } = JSON.parse(withoutHosts(JSON.stringify(spdx)));
  assert.deepEqual(packages, [{ name: "a", downloadLocation: "NOASSERTION", checksums: [2] }]);
});
