import type { DataDir } from './data-dir.js';

/** How clients reach Postgres: a Unix socket that only its owner can enter, or loopback and a password on Windows. */
export interface Transport {
  /** initdb's arguments: how a client proves who it is. */
  authentication(dataDir: DataDir): Promise<readonly string[]>;
  /** A place to listen at, for one run of the server. */
  open(dataDir: DataDir): Promise<Listener>;
}

export interface Listener {
  /** Postgres' own settings for it. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}
