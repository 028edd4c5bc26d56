import { z } from 'zod';
import { checkOptions } from '../job/option-schema.js';
import { askServer, type ServerAct } from '../storage/ask-server.js';
import { recordAct } from '../storage/audit-log.js';
import type { Database } from '../storage/database.js';
import { channelOf, notify } from '../storage/notification.js';
import { type Attribution, attributionFields } from './attribution.js';

const callSchema = z.strictObject({
  id: z.string().regex(/^\d{1,18}$/, "expected a server's id, such as '42'"),
  ...attributionFields,
});

/** What people ask of running servers, from any process. */
export class Servers {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Asks a server for something; false if it does not run (any more), or the act does not apply to it. */
  async ask(act: ServerAct, id: string, options: Attribution = {}): Promise<boolean> {
    const { id: serverId, by, reason } = checkOptions(`${act.kind}Server`, callSchema, { ...options, id });
    const database = this.#database;
    await database.ensureMigrated();
    return database.transaction(async (tx) => {
      const asked = await askServer(tx, act, { serverId, by });
      if (asked === undefined) return false;
      const said = { by, reason, before: asked.before, after: act.to };
      await recordAct(tx, { ...said, act: act.kind, subject: 'server', target: serverId });
      await notify(tx, channelOf(database.schema), [{ kind: 'asked', serverId }]);
      return true;
    });
  }
}
