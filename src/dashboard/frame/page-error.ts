/** Instead of the page that was asked for: what is wrong, and what to do. Turned into a page by error-pages.ts. */
export class PageError extends Error {
  readonly status: number;
  readonly advice: string;
  readonly example: string | undefined;

  constructor(title: string, page: { status: number; advice: string; example?: string | undefined }) {
    super(title);
    this.status = page.status;
    this.advice = page.advice;
    this.example = page.example;
  }
}

export function notFound(title: string, advice: string): PageError {
  return new PageError(title, { status: 404, advice });
}

export function forbidden(title: string, advice: string, example?: string): PageError {
  return new PageError(title, { status: 403, advice, example });
}
