import { CrossviewError } from '@crossview/contracts';
import { nearest } from './nearest.js';

export function viewNotFound(name: string, known: readonly string[]): CrossviewError {
  const near = nearest(name, known);
  const hint =
    near.length > 0
      ? `Did you mean ${near.map((other) => `"${other}"`).join(' or ')}?`
      : known.length > 0
        ? `The session has ${known.length === 1 ? 'one view' : `${known.length} views`}: ${known.slice(0, 10).join(', ')}.`
        : 'The session has no views yet. createOrReplaceTempView in a Spark cell, views["name"] = frame in Python and views.set in TypeScript make one.';
  return new CrossviewError('VIEW_NOT_FOUND', `There is no view "${name}".`, { hint, facts: { view: name } });
}

export function viewLost(name: string): CrossviewError {
  return new CrossviewError('VIEW_LOST', `The files of view "${name}" were deleted.`, {
    hint: 'Make the view again; the others and the session are not touched by it.',
    facts: { view: name },
  });
}

export function viewNameInvalid(name: string): CrossviewError {
  return new CrossviewError('VIEW_NAME_INVALID', `"${name}" cannot be the name of a view.`, {
    hint: 'A name has letters, digits and underscores, and begins with a letter or an underscore.',
    facts: { view: name },
  });
}

export function viewDataInvalid(name: string, reason: string): CrossviewError {
  return new CrossviewError('VIEW_DATA_INVALID', `The data of view "${name}" cannot be taken: ${reason}.`, {
    facts: { view: name },
  });
}

export function viewMemoryFull(name: string, bytes: number, held: number, limit: number): CrossviewError {
  const text = `View "${name}" needs ${megabytes(bytes)}, and the session holds ${megabytes(held)} of at most ${megabytes(limit)}.`;
  return new CrossviewError('VIEW_MEMORY_FULL', text, {
    hint: 'Drop views that are no longer needed (%views lists them with their size, %views -d NAME drops one), or publish fewer rows.',
    facts: { view: name, bytes, held, limit },
  });
}

export function viewsClosed(): CrossviewError {
  return new CrossviewError('VIEWS_CLOSED', 'The session is ending and has no views any more.');
}

export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}
