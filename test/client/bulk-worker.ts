/** The worker process of bulk-acts.test.ts: retries all dead letters of a name, and is killed while it does. */
import { pino } from 'pino';
import { openBulkActs } from '../bulk-acts.js';
import { searchOf } from '../search/search-of.js';

const [connectionString = '', name = ''] = process.argv.slice(2);
const { bulkActs } = openBulkActs(connectionString, pino({ level: 'silent' }));
const search = searchOf(`name:${name}`);
process.stdout.write(await bulkActs.start({ act: 'retry', state: 'dead', search, by: 'killed' }));
