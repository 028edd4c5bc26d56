import { Router } from 'express';
import { completions } from '../../search/completions.js';
import { formatValue } from '../../search/quote.js';
import { storable } from '../../job/serialisation.js';
import { knownValues } from '../../storage/known-values.js';
import { visitOf } from '../access/visit.js';
import type { DashboardParts } from '../frame/parts.js';

const VALUES_OFFERED = 20;

/** What may stand at the end of a search that is being typed: whole texts, as a list of suggestions needs them. */
export function completionsRouter({ database }: DashboardParts): Router {
  const router = Router();
  router.get('/completions', async (req, res) => {
    const text = storable(visitOf(req).query.get('q') ?? '').slice(0, 2000);
    const { start, offered, values } = completions(text, text.length);
    const known =
      values === undefined
        ? []
        : await knownValues(database, values.of, { prefix: values.prefix, limit: VALUES_OFFERED });
    const head = text.slice(0, start);
    res.json([
      ...offered.map(({ text: end, meaning }) => ({ value: `${head}${end}`, label: meaning })),
      ...known.map((value) => ({ value: `${head}${formatValue([value])}`, label: '' })),
    ]);
  });
  return router;
}
