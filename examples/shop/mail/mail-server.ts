import type { Settings } from '../settings.js';
import { startSmtpServer } from './smtp-server.js';

export interface RunningMailServer {
  readonly url: string;
  /** For people. */
  readonly description: string;
  readonly stop: () => Promise<void>;
}

/** The mail server of SMTP_URL, or else one of our own. */
export async function startMailServer({ smtpUrl }: Settings): Promise<RunningMailServer> {
  if (smtpUrl !== undefined) {
    return { url: smtpUrl, description: `the mail server of SMTP_URL`, stop: () => Promise.resolve() };
  }
  const { url, stop } = await startSmtpServer();
  return { url, description: `${url}, takes 1 to 2 s per mail and refuses 5 % at first`, stop };
}
