import { createHash, timingSafeEqual } from 'node:crypto';
import type { Environment } from './environment.js';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export function credentialsOf(environment: Environment): Credentials | undefined {
  const { FIRELOCK_DASHBOARD_USER: user, FIRELOCK_DASHBOARD_PASSWORD: password } = environment;
  // The schema takes both or none.
  return user === undefined || password === undefined ? undefined : { user, password };
}

/** Whether an `Authorization` header carries the credentials. Takes equally long whatever is wrong with it. */
export function isAuthorized(header: string | undefined, { user, password }: Credentials): boolean {
  const encoded = /^basic +(\S+)$/i.exec(header ?? '')?.[1] ?? '';
  // timingSafeEqual wants equal lengths, which digests have: the length of the password stays unknown, too.
  return timingSafeEqual(digest(Buffer.from(encoded, 'base64')), digest(Buffer.from(`${user}:${password}`)));
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
