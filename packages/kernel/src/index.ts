export type { RenderedFrame, RenderOptions } from './frames/bundle.js';
export { renderFrame } from './frames/render.js';
export {
  type Kernel,
  type KernelContext,
  type KernelOptions,
  type KernelSessionParts,
  startKernel,
} from './kernel.js';
export { exitMime } from './notebook/exits.js';
export { type ReadOptions, readOptions, textOption } from './sql/options.js';
