import type { EventEmitter } from 'node:events';
import { ClaimGate } from '../engine/claim-gate.js';
import type { Engine } from '../engine/engine.js';
import { NativeEngine } from '../engine/native/native-engine.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Events } from '../job/events.js';
import type { CheckedServerOptions, Retention } from '../options.js';
import type { Database } from '../storage/database.js';
import { Listener } from '../storage/listener.js';
import { channelOf } from '../storage/notification.js';
import { Notifier } from '../storage/notifier.js';
import { Reports } from './reports.js';
import { Server, type ServerParts } from './server.js';

/** Two calls of a queue at once, for a few busy queues, and the loops; a call that finds none free waits for one. */
const SERVERS_CONNECTIONS = 5;

export interface ProcessServersOptions extends Pick<ServerParts, 'clientFor'> {
  /** The application's; the servers have connections of their own. */
  readonly database: Database;
  readonly logger: Logger;
  readonly events: EventEmitter<Events>;
  readonly retention: Retention;
  readonly onConnectionError: (error: unknown) => void;
}

/** What all servers of a process share. */
type SharedParts = Pick<ServerParts, 'database' | 'engine' | 'listener' | 'gate'>;

/** The servers of one process, and what they share: made with the first of them. */
export class ProcessServers {
  readonly #options: ProcessServersOptions;
  readonly #servers: Server[] = [];
  #shared: SharedParts | undefined;

  constructor(options: ProcessServersOptions) {
    this.#options = options;
  }

  create(options: CheckedServerOptions): Server {
    this.#shared ??= this.#sharedParts();
    const server = new Server({ ...this.#options, ...this.#shared }, options);
    this.#servers.push(server);
    return server;
  }

  /** What brings jobs to them; undefined where there are none. */
  get engine(): Engine | undefined {
    return this.#shared?.engine;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
  }

  /** Lets go of their connections. */
  async close(): Promise<void> {
    await Promise.all([this.#shared?.listener.stop(), this.#shared?.database.close()]);
  }

  #sharedParts(): SharedParts {
    const { events, logger, onConnectionError } = this.#options;
    const reports = new Reports(events, logger);
    const database = this.#options.database.forServers(SERVERS_CONNECTIONS, {
      onUnreachable: (error) => reports.report('database:unreachable', () => ({ error: errorRecord(error) })),
      onReachable: (afterMs) => reports.report('database:reachable', () => ({ afterMs })),
    });
    const notifier = new Notifier(database, channelOf(database.schema), onConnectionError);
    return {
      database,
      engine: new NativeEngine(database, notifier),
      listener: new Listener(database, onConnectionError),
      gate: new ClaimGate(),
    };
  }
}
