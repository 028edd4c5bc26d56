import { setTimeout as sleep } from 'node:timers/promises';
import { hangUp } from './cut-off.js';
import type { Database } from './database.js';
import { channelOf, decode, type Notification } from './notification.js';

type Client = NonNullable<ReturnType<Database['client']>>;

/** What a part of a server does when it hears of something; `reconnected` means: anything may have been missed. */
export type Hearing = (notification: Notification | { readonly kind: 'reconnected' }) => void;

const RECONNECT_MS = 500;
/**
 * A connection that has heard nothing is given this long, and each one after it twice as long: behind a pooler that shares
 * connections none will ever hear anything.
 */
const FIRST_TRIAL_MS = 2000;
const LONGEST_TRIAL_MS = 60_000;

/** The one connection per process that LISTENs. When it breaks it is replaced, and everyone is told to look for work. */
export class Listener {
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  readonly #hearings = new Set<Hearing>();
  readonly #stopping = new AbortController();
  #client: Client | undefined;
  #trialMs = FIRST_TRIAL_MS;
  #triedSince = 0;
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

  /** Notifications do not arrive: the connection may be dead without knowing it. Another one is made, but not too often. */
  replace(): void {
    if (this.#client === undefined || performance.now() - this.#triedSince < this.#trialMs) return;
    this.#trialMs = Math.min(2 * this.#trialMs, LONGEST_TRIAL_MS);
    this.#onError(new Error('Notifications do not arrive: the connection that listens is replaced.'));
    void hangUp(this.#client);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#client !== undefined) await hangUp(this.#client);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#client = this.#database.client();
      if (this.#client === undefined) return;
      await this.#listen(this.#client).catch(this.#onError);
      await hangUp(this.#client);
      await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Resolves when the connection has ended. */
  async #listen(client: Client): Promise<void> {
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', this.#onError);
    client.on('notification', ({ payload = '' }) => this.#hear(payload));
    // A client that is told to end while it connects leaves `connect` pending for ever.
    await Promise.race([this.#subscribe(client), ended]);
    await ended;
  }

  async #subscribe(client: Client): Promise<void> {
    await client.connect();
    this.#triedSince = performance.now();
    await client.query(`listen ${client.escapeIdentifier(channelOf(this.#database.schema))}`);
    this.#tell({ kind: 'reconnected' });
  }

  #hear(payload: string): void {
    this.#trialMs = FIRST_TRIAL_MS;
    this.#tell(decode(payload));
  }

  #tell(heard: Parameters<Hearing>[0] | undefined): void {
    if (heard !== undefined) for (const hearing of this.#hearings) hearing(heard);
  }
}
