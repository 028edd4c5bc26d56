import type pg from 'pg';
import type { Delivery } from '../../examples/shop/mail/smtp-server.js';

/** What became of three mails per order. */
export interface MailCount {
  readonly expected: number;
  /** Accepted by the mail server exactly once. */
  readonly once: number;
  /** Never accepted, and a dead letter that tells why. */
  readonly dead: number;
  readonly deadReasons: readonly string[];
  /** Accepted more than once, or accepted and yet a dead letter. */
  readonly twice: readonly string[];
  /** Neither accepted nor a dead letter. */
  readonly lost: readonly string[];
  /** Attempts that the mail server refused for the time being. */
  readonly refused: number;
}

const KINDS = {
  confirmation: 'send-confirmation',
  invoice: 'send-invoice',
  warehouse: 'send-warehouse-note',
};

/** Compares what had to be sent with the mail server's own log and with the dead letters. */
export async function countMails(
  orderIds: readonly number[],
  log: readonly Delivery[],
  db: pg.Pool,
): Promise<MailCount> {
  const accepted = new Map<string, number>();
  for (const delivery of log) {
    if (delivery.accepted) accepted.set(delivery.messageId, (accepted.get(delivery.messageId) ?? 0) + 1);
  }
  const reasons = await deadLetterReasons(db);
  const mails = orderIds.flatMap((orderId) =>
    Object.entries(KINDS).map(([kind, job]) => {
      const messageId = `<order-${orderId}.${kind}@shop.example>`;
      return {
        messageId,
        times: accepted.get(messageId) ?? 0,
        reason: reasons.get(`${job} ${orderId}`),
      };
    }),
  );
  const dead = mails.filter(({ times, reason }) => times === 0 && reason !== undefined && reason !== '');
  return {
    expected: mails.length,
    once: mails.filter(({ times, reason }) => times === 1 && reason === undefined).length,
    dead: dead.length,
    deadReasons: [...new Set(dead.map(({ reason = '' }) => reason.replaceAll(/\d+@/g, 'n@')))],
    twice: mails
      .filter(({ times, reason }) => times > (reason === undefined ? 1 : 0))
      .map(({ messageId }) => messageId),
    lost: mails.filter(({ times, reason }) => times === 0 && !reason).map(({ messageId }) => messageId),
    refused: log.filter((delivery) => !delivery.accepted).length,
  };
}

/** By the job's name and its order, why it has no attempts left. */
async function deadLetterReasons(db: pg.Pool): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ job: string; reason: string }>(`
    select jobs.name || ' ' || (jobs.args ->> 'orderId') as job, coalesce(transitions.error ->> 'message', '') as reason
    from firelock.jobs
    join firelock.transitions on transitions.job_id = jobs.id and transitions.to_state = 'dead'
    where jobs.state = 'dead' and jobs.args ? 'orderId'`);
  return new Map(rows.map(({ job, reason }) => [job, reason]));
}
