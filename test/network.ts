import { onTestFinished } from 'vitest';
import { Proxy } from './proxy.js';

/** A stretch of network between a client and the Postgres of a connection string, closed when the test ends. */
export async function networkTo(connectionString: string): Promise<Proxy> {
  const network = await Proxy.to(() => connectionString);
  onTestFinished(() => network.close());
  return network;
}
