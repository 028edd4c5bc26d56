import { z } from 'zod';
import { quiet, stop, wake } from '../../storage/ask-server.js';
import { listServers } from '../../storage/servers.js';
import { saidBy } from '../frame/form.js';
import { operation } from './operation.js';
import { about, applied, id, instant, named, reason, sizeUpTo } from './schema.js';

const server = named(
  'Server',
  z.object({
    id: z.string(),
    name: z.string(),
    state: z.enum(['running', 'stopped', 'lost']),
    queues: about('Slots by queue.', z.record(z.string(), z.int())),
    startedAt: instant,
    heartbeatAt: instant,
    stoppedAt: instant.optional(),
    version: z.string(),
    lagMs: about(
      'The longest that its event loop was late between its latest two heartbeats.',
      z.number().optional(),
    ),
    asked: about('What a person has asked of it.', z.enum(['quiet', 'stop']).optional()),
    askedAt: instant.optional(),
    askedBy: z.string().optional(),
    processing: about('How many jobs it is running.', z.int()),
  }),
);

const list = operation({
  id: 'listServers',
  method: 'get',
  path: '/servers',
  right: 'view',
  summary: 'The servers: running ones first, then the latest to leave',
  input: z.strictObject({ size: sizeUpTo(500) }),
  answer: z.object({ servers: z.array(server) }),
  handle: async ({ size }, { database }) => ({ servers: await listServers(database.kysely, size) }),
});

const summaries = {
  quiet: 'Ask a server to take no more jobs and to finish what runs',
  wake: 'Ask a quiet server to take jobs again',
  stop: 'Ask a server to stop',
} as const;

const acts = [quiet, wake, stop].map((act) =>
  operation({
    id: `${act.kind}Server`,
    method: 'post',
    path: `/servers/:id/${act.kind}`,
    right: 'manage-servers',
    summary: summaries[act.kind],
    input: z.strictObject({ id, reason }),
    answer: z.object({ applied }),
    handle: async ({ id, ...said }, { servers, visit }) => ({
      applied: await servers.ask(act, id, saidBy(visit.actor, said)),
    }),
  }),
);

export const serverOperations = [list, ...acts];
