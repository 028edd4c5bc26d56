import type { ErrorRecord } from '../../job/error-record.js';
import type { State } from '../../job/state.js';
import type { KnownServer } from '../../storage/known-servers.js';
import { english as t } from '../english.js';
import { optionalTimeView, type TimeView } from './time.js';

/** One fact in a table or a list of facts, in one of the forms that views/partials/cell.ejs knows. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string; readonly href?: string | undefined }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'links'; readonly links: readonly Link[] }
  | { readonly kind: 'time'; readonly time: TimeView }
  | { readonly kind: 'error'; readonly name: string; readonly message: string }
  | { readonly kind: 'state'; readonly state: State; readonly label: string }
  | { readonly kind: 'none' };

export interface Link {
  readonly text: string;
  readonly href: string;
}

/** A fact with its name. */
export interface Fact {
  readonly term: string;
  readonly cell: Cell;
}

export const noCell: Cell = { kind: 'none' };

export function textCell(text: string | undefined, href?: string): Cell {
  return text === undefined ? noCell : { kind: 'text', text, href };
}

export function timeCell(at: Date | undefined, now: Date): Cell {
  const time = optionalTimeView(at, now);
  return time === undefined ? noCell : { kind: 'time', time };
}

export function linksCell(links: readonly Link[]): Cell {
  return links.length === 0 ? noCell : { kind: 'links', links };
}

export function serverCell(id: string | undefined, servers: ReadonlyMap<string, KnownServer>): Cell {
  return id === undefined ? noCell : textCell(serverName(id, servers));
}

/** The name of a server, or its id once it is forgotten. */
export function serverName(id: string, servers: ReadonlyMap<string, KnownServer>): string {
  return servers.get(id)?.name ?? t.job.forgottenServer(id);
}

export function errorCell(error: Pick<ErrorRecord, 'name' | 'message'> | undefined): Cell {
  return error === undefined ? noCell : { kind: 'error', name: error.name, message: error.message };
}

export function stateCell(state: State): Cell {
  return { kind: 'state', state, label: t.states[state].one };
}
