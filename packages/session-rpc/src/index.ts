export { connectSession, type SessionAddress, type SessionClient } from './client.js';
export { startSessionServer } from './server.js';
