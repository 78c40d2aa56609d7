// Builds the product into dist/:  npm run build [-- --minify] [-- --watch]
import { parseArgs } from "node:util";
import { context } from "esbuild";
import { buildProduct, productBuilds } from "./bundle.ts";
import { main } from "./project.ts";
import { sizeReport } from "./size-report.ts";

await main(async () => {
  const { values } = parseArgs({ options: { minify: { type: "boolean" }, watch: { type: "boolean" } } });
  const minify = values.minify ?? false;
  if (values.watch) {
    await buildProduct({ minify });
    for (const options of productBuilds({ minify })) {
      await (await context({ ...options, logLevel: "info" })).watch();
    }
    return 0;
  }
  for (const line of sizeReport(await buildProduct({ minify }))) console.log(line);
  return 0;
});
