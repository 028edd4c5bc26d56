import { money } from '../money.js';
import { type Html, html } from './html.js';
import type { OrderLine, Overview } from './overview.js';

/** The orders, with what has become of their mails. */
export function latestOrders(orders: readonly OrderLine[]): Html {
  const rows = orders.map(
    (order) => html`
      <tr>
        <td>${order.id}</td>
        <td>${order.customer}</td>
        <td>${order.quantity} × ${order.product}</td>
        <td class="number">${money(order.totalCents)}</td>
        <td>${['confirmation', 'invoice', 'warehouse'].map((kind) => mailMark(kind, order.mails[kind]))}</td>
      </tr>`,
  );
  return html`
    <section>
      <h2>Latest orders</h2>
      <table>
        <thead><tr><th>No.</th><th>Customer</th><th>Order</th><th class="number">Total</th><th>Mails</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>
      ${orders.length === 0 ? html`<p>None yet.</p>` : undefined}
    </section>`;
}

/** What the recurring report has stored. */
export function latestReports(reports: Overview['reports']): Html {
  const rows = reports.map(
    ({ minute, orders, revenueCents, mails }) => html`
      <tr>
        <td>${minute.toLocaleTimeString('en-GB', { timeStyle: 'short' })}</td>
        <td class="number">${orders}</td>
        <td class="number">${money(revenueCents)}</td>
        <td class="number">${mails}</td>
      </tr>`,
  );
  return html`
    <section>
      <h2>Sales, by the recurring report</h2>
      <table>
        <thead><tr><th>Until</th><th class="number">Orders</th><th class="number">Revenue</th><th class="number">Mails</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>
      ${reports.length === 0 ? html`<p>The first comes with the next full minute.</p>` : undefined}
    </section>`;
}

function mailMark(kind: string, attempt: number | undefined): Html {
  if (attempt === undefined) return html`<span class="mail">${kind}</span> `;
  const title = attempt === 1 ? 'sent' : `sent by attempt ${attempt}`;
  return html`<span class="mail sent" title="${title}">✓ ${kind}${attempt === 1 ? '' : html` <b>×${attempt}</b>`}</span> `;
}
