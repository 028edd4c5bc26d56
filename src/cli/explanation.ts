import { FirelockError } from '../errors.js';
import { CommandError } from './command-error.js';
import { redacted } from './redaction.js';

/** What we read of an error of Node.js, of `pg` or of Postgres. */
interface Facts {
  readonly message: string;
  readonly code: string;
  readonly syscall: string;
  /** Host and port, or the path of a socket. */
  readonly place: string;
  /** Postgres' own errors have one. */
  readonly severity: string;
}

/** One line that says what happened and what to do; undefined for an error that its stack explains better. */
export function explain(error: unknown): string | undefined {
  if (error instanceof FirelockError || error instanceof CommandError) return redacted(error.message);
  if (!(error instanceof Error)) return undefined;
  const facts = factsOf(error);
  const explanation = facts.severity === '' ? connectionTrouble(facts) : refusal(facts);
  return explanation === undefined ? undefined : redacted(explanation);
}

function connectionTrouble({ code, syscall, place, message }: Facts): string | undefined {
  if (syscall === 'listen') return `Cannot listen at ${place} (${code}). Choose another --port or --host.`;
  if (code === 'ERR_INVALID_URL') {
    return 'The database URL cannot be read. Write it as postgres://user@host:5432/database; an @ in a password becomes %40, a / becomes %2F.';
  }
  if (syscall === 'getaddrinfo') return `No host is named ${place} (${code}). Correct DATABASE_URL.`;
  if (syscall === 'connect')
    return `Postgres does not answer at ${place} (${code}). Start it, or correct DATABASE_URL.`;
  if (/^Connection terminated|^SASL|SSL|certificate/.test(message)) {
    return `Postgres was reached, but no connection was made: ${message}. Correct DATABASE_URL.`;
  }
  return undefined;
}

/** By SQLSTATE. A class that is not listed is a bug, whose stack is wanted. */
const ADVICE: Readonly<Record<string, string>> = {
  '08': 'Correct DATABASE_URL.',
  '25': 'Point DATABASE_URL at the primary, and let its role write.',
  '28': 'Correct the user and password in DATABASE_URL.',
  '3D': 'Create the database, or correct DATABASE_URL.',
  '42501': "Run 'npx firelock doctor' to see which rights are missing.",
  '53': 'Stop what uses it up, or raise the limit.',
  '57': 'Try again when Postgres is ready.',
};

function refusal({ code, message }: Facts): string | undefined {
  const advice = ADVICE[code] ?? ADVICE[code.slice(0, 2)];
  return advice === undefined ? undefined : `Postgres says: ${message} (${code}). ${advice}`;
}

function factsOf(error: Error): Facts {
  // Connecting to a name with several addresses fails with one error for each.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const read = (key: string): string => {
    const value: unknown = typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const host = read('address') || read('hostname');
  const place = read('port') === '' ? host : `${host}:${read('port')}`;
  return {
    message: read('message'),
    code: read('code'),
    syscall: read('syscall'),
    place,
    severity: read('severity'),
  };
}
