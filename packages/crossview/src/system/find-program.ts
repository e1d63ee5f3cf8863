import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program that a shell would find; `undefined` when there is none. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (env.PATH ?? '').split(delimiter))
    for (const ending of endings) {
      const path = join(folder, name + ending);
      try {
        if (folder !== '') accessSync(path, constants.X_OK);
        else continue;
        return path;
      } catch {}
    }
  return undefined;
}
