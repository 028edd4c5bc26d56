import { money } from '../money.js';
import { type Html, html } from './html.js';
import { latestOrders, latestReports } from './latest.js';
import type { Overview } from './overview.js';

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
    <div id="live">${latestOrders(orders)}${latestReports(reports)}</div>
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
