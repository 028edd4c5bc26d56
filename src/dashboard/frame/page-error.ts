/** Instead of what was asked for: what is wrong, and what to do. Becomes a page, or JSON under /api. */
export class PageError extends Error {
  readonly status: number;
  readonly advice: string;
  readonly example: string | undefined;
  /** Of the error of Firelock that it tells of, if it tells of one. */
  readonly code: string | undefined;

  constructor(title: string, page: PageErrorFacts) {
    super(title);
    this.status = page.status;
    this.advice = page.advice;
    this.example = page.example;
    this.code = page.code;
  }
}

interface PageErrorFacts {
  readonly status: number;
  readonly advice: string;
  readonly example?: string | undefined;
  readonly code?: string;
}

export function notFound(title: string, advice: string): PageError {
  return new PageError(title, { status: 404, advice });
}

export function forbidden(title: string, advice: string, example?: string): PageError {
  return new PageError(title, { status: 403, advice, example });
}
