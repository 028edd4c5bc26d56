import type { Request } from 'express';
import { z } from 'zod';
import { checkOptions } from '../job/option-schema.js';
import type { Right } from './access/rights.js';

/** What `authorize` may answer: all, pages without buttons, nothing; or who it is, and what exactly they may. */
export type Authorization =
  | boolean
  | 'read-only'
  | {
      /** Who it is, for the history of jobs and the audit log. Default `'dashboard'`. */
      readonly name?: string;
      readonly rights: 'all' | 'read-only' | readonly Right[];
    };

/** Decides about each request. Whatever it answers that is not an Authorization opens nothing. */
export type Authorize = (req: Request) => Authorization | Promise<Authorization>;

/** A value that is about to be shown. */
export interface ShownValue {
  /** The job's name. */
  readonly job: string;
  readonly part: 'args' | 'result' | 'log';
}

export interface DashboardOptions {
  /**
   * Who may see the dashboard and act in it. Default: only requests from this machine itself, not through a proxy. What it
   * throws opens nothing and goes to the error handling of the app that the dashboard is mounted in.
   * @example
   * authorize: (req) => req.user?.isAdmin ? { name: req.user.email, rights: 'all' } : false
   */
  readonly authorize?: Authorize;
  /** What nobody sees of args, results and log lines, and nobody can search for. Default: everything is shown. */
  readonly redact?: {
    /** Values under these keys, at any depth, whatever their case, are replaced by `[redacted]`. */
    readonly keys?: readonly string[];
    /** Answers what is shown instead of a value; it sees the value after `keys`. What it throws hides the value. */
    readonly value?: (value: unknown, shown: ShownValue) => unknown;
  };
  /** Origins other than the dashboard's own whose pages may post to it, such as `https://ops.example.com`. Default none. */
  readonly trustedOrigins?: readonly string[];
  /**
   * The path under which browsers see the dashboard, where a proxy changes it, such as `/ops/jobs`. Default: the path that it
   * is mounted under.
   */
  readonly basePath?: string;
}

const functionSchema = <Type>(expected: string) =>
  z.custom<Type>((value) => typeof value === 'function', expected);

const schema = z
  .strictObject({
    authorize: functionSchema<Authorize>('expected a function of the request').optional(),
    redact: z
      .strictObject({
        keys: z.array(z.string().min(1)).optional(),
        value: functionSchema<(value: unknown, shown: ShownValue) => unknown>(
          'expected a function of the value',
        ).optional(),
      })
      .optional(),
    trustedOrigins: z
      .array(
        z.string().refine(isOrigin, 'expected an origin without a path, such as https://ops.example.com'),
      )
      .default([]),
    basePath: z
      .string()
      .regex(/^(\/[^/?#\\\s]+)*$/, "expected a path such as /ops/jobs, or '' for the root")
      .optional(),
  })
  .prefault({});

export type CheckedDashboardOptions = z.output<typeof schema>;

/** @throws InvalidOptionsError */
export function checkDashboardOptions(options: DashboardOptions | undefined): CheckedDashboardOptions {
  return checkOptions('dashboard', schema, options);
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
