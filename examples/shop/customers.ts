import type { Checkout } from './orders.js';
import { type Repetition, repeat } from './repeat.js';
import type { Registration } from './users.js';

const NAMES = ['Ada', 'Blaise', 'Charles', 'Donald', 'Edsger', 'Frances', 'Grace', 'Hedy', 'Ivan', 'Joan'];
const PRODUCTS = ['Desk lamp', 'Oak table', 'Reading chair'];

/** Customers who come in by the front door every few seconds; every fifth registers too. */
export function sendCustomers(shopUrl: string): Repetition {
  return repeat(
    () => 2000 + Math.random() * 3000,
    () => visit(shopUrl),
  );
}

async function visit(shopUrl: string): Promise<void> {
  const name = oneOf(NAMES);
  const email = `${name.toLowerCase()}.${Date.now()}@customers.example`;
  const checkout: Checkout = { customer: name, email, product: oneOf(PRODUCTS), quantity: 1 };
  await post(`${shopUrl}/checkout`, checkout);
  if (Math.random() < 0.2) await post(`${shopUrl}/register`, { name, email } satisfies Registration);
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}

function oneOf(choices: readonly string[]): string {
  return choices[Math.floor(Math.random() * choices.length)] ?? '';
}
