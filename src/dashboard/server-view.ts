import type { ServerRecord } from '../storage/servers.js';
import { type Cell, timeCell } from './cell.js';

/** A server, ready to be shown. */
export interface ServerView {
  readonly id: string;
  readonly name: string;
  readonly state: ServerRecord['state'] | 'silent';
  readonly queues: readonly { readonly name: string; readonly slots: number }[];
  readonly processing: number;
  readonly slots: number;
  readonly started: Cell;
  readonly heartbeat: Cell;
  readonly stopped: Cell;
}

/** Three heartbeats of 5 s are missing; after 20 s another server takes over its jobs. */
const SILENT_MS = 15_000;

export function serverView(server: ServerRecord, now: Date): ServerView {
  const { id, name, processing, startedAt, heartbeatAt, stoppedAt } = server;
  const byName = Object.entries(server.queues).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const queues = byName.map(([name, slots]) => ({ name, slots }));
  const isSilent = server.state === 'running' && now.getTime() - heartbeatAt.getTime() > SILENT_MS;
  return {
    id,
    name,
    state: isSilent ? 'silent' : server.state,
    queues,
    processing,
    slots: queues.reduce((sum, { slots }) => sum + slots, 0),
    started: timeCell(startedAt, now),
    heartbeat: timeCell(heartbeatAt, now),
    stopped: timeCell(stoppedAt, now),
  };
}
