import type { Random } from "../random.ts";
import { draftNames } from "./check.ts";
import { type GuestShape, GuestSteps } from "./guest-steps.ts";
import { HostSteps } from "./host-steps.ts";
import { ItsSteps } from "./its-steps.ts";
import { setup } from "./setup-steps.ts";
import type { Step } from "./steps.ts";

/** Virtual machines of a stream that is about their set-up. */
const SETUPS = 5;

/** How often what is done, by what a stream is about: the kinds of the recordings. */
interface Mix {
  readonly shape: (random: Random) => GuestShape;
  readonly its: number;
  readonly lpis: number;
  readonly frames: number;
  readonly lines: number;
  readonly attributes: number;
  readonly threads: number;
}

const mixes: readonly (readonly [weight: number, mix: Mix])[] = [
  // ITS streams, with one ITS or two.
  [
    5,
    {
      shape: (random) => v3(random, 3, 1 + random.below(2)),
      its: 12,
      lpis: 2,
      frames: 3,
      lines: 2,
      attributes: 2,
      threads: 1,
    },
  ],
  [2, { shape: (random) => v3(random, 4, 1), its: 5, lpis: 10, frames: 2, lines: 1, attributes: 1, threads: 1 }],
  [
    4,
    {
      shape: (random) => v3(random, 4, random.below(2)),
      its: 1,
      lpis: 1,
      frames: 8,
      lines: 8,
      attributes: 8,
      threads: 3,
    },
  ],
  // Bursts of lines on few vCPUs.
  [3, { shape: (random) => v3(random, 1, 0), its: 0, lpis: 0, frames: 2, lines: 20, attributes: 3, threads: 4 }],
  // More vCPUs than an affinity level holds.
  [
    1,
    { shape: () => ({ gic: 3, cpus: 18, itss: 1 }), its: 3, lpis: 1, frames: 4, lines: 4, attributes: 4, threads: 2 },
  ],
  [
    3,
    {
      shape: (random) => ({ gic: 2, cpus: 1 + random.below(8), itss: 0 }),
      its: 0,
      lpis: 0,
      frames: 10,
      lines: 8,
      attributes: 6,
      threads: 3,
    },
  ],
];

function v3(random: Random, mostCpus: number, itss: number): GuestShape {
  return { gic: 3, cpus: 1 + random.below(mostCpus), itss };
}

/** A stream: virtual machines that are set up in any way, or a guest that lives, is saved, restored, and lives on. */
export function stream(random: Random): readonly Step[] {
  const name = random.pick(draftNames);
  const steps = random.chance(22) ? Array.from({ length: SETUPS }, () => setup(random)).flat() : life(random);
  return [{ op: "model", name }, ...steps];
}

function life(random: Random): readonly Step[] {
  const mix = random.weighted(mixes);
  const shape = mix.shape(random);
  const host = new HostSteps(random, shape);
  const its = new ItsSteps(random, shape);
  const guest = new GuestSteps(random, shape);
  const steps: Step[] = [{ op: "machine", ...shape }, ...host.boot()];
  for (let at = 0; at < shape.itss; at++) steps.push(...its.boot(at));
  const acts: (readonly [weight: number, act: () => readonly Step[]])[] = [
    [2 + mix.lines / 2, () => guest.acknowledge()],
    [shape.gic === 3 ? 2 : 0, () => [guest.systemRegister()]],
    [1, () => [guest.timer()]],
    [mix.frames, () => [guest.frameAccess()]],
    [mix.lines, () => [random.chance(60) ? host.line() : host.trigger()]],
    [mix.attributes, () => [host.attribute()]],
    [1, () => [host.anyAttribute()]],
    [shape.gic === 3 ? 1 : 0, () => [host.levelInfo()]],
    [mix.lpis, () => [random.pick([host.lpiMemory(), host.lpiMemory(), host.lpiRegister(), host.savePendingTables()])]],
    [mix.threads, () => [host.thread()]],
    [1, () => [host.device()]],
    [1, () => [host.begunSet()]],
    [1, () => [{ op: "migrate" }]],
  ];
  if (shape.itss > 0) {
    acts.push(
      [mix.its, () => its.commands()],
      [mix.its / 2, () => [its.msi()]],
      [mix.its / 6, () => its.begunCommands()],
      [mix.its / 4, () => [its.step()]],
      [mix.its / 5, () => [its.register()]],
      [mix.its / 6, () => [its.damage()]],
      [mix.its / 3, () => [its.control()]],
    );
  }
  const length = steps.length + 40 + random.below(80);
  // Every act is a fraction of the same sum, so that weights need not be whole.
  while (steps.length < length)
    steps.push(...random.weighted(acts.map(([weight, act]) => [Math.round(weight * 12), act] as const))());
  return steps;
}
