import type { Request } from 'express';
import { z } from 'zod';
import { checkOptions } from '../job/option-schema.js';

/** What `authorize` may answer: all, pages without buttons, or nothing. */
export type Authorization = boolean | 'read-only';

/** Decides about each request. Whatever it answers other than `true` and `'read-only'` opens nothing. */
export type Authorize = (req: Request) => Authorization | Promise<Authorization>;

export interface DashboardOptions {
  /**
   * Who may see the dashboard and act in it. Default: only requests from this machine itself, not through a proxy. What it
   * throws opens nothing and goes to the error handling of the app that the dashboard is mounted in.
   */
  readonly authorize?: Authorize;
}

const schema = z
  .strictObject({
    authorize: z
      .custom<Authorize>((value) => typeof value === 'function', 'expected a function of the request')
      .optional(),
  })
  .prefault({});

/** @throws InvalidOptionsError */
export function checkDashboardOptions(options: DashboardOptions | undefined): z.output<typeof schema> {
  return checkOptions('dashboard', schema, options);
}
