import { readFileSync } from 'node:fs';

/** The version of the firelock package. */
export function version(): string {
  // As far from src as from dist.
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  // npm takes no package without a version.
  return (JSON.parse(text) as { readonly version: string }).version;
}
