import { cron, type Firelock } from '../../../src/index.js';
import { openMailer, SEND_LIMIT_MS } from '../mail/mailer.js';
import type { Shop } from '../shop.js';
import { countStock, importPrices, storeSalesReport } from './contracts.js';
import { jobHandlers } from './handlers.js';

/** Longer than a mail may take, so that a stop never leaves one half sent. */
const GRACE_MS = SEND_LIMIT_MS + 5000;

export interface RunningServer {
  readonly id: string;
  /** Lets running jobs finish. */
  readonly stop: () => Promise<void>;
  /** Aborts them, also while it stops. */
  readonly hurry: () => Promise<void>;
}

/** Starts to run the shop's jobs in this process. Mails have slots of their own: they wait for others most of the time. */
export async function startServer(shop: Shop, smtpUrl: string): Promise<RunningServer> {
  const mailer = openMailer(smtpUrl, shop.pool);
  await planRecurringJobs(shop.firelock);
  const server = shop.firelock.createServer({
    jobs: jobHandlers(shop, mailer),
    queues: { mails: 20, default: 5 },
  });
  await server.start();
  return {
    id: server.id,
    stop: () => server.stop({ grace: GRACE_MS }),
    hurry: () => server.stop({ grace: 0 }),
  };
}

/** Every process says the same at its start; each occurrence runs once all the same. */
async function planRecurringJobs(firelock: Firelock): Promise<void> {
  await firelock.addOrUpdateRecurring('sales-report', storeSalesReport, undefined, cron.minutely());
  await firelock.addOrUpdateRecurring('stock-take', countStock, undefined, '*/2 * * * *');
  await firelock.addOrUpdateRecurring('acme-prices', importPrices, { supplier: 'acme' }, '*/5 * * * *');
}
