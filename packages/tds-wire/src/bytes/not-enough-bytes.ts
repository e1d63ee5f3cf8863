/** Thrown by {@link ByteReader} when a value is cut off. A signal to wait for more bytes, not a fault of the peer. */
export class NotEnoughBytes extends Error {
  constructor() {
    super('the value goes on in bytes that have not arrived');
    this.name = 'NotEnoughBytes';
  }
}

/** Bytes that no further byte can make right. The connection is lost after one. */
export class MalformedBytes extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'MalformedBytes';
  }
}
