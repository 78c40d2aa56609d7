// Takes pictures of the packaged extension in the workbench, into .pictures/:  npm run pictures [-- SCENE...]
import { playAll } from "./pictures/play.ts";
import { scenes } from "./pictures/scenes.ts";
import { main, UserError } from "./project.ts";

await main(async () => {
  const wanted = process.argv.slice(2);
  const chosen = scenes.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  if (chosen.length === 0) throw new UserError(`Scenes are: ${scenes.map(({ name }) => name).join(", ")}`);
  return (await playAll(chosen)) ? 0 : 1;
});
