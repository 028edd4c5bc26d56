import { setTimeout as sleep } from 'node:timers/promises';
import { endOrCutOff } from './cut-off.js';
import type { Database } from './database.js';
import { channelOf, decode, type Notification } from './notification.js';

type Client = NonNullable<ReturnType<Database['client']>>;

/** What a part of a server does when it hears of something; `reconnected` means: anything may have been missed. */
export type Hearing = (notification: Notification | { readonly kind: 'reconnected' }) => void;

const RECONNECT_MS = 500;

/** The one connection per process that LISTENs. When it breaks it is replaced, and everyone is told to look for work. */
export class Listener {
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  readonly #hearings = new Set<Hearing>();
  readonly #stopping = new AbortController();
  #client: Client | undefined;
  #running: Promise<void> | undefined;

  constructor(database: Database, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
  }

  /** Hears everything from now on; returns how to stop. */
  hear(hearing: Hearing): () => void {
    this.#hearings.add(hearing);
    return () => this.#hearings.delete(hearing);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const client = this.#client;
    const ended = client?.end().catch(() => undefined) ?? Promise.resolve();
    await endOrCutOff(ended, () => client?.connection.stream.destroy());
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#client = this.#database.client();
      if (this.#client === undefined) return;
      await this.#listen(this.#client).catch(this.#onError);
      await this.#client.end().catch(() => undefined);
      await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Resolves when the connection has ended. */
  async #listen(client: Client): Promise<void> {
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', this.#onError);
    client.on('notification', ({ payload = '' }) => this.#tell(decode(payload)));
    // A client that is told to end while it connects leaves `connect` pending for ever.
    await Promise.race([this.#subscribe(client), ended]);
    await ended;
  }

  async #subscribe(client: Client): Promise<void> {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channelOf(this.#database.schema))}`);
    this.#tell({ kind: 'reconnected' });
  }

  #tell(heard: Parameters<Hearing>[0] | undefined): void {
    if (heard !== undefined) for (const hearing of this.#hearings) hearing(heard);
  }
}
