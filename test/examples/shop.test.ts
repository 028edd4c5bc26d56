import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  type SmtpServer,
  type SmtpServerOptions,
  startSmtpServer,
} from '../../examples/shop/mail/smtp-server.js';
import { freshDatabase, type TestDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { connect } from '../firelock.js';
import { post, ShopProcess, urlOf } from './shop-process.js';

const KINDS = ['confirmation', 'invoice', 'warehouse'];
const customer = { customer: 'Ada', email: 'ada@example.com', product: 'Desk lamp', quantity: 1 };

describe('npm start', () => {
  let database: TestDatabase;
  let smtp: SmtpServer;
  let shop: ShopProcess;
  let url: string;

  beforeAll(async () => {
    database = await freshDatabase();
    smtp = await startSmtpServer({ latencyMs: [0, 50], refusedShare: 0.5 });
    shop = new ShopProcess('main', { DATABASE_URL: database.connectionString, SMTP_URL: smtp.url });
    url = await urlOf(shop);
  });

  afterAll(async () => {
    await shop.kill();
    await smtp.stop();
    await database.drop();
  });

  it('sends three mails per order once each, also those that the mail server refuses at first', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(`${url}/checkout`, customer)));
    const orderIds = answers.map(({ answer }) => (answer as { placed: number }).placed);
    const mails = orderIds.flatMap((id) => KINDS.map((kind) => `<order-${id}.${kind}@shop.example>`));
    await eventually('all mails have arrived', () => mails.every((mail) => accepted(smtp, mail) > 0), 20_000);
    expect(mails.map((mail) => accepted(smtp, mail))).toEqual(mails.map(() => 1));
    expect(smtp.log.some(({ messageId, accepted }) => !accepted && mails.includes(messageId))).toBe(true);
  });

  it('welcomes a user who registers, but not one who is registered already', async () => {
    const user = { name: 'Grace', email: 'grace@example.com' };
    const { answer } = await post(`${url}/register`, user);
    const { registered } = answer as { registered: number };
    await eventually(
      'the mail has arrived',
      () => accepted(smtp, `<user-${registered}.welcome@shop.example>`) > 0,
    );
    expect(await post(`${url}/register`, user)).toMatchObject({ status: 409 });
  });

  it('leaves neither order nor jobs behind when an order is refused after its mails were enqueued', async () => {
    const order = { ...customer, email: 'late@example.com', product: 'Signed first edition', quantity: 4 };
    expect(await post(`${url}/checkout`, order)).toMatchObject({ status: 409 });
    const db = await connect(database.connectionString);
    const orders = await db.query(`select from shop.orders where email = 'late@example.com'`);
    const jobs = await db.query(
      `select from firelock.jobs where args ? 'orderId' and (args ->> 'orderId')::integer not in (select id from shop.orders)`,
    );
    expect([orders.rowCount, jobs.rowCount]).toEqual([0, 0]);
  });

  it('shows people the shop, what they did and what was refused', async () => {
    const body = new URLSearchParams({ name: 'Eve', email: 'no "address"' });
    const refused = await fetch(`${url}/register`, {
      method: 'POST',
      body,
      headers: { accept: 'text/html' },
    });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Invalid email address');
    const form = new URLSearchParams({ ...customer, customer: '<b>Eve</b>', quantity: '2' });
    const placed = await fetch(`${url}/checkout`, {
      method: 'POST',
      body: form,
      headers: { accept: 'text/html' },
    });
    const page = await placed.text();
    expect(placed.url).toMatch(/\/\?placed=\d+$/);
    expect(page).toMatch(/Order \d+ is placed/);
    expect(page).toContain('<td>&lt;b&gt;Eve&lt;/b&gt;</td>');
    expect(page).toContain('2 × Desk lamp');
  });

  it('serves the dashboard beside the shop', async () => {
    const dashboard = await fetch(`${url}/jobs`);
    expect(dashboard.status).toBe(200);
    expect(await dashboard.text()).toContain('Dead letters');
  });

  it('takes a free port when its own is taken, and says so', async () => {
    const { port } = new URL(url);
    const other = startShop(database, { SMTP_URL: smtp.url, PORT: port });
    expect(await urlOf(other)).not.toBe(url);
    expect(await other.printed(/\(port (\d+) is taken\)/)).toBe(port);
  });
});

describe('Ctrl-C', () => {
  it('lets running jobs finish, leaves none in processing, and ends with exit code 0', async () => {
    const database = await databaseOfTest();
    const smtp = await smtpServerOfTest({ latencyMs: [1000, 1000], refusedShare: 0 });
    const shop = startShop(database, { SMTP_URL: smtp.url });
    const placed = await orderWithMailsOnTheirWay(shop, database);
    expect(smtp.log.filter(({ messageId }) => messageId.startsWith(`<order-${placed}.`))).toEqual([]);

    shop.signal('SIGINT');

    expect(await shop.exited).toBe(0);
    const db = await connect(database.connectionString);
    expect((await db.query(`select from firelock.jobs where state = 'processing'`)).rowCount).toBe(0);
    expect(KINDS.map((kind) => accepted(smtp, `<order-${placed}.${kind}@shop.example>`))).toEqual([1, 1, 1]);
  });

  it('pressed again, gives back what is running and ends with exit code 0', async () => {
    const { shop, db } = await shopWithEndlessMails();
    shop.signal('SIGINT');
    await shop.printed(/(Stopping)/);
    await eventually('it is hurried', () => shop.signal('SIGINT') && shop.output.includes('Hurrying'), 5000);
    expect(await shop.exited).toBe(0);
    expect((await db.query(`select from firelock.jobs where state = 'processing'`)).rowCount).toBe(0);
  });

  it('pressed a third time, ends the process at once', async () => {
    const { shop } = await shopWithEndlessMails();
    await eventually('it has ended', () => !shop.signal('SIGINT'), 8000);
    expect(await shop.exited).toBe(130);
  });
});

/** A shop whose mails are on their way for a minute, so that none arrives in time. */
async function shopWithEndlessMails() {
  const database = await databaseOfTest();
  const smtp = await smtpServerOfTest({ latencyMs: [60_000, 60_000] });
  const shop = startShop(database, { SMTP_URL: smtp.url });
  await orderWithMailsOnTheirWay(shop, database);
  return { shop, db: await connect(database.connectionString) };
}

function accepted({ log }: SmtpServer, mail: string): number {
  return log.filter(({ messageId, accepted }) => accepted && messageId === mail).length;
}

/** Places an order and waits until its three mails are being sent; answers the order's id. */
async function orderWithMailsOnTheirWay(shop: ShopProcess, database: TestDatabase): Promise<number> {
  const { answer } = await post(`${await urlOf(shop)}/checkout`, customer);
  const { placed } = answer as { placed: number };
  const db = await connect(database.connectionString);
  const running = `select from firelock.jobs where state = 'processing' and args @> '{"orderId": ${placed}}'`;
  await eventually('the mails are on their way', async () => (await db.query(running)).rowCount === 3);
  return placed;
}

function startShop(database: TestDatabase, environment: Readonly<Record<string, string>>): ShopProcess {
  const shop = new ShopProcess('main', { DATABASE_URL: database.connectionString, ...environment });
  onTestFinished(() => shop.kill());
  return shop;
}

async function databaseOfTest(): Promise<TestDatabase> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  return database;
}

async function smtpServerOfTest(options: SmtpServerOptions): Promise<SmtpServer> {
  const smtp = await startSmtpServer(options);
  onTestFinished(() => smtp.stop());
  return smtp;
}
