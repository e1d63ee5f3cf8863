import type { Synapse } from '../context.js';

/** Shows `line` with the seconds since now in the running cell, until it is called off. May be called off twice. */
export function showProgress({ progress }: Pick<Synapse, 'progress'>, line: () => string): () => void {
  if (progress === undefined) return () => {};
  const began = Date.now();
  const show = () => progress(`${line()}, ${Math.round((Date.now() - began) / 1000)} s`);
  show();
  const timer = setInterval(show, 1_000).unref();
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    clearInterval(timer);
    progress(undefined);
  };
}
