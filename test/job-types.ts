import { z } from 'zod';
import { defineJob } from '../src/job/definition.js';
import type { AnyJobDefinition } from '../src/job/definition.js';
import type { JobClient } from '../src/job/context.js';
declare const c: JobClient;
const a = defineJob({ name: 'a', args: z.object({ to: z.string(), n: z.coerce.number().default(3) }), handler: async (args, ctx) => { args.n.toFixed(); ctx.signal.throwIfAborted(); return { ok: true as const }; } });
const ping = defineJob({ name: 'ping', handler: async (_args, ctx) => ctx.job.id });
const contract = defineJob({ name: 'b', args: z.object({ x: z.number() }) });
const impl = contract.withHandler(async ({ x }) => x + 1);
const list: AnyJobDefinition[] = [a, ping, impl];
// @ts-expect-error no handler
const list2: AnyJobDefinition[] = [contract];
await c.enqueue(a, { to: 'x' }); await c.enqueue(a, { to: 'x', n: '4' }, { queue: 'q' });
await c.enqueue(ping); await c.enqueue(ping, undefined, { queue: 'x' }); await c.enqueue(contract, { x: 1 }); await c.enqueue(impl, { x: 1 });
// @ts-expect-error missing
await c.enqueue(a, {});
// @ts-expect-error required
await c.enqueue(a);
// @ts-expect-error excess
await c.enqueue(a, { to: 'a', tooo: 1 });
// @ts-expect-error none
await c.enqueue(ping, { a: 1 });
// @ts-expect-error option
await c.enqueue(a, { to: 'a' }, { quue: 1 });
await c.enqueueMany(a, [{ to: 'x' }]);
await c.schedule(a, { to: 'x' }, '5m');
export { list, list2 };
