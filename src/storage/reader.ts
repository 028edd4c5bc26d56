import type { Kysely } from 'kysely';
import type { Executor } from './statement.js';
import type { Tables } from './tables.js';

/** What runs both statements and plain reads: the installation, or an open transaction of its own. */
export interface Reader extends Executor {
  readonly kysely: Kysely<Tables>;
}
