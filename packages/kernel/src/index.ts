export { type RenderedFrame, type RenderOptions, renderFrame } from './frames/bundle.js';
export { type Kernel, type KernelOptions, startKernel } from './kernel.js';
