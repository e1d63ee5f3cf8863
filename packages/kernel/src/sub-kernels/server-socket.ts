import { CrossviewError } from '@crossview/contracts';
import { WebSocket } from 'ws';

/** A stock Jupyter Server drops the connection and the message, in silence, beyond this size (tornado's 10 MiB). */
const mostBytes = 10 * 1024 * 1024 - 1024;

/** A connection on which nothing comes for so long is dead, though nobody has closed it; the server answers each ping. */
const pingMilliseconds = 10_000;
const silenceMilliseconds = 30_000;

/** The WebSocket of a Jupyter Server or Gateway elsewhere. */
export function serverSocketClass(token: string): new (url: string, protocols?: string | string[]) => object {
  return class ServerSocket extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols, { maxPayload: 0, headers: token === '' ? {} : { Authorization: `token ${token}` } });
      // The server sends small packets with Nagle's algorithm on: they wait 40 ms for an acknowledgement, unless
      // something goes back at once that carries it.
      let heard = Date.now();
      const hear = () => {
        heard = Date.now();
      };
      this.on('pong', hear);
      this.on('ping', hear);
      const timer = setInterval(() => {
        if (this.readyState !== WebSocket.OPEN) return;
        if (Date.now() - heard > silenceMilliseconds) this.terminate();
        else this.ping();
      }, pingMilliseconds);
      timer.unref();
      this.on('close', () => clearInterval(timer));
      this.on('open', hear);
      this.on('message', () => {
        hear();
        if (this.readyState === WebSocket.OPEN) this.pong();
      });
    }

    override send(data: ArrayBuffer): void {
      if (data.byteLength > mostBytes)
        throw new CrossviewError(
          'MESSAGE_TOO_LARGE',
          `A message of ${data.byteLength} bytes is too large for a Jupyter Server`,
          {
            hint: 'Send it in pieces: a server takes at most 10 MiB at a time.',
            facts: { bytes: data.byteLength },
          },
        );
      super.send(data);
    }
  };
}
