/** What a connection file says ("Connection files"). With `ipc`, `ip` is a path and a port its ending. */
export interface ConnectionInfo {
  readonly transport: 'tcp' | 'ipc';
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly signature_scheme: string;
  readonly key: string;
  readonly kernel_name?: string;
}

export function endpoint(connection: ConnectionInfo, port: number): string {
  return connection.transport === 'ipc' ? `ipc://${connection.ip}-${port}` : `tcp://${connection.ip}:${port}`;
}
