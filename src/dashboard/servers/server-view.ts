import type { ServerRecord } from '../../storage/servers.js';
import type { Rights } from '../access/rights.js';
import { english as t } from '../english.js';
import { type Cell, noCell, textCell, timeCell } from '../format/cell.js';
import { formatDuration, relativeTo } from '../format/time.js';
import type { ActButton } from '../frame/act-button.js';
import type { Url } from '../frame/url.js';

type ShownState = keyof typeof t.servers.states;

/** A server, ready to be shown. */
export interface ServerView {
  readonly id: string;
  readonly name: string;
  /** The jobs that it runs. */
  readonly href: string;
  readonly version: string;
  readonly state: ShownState;
  readonly stateLabel: string;
  readonly isRunning: boolean;
  /** Who asked it to be quiet or to stop, and when. */
  readonly asked: string | undefined;
  readonly queues: readonly { readonly name: string; readonly slots: number }[];
  readonly processing: number;
  readonly slots: number;
  readonly started: Cell;
  readonly heartbeat: Cell;
  readonly lag: Cell;
  readonly buttons: readonly ActButton[];
}

/** Three heartbeats of 5 s are missing; after 20 s another server takes over its jobs. */
const SILENT_MS = 15_000;

export interface ServersSeen {
  readonly now: Date;
  readonly url: Url;
  readonly rights: Rights;
}

export function serverView(server: ServerRecord, { now, url, rights }: ServersSeen): ServerView {
  const { id, name, processing, startedAt, heartbeatAt, lagMs } = server;
  const byName = Object.entries(server.queues).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const queues = byName.map(([queue, slots]) => ({ name: queue, slots }));
  const state = shownState(server, now);
  return {
    id,
    name,
    href: url('/processing', { q: `server:${id}` }),
    version: t.servers.version(server.version),
    state,
    stateLabel: t.servers.states[state],
    isRunning: server.state === 'running',
    asked: server.state === 'running' ? askedInWords(server, now) : undefined,
    queues,
    processing,
    slots: queues.reduce((sum, { slots }) => sum + slots, 0),
    started: timeCell(startedAt, now),
    heartbeat: timeCell(heartbeatAt, now),
    lag: lagMs === undefined || server.state !== 'running' ? noCell : textCell(formatDuration(lagMs)),
    buttons: rights.has('manage-servers') ? buttonsOf(server, url) : [],
  };
}

function shownState({ state, heartbeatAt, asked }: ServerRecord, now: Date): ShownState {
  if (state !== 'running') return state;
  if (now.getTime() - heartbeatAt.getTime() > SILENT_MS) return 'silent';
  if (asked === undefined) return 'running';
  return asked === 'quiet' ? 'quiet' : 'stopping';
}

function askedInWords({ asked, askedAt, askedBy }: ServerRecord, now: Date): string | undefined {
  if (asked === undefined || askedAt === undefined) return undefined;
  return t.servers.askedBy(askedBy ?? t.queues.somebody, relativeTo(now, askedAt));
}

function buttonsOf({ id, state, asked }: ServerRecord, url: Url): readonly ActButton[] {
  if (state !== 'running' || asked === 'stop') return [];
  const post = (act: 'quiet' | 'wake'): ActButton => ({
    ...t.servers.acts[act],
    href: url(`/servers/${act}`),
    method: 'post',
    isDanger: false,
  });
  const stop = {
    ...t.servers.acts.stop,
    href: url('/servers/stop', { id }),
    method: 'get',
    isDanger: true,
  } as const;
  return [post(asked === 'quiet' ? 'wake' : 'quiet'), stop];
}
