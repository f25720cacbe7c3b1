import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** The status of a whole answer and how many bytes it takes; undefined while some of it is still to come. */
const readAnswer = (bytes: Buffer): { status: number; length: number } | undefined => {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length === null) throw new Error(`An answer without a length cannot be read here:\n${head}`);
  const whole = end + END_OF_HEAD.length + Number(length[1]);
  return bytes.length < whole ? undefined : { status: Number(head.slice(9, 12)), length: whole };
};

const connected = async (url: string): Promise<Socket> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
};

/**
 * One kept-alive HTTP/1.1 connection with one request on its way at a time, on a bare socket: a load generator on the same machine
 * must cost little of what is measured.
 */
export class RawConnection {
  private waiting: { resolve(status: number): void; reject(error: Error): void } | undefined;
  private rest: Buffer | undefined;
  private socket: Socket;

  private constructor(private readonly url: string, socket: Socket) {
    this.socket = this.listenTo(socket);
  }

  static async open(url: string): Promise<RawConnection> {
    return new RawConnection(url, await connected(url));
  }

  /** Sends a whole request as it is, and resolves with the answer's status. A connection that the server closed meanwhile is opened anew. */
  async send(request: Buffer): Promise<number> {
    if (!this.socket.writable) this.socket = this.listenTo(await connected(this.url));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private listenTo(socket: Socket): Socket {
    this.rest = undefined;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('The server closed the connection.')));
    return socket;
  }

  private take(chunk: Buffer): void {
    if (this.waiting === undefined) return; // the server's parting words on a connection that it found idle for too long
    const bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk]);
    const answer = readAnswer(bytes);
    if (answer === undefined) {
      this.rest = bytes;
      return;
    }
    this.rest = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    waiting.resolve(answer.status);
  }

  private fail(error: Error): void {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}

/** Opens so many connections, hands them over, and closes them whatever happens. */
export const withConnections = async <T>(url: string, count: number, use: (connections: RawConnection[]) => Promise<T>): Promise<T> => {
  const connections = await Promise.all(Array.from({ length: count }, () => RawConnection.open(url)));
  try {
    return await use(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
};
