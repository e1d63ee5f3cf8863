import { randomUUID } from 'node:crypto';
import {
  createSigner,
  encodeMessage,
  type Header,
  joinFrames,
  joinWebsocket,
  protocolVersion,
  splitFrames,
  splitWebsocket,
  websocketProtocol,
} from '@crossview/jupyter-wire';
import { type ClientChannel, type ClientSockets, connectClient } from '../zeromq/client-sockets.js';
import type { KernelProcess } from './kernel-process.js';

const probeMilliseconds = 100;
/** Each so many probes one goes to the shell channel: on control, kernels of R and Deno know only how to end. */
const shellProbe = 5;
const readyMilliseconds = 60_000;

type Listener = ((event: unknown) => void) | null;

/** Frames of one channel to one message of a channels socket, and back; the JSON passes through unparsed. */
function websocketOf(channel: string, frames: readonly Uint8Array[]): ArrayBuffer {
  const { segments, buffers } = splitFrames(frames);
  return joinWebsocket({ channel, segments, buffers });
}

/**
 * The WebSocket of a Jupyter Server's `/channels`, without a server: it talks ZeroMQ to a kernel of this host.
 * It opens when the first IOPub message has arrived, so that no output is lost.
 */
export function localSocketClass(find: (id: string) => KernelProcess | undefined): new (url: string) => object {
  return class LocalSocket {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly protocol = websocketProtocol;
    binaryType = 'arraybuffer';
    readyState = 0;
    onopen: Listener = null;
    onmessage: Listener = null;
    onclose: Listener = null;
    onerror: Listener = null;
    #sockets: ClientSockets | undefined;
    #early: ArrayBuffer[] = [];
    #signer = createSigner('');

    constructor(readonly url: string) {
      const { pathname, searchParams } = new URL(url);
      const id = /kernels\/([^/]+)\/channels/.exec(pathname)?.[1] ?? '';
      setImmediate(() => this.#open(id, searchParams.get('session_id') ?? randomUUID()));
    }

    #open(id: string, session: string): void {
      const kernel = find(id);
      if (!kernel?.running) {
        this.#end(1006);
        return;
      }
      this.#signer = createSigner(kernel.connection.key);
      const sockets = connectClient(kernel.connection, `${session}.${randomUUID().slice(0, 8)}`);
      this.#sockets = sockets;
      void kernel.exited.then(() => this.#end(1006));
      let probes = 0;
      const probe = () => {
        probes += 1;
        const header: Header = {
          msg_id: randomUUID(),
          msg_type: 'kernel_info_request',
          session: 'probe',
          username: '',
          date: new Date().toISOString(),
          version: protocolVersion,
        };
        const message = { identities: [], header, parent: {}, metadata: {}, content: {}, buffers: [] };
        const channel = probes % shellProbe === 0 ? 'shell' : 'control';
        sockets.send[channel].send(encodeMessage(message, this.#signer));
      };
      // Kernels that welcome a subscriber need no probe; others say `busy` on IOPub when they are asked something.
      const timer = setInterval(probe, probeMilliseconds);
      const late = setTimeout(() => this.#end(1006), readyMilliseconds);
      let ready = false;
      sockets.listen((channel, frames) => {
        if (this.readyState > 1) return;
        if (!ready && channel === 'iopub') {
          ready = true;
          clearInterval(timer);
          clearTimeout(late);
          this.readyState = 1;
          this.onopen?.({ target: this });
          for (const data of this.#early) this.onmessage?.({ data, target: this });
        }
        this.#deliver(channel, frames, ready);
      });
      void kernel.exited.then(() => {
        clearInterval(timer);
        clearTimeout(late);
      });
    }

    #deliver(channel: string, frames: readonly Uint8Array[], ready: boolean): void {
      let data: ArrayBuffer;
      try {
        const { segments, signature } = splitFrames(frames);
        if (!this.#signer.verify(segments, signature)) return;
        data = websocketOf(channel, frames);
      } catch {
        return;
      }
      if (ready) this.onmessage?.({ data, target: this });
      else this.#early.push(data);
    }

    send(data: ArrayBuffer | Uint8Array): void {
      const { channel, segments, buffers } = splitWebsocket(data);
      const [header, parent, metadata, content] = segments;
      if (!header || !parent || !metadata || !content) return;
      const all = [header, parent, metadata, content] as const;
      const frames = joinFrames({ identities: [], signature: this.#signer.sign(all), segments: all, buffers });
      this.#sockets?.send[channel as ClientChannel].send(frames);
    }

    close(): void {
      this.#end(1000);
    }

    #end(code: number): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.#sockets?.close();
      this.onclose?.({ code, target: this });
    }
  };
}
