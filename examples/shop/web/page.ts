import { money } from '../money.js';
import { type Html, html } from './html.js';
import type { OrderLine, Overview } from './overview.js';

/** The shop's only page. */
export function shopPage({ products, orders, reports }: Overview, notice: string | undefined): string {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>The shop</title>
  <link rel="stylesheet" href="/shop.css">
  <script type="module" src="/live.js"></script>
</head>
<body>
  <header>
    <h1>The shop</h1>
    <p>Every order sends three mails. See them at work in the <a href="/jobs">dashboard</a>.</p>
  </header>
  ${notice === undefined ? undefined : html`<p class="notice" role="status">${notice}</p>`}
  <main>
    <div class="forms">${checkoutForm(products)}${registerForm}</div>
    <div id="live">${ordersTable(orders)}${reportsTable(reports)}</div>
  </main>
</body>
</html>`.text;
}

function checkoutForm(products: Overview['products']): Html {
  const options = products.map(
    ({ name, priceCents, stock }) =>
      html`<option value="${name}">${name}, ${money(priceCents)}${stock < 10 ? ` (${stock} left)` : ''}</option>`,
  );
  return html`
    <form method="post" action="/checkout">
      <h2>Order</h2>
      <label>Product <select name="product">${options}</select></label>
      <label>Quantity <input name="quantity" type="number" value="1" min="1" max="100" required></label>
      <label>Name <input name="customer" autocomplete="name" required maxlength="100"></label>
      <label>Mail <input name="email" type="email" autocomplete="email" required></label>
      <button>Order</button>
    </form>`;
}

const registerForm = html`
  <form method="post" action="/register">
    <h2>Register</h2>
    <label>Name <input name="name" autocomplete="name" required maxlength="100"></label>
    <label>Mail <input name="email" type="email" autocomplete="email" required></label>
    <button>Register</button>
  </form>`;

function ordersTable(orders: readonly OrderLine[]): Html {
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

function mailMark(kind: string, attempt: number | undefined): Html {
  if (attempt === undefined) return html`<span class="mail">${kind}</span> `;
  const title = attempt === 1 ? 'sent' : `sent by attempt ${attempt}`;
  return html`<span class="mail sent" title="${title}">✓ ${kind}${attempt === 1 ? '' : html` <b>×${attempt}</b>`}</span> `;
}

function reportsTable(reports: Overview['reports']): Html {
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
