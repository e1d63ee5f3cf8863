const loopback = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Takes this host out of what HTTP_PROXY is for. The SDK sends every request to the proxy whose host NO_PROXY does not name,
 * and a service on this host cannot be reached through a proxy somewhere else. It reads the list once, with its first client.
 */
export function spareLoopback(env: NodeJS.ProcessEnv = process.env): void {
  if (!['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].some((name) => env[name] || env[name.toLowerCase()])) return;
  const name = env.NO_PROXY === undefined && env.no_proxy !== undefined ? 'no_proxy' : 'NO_PROXY';
  const listed = (env[name] ?? '').split(',').filter((host) => host.trim() !== '');
  const missing = loopback.filter((host) => !listed.some((known) => known.trim() === host));
  if (missing.length > 0) env[name] = [...listed, ...missing].join(',');
}
