import { type ConnectionInfo, endpoint } from '@crossview/jupyter-wire';
import { Request } from 'zeromq';

/** What a kernel's heartbeat answers to a text. */
export async function heartbeat(connection: ConnectionInfo, text: string): Promise<string> {
  const socket = new Request({ linger: 0, receiveTimeout: 5000 });
  socket.connect(endpoint(connection, connection.hb_port));
  try {
    await socket.send(text);
    const [answer] = await socket.receive();
    return String(answer);
  } finally {
    socket.close();
  }
}
