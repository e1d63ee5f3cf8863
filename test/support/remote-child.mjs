// node remote-child.mjs URL TOKEN: has a kernel on a Jupyter Server until it is killed.
import { SubKernel } from '../../packages/kernel/dist/sub-kernels/sub-kernel.js';

const [url, token] = process.argv.slice(2);
await SubKernel.startOn('python3', { url, token }, 'python3');
console.log('started');
setInterval(() => {}, 1000);
