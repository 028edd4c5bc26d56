import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

export interface SmtpServerOptions {
  /** How long a mail takes to be accepted: at least, and at most. Default 1 to 2 s. */
  readonly latencyMs?: readonly [number, number];
  /** The share of mails that is refused the first time, from 0 to 1. Default 0.05. */
  readonly refusedShare?: number;
}

/** What became of one attempt to deliver a mail. */
export interface Delivery {
  readonly messageId: string;
  readonly accepted: boolean;
}

export interface SmtpServer {
  readonly url: string;
  /** Its log: everything that it was asked to deliver, in the order of its answers. */
  readonly log: readonly Delivery[];
  readonly stop: () => Promise<void>;
}

/** Mail to this domain is always refused. */
export const BOUNCING_DOMAIN = 'bounces.example';

/** A mail server on a free port of loopback, as slow and as choosy as the real ones. It keeps a log, not the mails. */
export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<SmtpServer> {
  const { latencyMs: [least, most] = [1000, 2000], refusedShare = 0.05 } = options;
  const log: Delivery[] = [];
  const receive = async (mail: SMTPServerDataStream) => {
    const messageId = messageIdOf(await text(mail));
    await sleep(least + Math.random() * (most - least));
    const accepted = !isChosen(messageId, refusedShare) || log.some((entry) => entry.messageId === messageId);
    log.push({ messageId, accepted });
    if (!accepted) throw smtpError(451, '4.7.1 Greylisted, try again later');
  };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1000,
    onRcptTo: ({ address }, _session, answer) => {
      const bounces = address.endsWith(`@${BOUNCING_DOMAIN}`);
      answer(bounces ? smtpError(550, `5.1.1 There is no ${address}`) : null);
    },
    onData: (mail, _session, answer) => void receive(mail).then(() => answer(), answer),
  });
  server.on('error', () => undefined); // a client that breaks off is the client's concern
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // An address and not a pipe's name: it listens on TCP.
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    log,
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
}

function messageIdOf(mail: string): string {
  return /^message-id:\s*(<[^>]*>)/im.exec(mail)?.[1] ?? '';
}

/** The same mails are chosen on each run: by a hash of what identifies them. */
function isChosen(messageId: string, share: number): boolean {
  return createHash('sha256').update(messageId).digest().readUInt32BE() / 2 ** 32 < share;
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
