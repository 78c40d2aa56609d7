// Takes pictures of the packaged extension in the workbench, into .pictures/:  npm run pictures [-- SCENE...]
import { play } from "./pictures/play.ts";
import { scenes } from "./pictures/scenes.ts";
import { inProject, main, UserError } from "./project.ts";
import { packVsix } from "./vsix.ts";

await main(async () => {
  const wanted = process.argv.slice(2);
  const chosen = scenes.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  if (chosen.length === 0) throw new UserError(`Scenes are: ${scenes.map(({ name }) => name).join(", ")}`);
  const vsix = await packVsix(inProject("out", "pictures.vsix"));
  let failed = 0;
  for (const scene of chosen) {
    console.log(scene.name);
    if (!(await play(scene, vsix.file))) failed++;
  }
  return failed === 0 ? 0 : 1;
});
