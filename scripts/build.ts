// Builds the product into dist/:  npm run build [-- --minify] [-- --watch]
import { chmodSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { build, context } from "esbuild";
import { productBundles } from "./bundle.ts";
import { inProject, main } from "./project.ts";
import { sizeReport } from "./size-report.ts";

await main(async () => {
  const { values } = parseArgs({ options: { minify: { type: "boolean" }, watch: { type: "boolean" } } });
  const bundles = productBundles({ minify: values.minify ?? false });
  if (values.watch) {
    for (const { options } of bundles) await (await context({ ...options, logLevel: "info" })).watch();
    return 0;
  }
  rmSync(inProject("dist"), { recursive: true, force: true });
  const results = await Promise.all(bundles.map(({ options }) => build({ ...options, metafile: true })));
  for (const { output } of bundles) if (output.endsWith("gicwb.cjs")) chmodSync(inProject(output), 0o755);
  for (const line of sizeReport(results.map((result) => result.metafile))) console.log(line);
  return 0;
});
