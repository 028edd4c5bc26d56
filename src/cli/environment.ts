import { existsSync } from 'node:fs';
import { z } from 'zod';
import { checkOptions } from '../job/option-schema.js';
import { portSchema } from './port.js';

/** Every variable that Firelock reads; `.env.example` says what each means. Nothing else in src/ reads the environment. */
export const environmentSchema = z
  .strictObject({
    DATABASE_URL: z.string().optional(),
    FIRELOCK_SCHEMA: z.string().default('firelock'),
    PORT: portSchema.default(4747),
    FIRELOCK_DASHBOARD_USER: z
      .string()
      .regex(/^[^:]+$/, 'expected a name without a colon: basic authentication ends it there')
      .regex(/^(?=.*\S).{1,200}$/, 'expected a name of at most 200 characters: the audit log shows it')
      .optional(),
    FIRELOCK_DASHBOARD_PASSWORD: z.string().optional(),
  })
  .superRefine(({ FIRELOCK_DASHBOARD_USER: user, FIRELOCK_DASHBOARD_PASSWORD: password }, context) => {
    if ((user === undefined) === (password === undefined)) return;
    const message =
      'expected FIRELOCK_DASHBOARD_USER and FIRELOCK_DASHBOARD_PASSWORD together, got one of them';
    context.addIssue({ code: 'custom', message });
  });

export type Environment = z.output<typeof environmentSchema>;

/**
 * Reads the environment, and `.env` of the current folder for what it does not set. An empty variable counts as unset:
 * compose files and CI write those.
 * @throws InvalidOptionsError, also for a variable FIRELOCK_… that does not exist
 */
export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const known = Object.keys(environmentSchema.shape);
  const ours = Object.entries(process.env).filter(
    ([name, value]) => value !== '' && (known.includes(name) || name.startsWith('FIRELOCK_')),
  );
  return checkOptions('environment', environmentSchema, Object.fromEntries(ours));
}
