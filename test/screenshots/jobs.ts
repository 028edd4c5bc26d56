import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineJob } from '../../src/job/definition.js';

export const mail = defineJob({
  name: 'send-welcome-email',
  args: z.object({ userId: z.number(), locale: z.string() }),
  queue: 'emails',
  retry: { attempts: 3, delays: ['20ms', '1h'] },
  handler: async ({ userId }) => {
    await sleep(20 + ((userId * 37) % 160));
    if (userId % 13 === 0)
      throw failure(Error, `connect ECONNREFUSED 10.0.4.${userId % 250}:25`, [
        'Socket.connect (/app/src/mail/smtp.ts:58:13)',
        'sendLetter (/app/src/mail/letters.ts:31:9)',
        'handler (/app/src/jobs/send-welcome-email.ts:14:3)',
      ]);
    return { messageId: `<${userId}.welcome@shop.example>` };
  },
});

export const charge = defineJob({
  name: 'charge-card',
  args: z.object({ orderId: z.number(), cents: z.number() }),
  queue: 'payments',
  priority: 'high',
  retry: { attempts: 1 },
  handler: async ({ orderId }) => {
    await sleep(5 + (orderId % 40));
    if (orderId % 19 === 0)
      throw failure(TypeError, `card_declined: order ${orderId}`, [
        'Payments.charge (/app/src/payments/provider.ts:112:11)',
        'handler (/app/src/jobs/charge-card.ts:22:5)',
      ]);
    return { receipt: `R-${orderId}` };
  },
});

const resize = defineJob({
  name: 'resize-image',
  args: z.object({ file: z.string() }),
  queue: 'images',
  handler: ({ file }) => ({ file, width: 640 }),
});

export const importCatalogue = defineJob({
  name: 'import-catalogue',
  args: z.object({ url: z.string() }),
  queue: 'images',
  handler: async (_args, { firelock }) => {
    for (let place = 1; place <= 5; place += 1)
      await firelock.enqueue(resize, { file: `product-${place}.png` });
  },
});

export const sync = defineJob({ name: 'sync-inventory', handler: () => sleep(80) });

/** Under way as long as the pictures are taken. */
export const report = defineJob({
  name: 'monthly-report',
  args: z.object({ month: z.string() }),
  queue: 'reports',
  handler: async ({ month }, { log, progress, progressBar, signal }) => {
    log.info({ month }, 'reading the orders');
    for (let page = 1; page <= 12; page += 1) log.info({ page, orders: 500 }, 'page read');
    log.warn({ order: 5127 }, 'an order without a customer was left out');
    log.info('writing the sheets');
    progress(62);
    progressBar('orders')(100);
    progressBar('sheets')(24);
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  },
});

export const jobs = [mail, charge, resize, importCatalogue, sync, report];

/** With the frames of an app that lies in /app: where this checkout lies is nobody's business. */
function failure(kind: ErrorConstructor, message: string, frames: readonly string[]): Error {
  const error = new kind(message);
  error.stack = [`${error.name}: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}
