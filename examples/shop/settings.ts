import { z } from 'zod';

const schema = z.object({
  /** The Postgres to use. Default: an embedded one in `.firelock/postgres`. */
  DATABASE_URL: z.string().min(1).optional(),
  /** Where the shop listens. If it is taken, a free port is used; 0 asks for a free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** The mail server, for example `smtp://localhost:25`. Default: one of our own, slow and choosy. */
  SMTP_URL: z.string().min(1).optional(),
});

/** What the environment says. */
export interface Settings {
  readonly databaseUrl: string | undefined;
  readonly port: number;
  readonly smtpUrl: string | undefined;
}

export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const { data, error } = schema.safeParse(environment);
  if (error !== undefined)
    throw new Error(`The environment is not as the shop needs it:\n${z.prettifyError(error)}`);
  return { databaseUrl: data.DATABASE_URL, port: data.PORT, smtpUrl: data.SMTP_URL };
}
