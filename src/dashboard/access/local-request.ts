import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** Each says that something stood between the visitor and this process, so that its address is not the visitor's. */
const PROXY_HEADERS: ReadonlySet<string> = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-host',
  'x-envoy-external-address',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
]);

/**
 * Why a request is not certainly a local one; undefined if it is. The address alone is not enough: a proxy on this machine
 * lends its own to the whole world, and a foreign page may reach loopback by a name of its own (DNS rebinding).
 */
export function signOfRemote(req: IncomingMessage): string | undefined {
  const address = req.socket.remoteAddress;
  if (address === undefined) return 'its origin is not known (a socket without an address)';
  if (!loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) return `it comes from ${address}`;
  const header = Object.keys(req.headers).find(isProxyHeader);
  if (header !== undefined) return `it went through a proxy, which its header ${header} tells`;
  const { host } = req.headers;
  if (host === undefined || !LOOPBACK_HOST.test(host))
    return `it asks for the host ${host ?? '(none)'}, not for localhost`;
  return undefined;
}

function isProxyHeader(name: string): boolean {
  return PROXY_HEADERS.has(name) || name.startsWith('x-forwarded-');
}
