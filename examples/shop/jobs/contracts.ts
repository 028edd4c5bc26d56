import { z } from 'zod';
import { defineJob } from '../../../src/index.js';

/**
 * The shop's jobs without their code: all that a process which only enqueues has to know. The code is in `handlers.ts`.
 *
 * The pauses between attempts are short, so that you can watch them; a mail in earnest would wait minutes.
 */
const mail = { queue: 'mails', retry: { attempts: 4, delays: ['2s', '5s'] } } as const;

const ofOrder = z.object({ orderId: z.int() });
const ofUser = z.object({ userId: z.int() });

export const sendConfirmation = defineJob({ name: 'send-confirmation', args: ofOrder, ...mail });
export const sendInvoice = defineJob({ name: 'send-invoice', args: ofOrder, ...mail });
export const sendWarehouseNote = defineJob({ name: 'send-warehouse-note', args: ofOrder, ...mail });

export const mailsOfAnOrder = [sendConfirmation, sendInvoice, sendWarehouseNote];

export const sendWelcome = defineJob({ name: 'send-welcome', args: ofUser, priority: 'high', ...mail });
export const sendTips = defineJob({ name: 'send-tips', args: ofUser, priority: 'low', ...mail });

export const storeSalesReport = defineJob({ name: 'store-sales-report' });

export const countStock = defineJob({ name: 'count-stock' });

/** Ends as a dead letter each time, because Acme's list has a line without a price. */
export const importPrices = defineJob({
  name: 'import-prices',
  args: z.object({ supplier: z.enum(['acme']) }),
  retry: { attempts: 3, delays: ['3s'] },
});
