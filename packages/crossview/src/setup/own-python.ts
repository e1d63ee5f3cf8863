import { CrossviewError } from '@crossview/contracts';
import { runProcess } from '../system/run-process.js';
import { lockedPackages } from './lock-file.js';

/** The modules a session imports, by the package that brings them. */
const needed: Readonly<Record<string, string>> = {
  pyspark: 'pyspark',
  ipykernel: 'ipykernel',
  jupyter_client: 'jupyter-client',
  pyarrow: 'pyarrow',
  pandas: 'pandas',
  nbclient: 'nbclient',
};

const question = `
import importlib.metadata as m, json, sys
print(json.dumps({n: next((d.version for d in [m.distribution(n)]), None) if n in {x.metadata["Name"].lower().replace("_", "-") for x in m.distributions()} else None for n in sys.argv[1:]}))
`;

/**
 * Checks a Python that the user brought (`CROSSVIEW_PYTHON`).
 * @returns what differs from the locked versions, as sentences; none of it stands in the way.
 * @throws CrossviewError `PYTHON_UNUSABLE` when it does not start or a package is missing.
 */
export async function checkOwnPython(python: string): Promise<readonly string[]> {
  const result = await runProcess(python, ['-c', question, ...Object.values(needed)], { timeoutMs: 60_000 }).catch(
    (cause: Error) => {
      throw new CrossviewError('PYTHON_UNUSABLE', `CROSSVIEW_PYTHON is ${python}, which does not start`, {
        hint: 'Correct it, or unset it and let "crossview setup" make an environment.',
        cause,
      });
    },
  );
  if (result.code !== 0)
    throw new CrossviewError(
      'PYTHON_UNUSABLE',
      `CROSSVIEW_PYTHON is ${python}, which cannot be asked for its packages`,
      {
        hint: result.lastWords,
      },
    );
  const versions = JSON.parse(result.stdout.split('\n').at(-1) ?? '{}') as Record<string, string | null>;
  const locked = lockedPackages('session');
  const missing = Object.values(needed).filter((name) => !versions[name]);
  if (missing.length > 0)
    throw new CrossviewError('PYTHON_UNUSABLE', `CROSSVIEW_PYTHON is ${python}, which lacks ${missing.join(', ')}`, {
      hint: `Install ${missing.map((name) => `${name}==${locked.get(name)?.at(-1)}`).join(' ')} there, or unset CROSSVIEW_PYTHON.`,
      facts: { python, missing: missing.join(',') },
    });
  return Object.entries(versions)
    .filter(([name, version]) => version !== null && locked.get(name)?.includes(version) === false)
    .map(
      ([name, version]) => `${name} is ${version} there; Crossview is tested with ${locked.get(name)?.join(' or ')}`,
    );
}
