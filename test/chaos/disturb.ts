import { type Blow, onSome, pause, type Scene } from './blow.js';
import { cut, deafen, drain, stop } from './harm.js';
import { kill, killTwice, vanish } from './kill.js';
import type { Disturbance, Strike } from './plan.js';
import { restartPostgres } from './restart-postgres.js';

const oneServer = { program: 'server', count: 1 } as const;
const twoServers = { program: 'server', count: 2 } as const;
const oneClient = { program: 'client', count: 1 } as const;

const blows: Readonly<Record<Disturbance, (blow: Blow) => Promise<void>>> = {
  kill: (blow) => onSome(blow, oneServer, (life) => kill(blow, life)),
  'kill two at once': (blow) => onSome(blow, twoServers, (life) => kill(blow, life)),
  'kill, and again right after the start': (blow) => onSome(blow, oneServer, (life) => killTwice(blow, life)),
  vanish: (blow) => onSome(blow, oneServer, (life) => vanish(blow, life)),
  drain: (blow) => onSome(blow, oneServer, (life) => drain(blow, life)),
  stop: (blow) => onSome(blow, oneServer, (life) => stop(blow, life)),
  cut: (blow) => onSome(blow, oneServer, (life) => cut(blow, life)),
  deafen: (blow) => onSome(blow, oneServer, (life) => deafen(blow, life)),
  'kill client': (blow) => onSome(blow, oneClient, (life) => kill(blow, life)),
  'cut client': (blow) => onSome(blow, oneClient, (life) => cut(blow, life)),
  'restart Postgres': restartPostgres,
};

/** Does what the plan says, at its times; resolves when everything is healed. */
export async function disturb(scene: Scene, plan: readonly Strike[], over: AbortSignal): Promise<void> {
  const begin = performance.now();
  const underWay: Promise<void>[] = [];
  for (const strike of plan) {
    await pause(begin + strike.atMs - performance.now(), over);
    if (over.aborted) break;
    underWay.push(blows[strike.disturbance]({ ...scene, ...strike, over }));
  }
  await Promise.all(underWay);
}
