import { createTransport } from 'nodemailer';
import type pg from 'pg';
import type { JobContext } from '../../../src/index.js';
import type { Letter } from './letters.js';

const SENDER = 'shop@shop.example';

/** What a mail server that falls silent may cost. Without these, nodemailer waits for up to ten minutes. */
const timeouts = { connectionTimeout: 2000, greetingTimeout: 2000, socketTimeout: 8000 };

/** By then a mail is sent or has failed, unless the mail server falls silent more than once. */
export const SEND_LIMIT_MS = Object.values(timeouts).reduce((sum, ms) => sum + ms);

export interface Mailer {
  /** Sends the letter unless it was sent before; answers what the mail server said. */
  sendOnce(letter: Letter, context: JobContext): Promise<string>;
}

/**
 * No mail twice, as far as that can be had. A job may run again: its attempt failed, or its server crashed. So each letter
 * that the mail server has accepted becomes a row of `mails_sent`, and a letter with a row is not sent again. A server that
 * is stopped lets the mails arrive that are on their way, and notes them: its grace is longer than `SEND_LIMIT_MS`.
 *
 * What remains is the moment between the mail server's "accepted" and our row. When the process is killed or hurried there, or is cut
 * off from Postgres, or that answer is lost on its way to us, the next attempt sends the letter again: SMTP has no
 * transaction that both could join. The repeated mail has the same Message-ID, by which many receivers show it once. The
 * other order, first the row and then the mail, would lose mails instead.
 */
export function openMailer(smtpUrl: string, pool: pg.Pool): Mailer {
  const transport = createTransport({ url: smtpUrl, ...timeouts });
  return {
    async sendOnce(letter, { job, log, signal }) {
      const { messageId, to, subject, text } = letter;
      if (await wasSent(pool, messageId)) return 'sent by an earlier attempt';
      // The last moment to turn back: once the mail server has the letter, breaking off would not call it back.
      signal.throwIfAborted();
      log.info({ to, messageId }, 'sending');
      const { response } = await transport.sendMail({ from: SENDER, messageId, to, subject, text });
      await noteSent(pool, letter, job.attempt);
      return response;
    },
  };
}

async function wasSent(pool: pg.Pool, messageId: string): Promise<boolean> {
  const { rowCount } = await pool.query('select from shop.mails_sent where message_id = $1', [messageId]);
  return rowCount === 1;
}

async function noteSent(pool: pg.Pool, { messageId, kind, orderId }: Letter, attempt: number): Promise<void> {
  await pool.query(
    `insert into shop.mails_sent (message_id, kind, order_id, attempt) values ($1, $2, $3, $4)
     on conflict (message_id) do nothing`,
    [messageId, kind, orderId ?? null, attempt],
  );
}
