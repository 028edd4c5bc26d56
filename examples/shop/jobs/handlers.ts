import type { AnyJobDefinition } from '../../../src/index.js';
import { confirmation, invoice, tips, warehouseNote, welcome } from '../mail/letters.js';
import type { Mailer } from '../mail/mailer.js';
import { findOrder } from '../orders.js';
import { importPriceList } from '../price-list.js';
import { reportSales } from '../sales-report.js';
import type { Shop } from '../shop.js';
import { takeStock } from '../stock-take.js';
import { findUser } from '../users.js';
import * as jobs from './contracts.js';

/** The code of the shop's jobs. What a handler returns is kept with its job and shown in the dashboard. */
export function jobHandlers({ pool }: Shop, mailer: Mailer): AnyJobDefinition[] {
  return [
    jobs.sendConfirmation.withHandler(async ({ orderId }, ctx) =>
      mailer.sendOnce(confirmation(await findOrder(pool, orderId)), ctx),
    ),
    jobs.sendInvoice.withHandler(async ({ orderId }, ctx) =>
      mailer.sendOnce(invoice(await findOrder(pool, orderId)), ctx),
    ),
    jobs.sendWarehouseNote.withHandler(async ({ orderId }, ctx) =>
      mailer.sendOnce(warehouseNote(await findOrder(pool, orderId)), ctx),
    ),
    jobs.sendWelcome.withHandler(async ({ userId }, ctx) =>
      mailer.sendOnce(welcome(await findUser(pool, userId)), ctx),
    ),
    jobs.sendTips.withHandler(async ({ userId }, ctx) =>
      mailer.sendOnce(tips(await findUser(pool, userId)), ctx),
    ),
    // Triggered by hand it has no occurrence, and reports on the minute up to now.
    jobs.storeSalesReport.withHandler((_args, { job }) => reportSales(pool, job.occurrence ?? job.createdAt)),
    jobs.countStock.withHandler((_args, context) => takeStock(pool, context)),
    jobs.importPrices.withHandler(({ supplier }) => importPriceList(pool, supplier)),
  ];
}
