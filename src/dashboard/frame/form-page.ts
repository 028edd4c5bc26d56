import type { Request, Response } from 'express';
import { FirelockError } from '../../errors.js';
import type { Section } from './navigation.js';
import { PageError } from './page-error.js';
import type { Pages } from './pages.js';

/** A page that asks before an act: what it is on, what has to be typed, and why. */
export interface FormPage {
  readonly title: string;
  readonly explanation: string;
  readonly section: Section;
  /** Where it posts to, and where it leads back to. */
  readonly action: string;
  readonly back: string;
  readonly button: string;
  readonly isDanger?: boolean;
  readonly chosen?: readonly { readonly text: string; readonly href?: string }[];
  readonly notes?: readonly string[];
  readonly hidden?: readonly { readonly name: string; readonly value: string }[];
  readonly fields?: readonly Field[];
  readonly reason?: string;
}

/** Something to be typed or chosen. */
export type Field =
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly value: string;
      readonly limit: number;
      readonly required?: boolean;
    }
  | { readonly kind: 'json'; readonly name: string; readonly label: string; readonly value: string }
  | {
      readonly kind: 'select';
      readonly name: string;
      readonly label: string;
      readonly value: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
    };

export interface Exchange {
  readonly req: Request;
  readonly res: Response;
  readonly pages: Pages;
}

export async function showForm(
  { req, res, pages }: Exchange,
  page: FormPage,
  problem?: string,
): Promise<void> {
  const { title, section, ...rest } = page;
  const defaults = { isDanger: false, chosen: [], notes: [], hidden: [], fields: [], reason: '' };
  const fields = page.fields?.map((field) => ({ limit: undefined, required: false, ...field })) ?? [];
  const model = { ...defaults, ...rest, fields, problem };
  await pages.show(req, res, { view: 'form', title, section, model });
}

/** Does what was typed; what cannot be done as it was typed is said above the form, which is shown as it was filled in. */
export async function submitForm(
  exchange: Exchange,
  page: FormPage,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const problem = problemOf(error);
    exchange.res.status(422);
    await showForm(exchange, page, problem);
  }
}

/** What the visitor can set right. @throws everything else */
function problemOf(error: unknown): string {
  if (error instanceof FirelockError) return error.message;
  if (error instanceof PageError && error.status === 422) return error.advice;
  throw error;
}
