import type { Client } from '../../client/client.js';
import type { Database } from '../../storage/database.js';
import type { Redaction } from '../access/redaction.js';
import type { Pages } from './pages.js';

/** What the dashboard shows and acts on: reads go to the database, acts to the client. */
export interface DashboardSubject extends Omit<Client, 'enqueuer' | 'calendars'> {
  readonly database: Database;
}

/** What the routers work with. */
export interface DashboardParts extends DashboardSubject {
  readonly redaction: Redaction;
  readonly pages: Pages;
}
