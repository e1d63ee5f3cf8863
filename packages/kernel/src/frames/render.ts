import type { ArrowParts } from '@crossview/contracts';
import type { RenderedFrame, RenderOptions } from './bundle.js';

/**
 * A frame's first rows as text, HTML and data. The Arrow library is loaded with the first frame: a kernel answers its
 * front end before that.
 */
export async function renderFrame(data: ArrowParts, options: RenderOptions = {}): Promise<RenderedFrame> {
  const { bundle } = await import('./bundle.js');
  return bundle(data, options);
}
