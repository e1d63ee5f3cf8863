import { CrossviewError, type JupyterServerAddress, type Redactor } from '@crossview/contracts';
import type { Profile } from './load-config.js';
import { secretValue } from './secret-value.js';

/** Without a file of its own for it, the token of a server that is given by its URL. */
const tokenVariable = 'CROSSVIEW_JUPYTER_TOKEN';

const comparable = (url: string) => url.replace(/\/+$/, '').toLowerCase();

/**
 * Finds Jupyter Servers by the profile's name for them, or by URL.
 * @returns what throws CrossviewError `JUPYTER_SERVER_UNKNOWN`, `SECRET_MISSING`; the token is known to the redactor.
 */
export function jupyterServers(profile: Profile, redactor: Redactor): (name: string) => JupyterServerAddress {
  return (name) => {
    const servers = Object.entries(profile.jupyterServers ?? {});
    const found = servers.find(([known, { url }]) => known === name || comparable(url) === comparable(name));
    if (!found && !/^https?:\/\//.test(name))
      throw new CrossviewError('JUPYTER_SERVER_UNKNOWN', `profile "${profile.name}" has no Jupyter Server ${name}`, {
        hint:
          servers.length > 0
            ? `It has: ${servers.map(([known]) => known).join(', ')}. A URL may stand there too.`
            : `Add it under profiles.${profile.name}.jupyterServers in ${profile.file ?? 'crossview.json'}, or write its URL.`,
        facts: { server: name, profile: profile.name },
      });
    const [known, server] = found ?? [name, { url: name, token: undefined }];
    const token = server.token
      ? secretValue(server.token, profile, `the token of the Jupyter Server ${known}`)
      : (process.env[tokenVariable] ?? '');
    if (token !== '') redactor.add(token);
    return { url: server.url, token };
  };
}
