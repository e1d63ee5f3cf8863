export { type Pool, type PoolOptions, startPool } from './start-pool.js';
