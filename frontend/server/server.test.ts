import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { apiOrigin, listenAddress, mayHaveKey, runtimeConfig } from './config.mjs';
import { findFile } from './static.mjs';

let folder = '';
let root = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'console-'));
  root = join(folder, 'dist');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<html>');
  writeFileSync(join(root, 'assets', 'index-abc.js'), '1');
  writeFileSync(join(folder, 'credentials.json'), '{"apiKey": "secret"}');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('findFile', () => {
  it('lets hashed assets be cached for ever, and the page never', async () => {
    expect((await findFile(root, '/assets/index-abc.js'))?.cacheControl).toContain('immutable');
    expect((await findFile(root, '/'))?.cacheControl).toBe('no-cache');
  });

  it('answers pages of the console with its one page, and missing files with nothing', async () => {
    expect((await findFile(root, '/invoices/0199'))?.path).toBe(join(root, 'index.html'));
    expect(await findFile(root, '/assets/index-old.js')).toBeUndefined();
  });

  it.each(['/../credentials.json', '/%2e%2e/credentials.json', '/..%2fcredentials.json', '/%00.js', '/%zz.js'])(
    'does not leave its folder by %s',
    async (path) => expect(await findFile(root, path)).toBeUndefined(),
  );
});

describe('configuration', () => {
  it('hands out the development key, and never in production', () => {
    const env = { API_KEY_FILE: join(folder, 'credentials.json'), NEXT_PUBLIC_API_URL: 'http://api.example:8000/' };
    expect(runtimeConfig(env, true)).toEqual({ apiUrl: 'http://api.example:8000', apiKey: 'secret' });
    expect(runtimeConfig(env, false)).toEqual({ apiUrl: 'http://api.example:8000' });
    expect(runtimeConfig({ ...env, ENVIRONMENT: 'production' }, true)).toEqual({ apiUrl: 'http://api.example:8000' });
    const absent = { ...env, API_KEY_FILE: join(folder, 'absent.json') };
    expect(runtimeConfig(absent, true)).toEqual({ apiUrl: 'http://api.example:8000' });
  });

  it('reads the address to listen on', () => {
    expect(listenAddress({})).toEqual({ host: '127.0.0.1', port: 3000 });
    expect(listenAddress({ FRONTEND_LISTEN: '[::1]:8080' })).toEqual({ host: '::1', port: 8080 });
    expect(() => listenAddress({ FRONTEND_LISTEN: '8080' })).toThrow('host:port');
    expect(() => listenAddress({ FRONTEND_LISTEN: 'localhost:99999' })).toThrow('host:port');
  });

  it('allows the API’s origin and no more', () => {
    expect(apiOrigin('https://api.example/base')).toBe('https://api.example');
    expect(() => apiOrigin('api.example')).toThrow('NEXT_PUBLIC_API_URL');
  });
});

function requestOf(remoteAddress: string | undefined, headers: Record<string, string>, localPort = 3000): IncomingMessage {
  return { socket: { remoteAddress, localPort }, headers } as unknown as IncomingMessage;
}

describe('mayHaveKey', () => {
  const host = { host: 'localhost:3000' };

  it.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'LOCALHOST:3000'])('trusts a browser here at %s', (name) =>
    expect(mayHaveKey('127.0.0.1', requestOf('127.0.0.1', { host: name }))).toBe(true),
  );

  it.each(['', 'evil.example', 'evil.example:3000', 'localhost', 'localhost:3001', 'localhost:80', 'localhost.:3000', '127.0.0.2:3000',
    '0.0.0.0:3000', 'localhost:3000.evil.example', 'localhost:3000@evil.example', 'evil.example#localhost:3000', '127.0.0.1.nip.io:3000',
    '[::ffff:127.0.0.1]:3000', ' localhost:3000', 'localhost:03000x'])('has no key for the host "%s"', (name) =>
    expect(mayHaveKey('127.0.0.1', requestOf('127.0.0.1', { host: name }))).toBe(false),
  );

  it.each(['0.0.0.0', '::', '192.168.1.5', 'console.example', '127.evil.example', '::ffff:0.0.0.0'])('has no key where it listens on %s', (bound) =>
    expect(mayHaveKey(bound, requestOf('127.0.0.1', host))).toBe(false),
  );

  it.each(['192.168.1.5', '::ffff:10.0.0.1', 'fe80::1', undefined])('has no key for the peer %s', (peer) =>
    expect(mayHaveKey('127.0.0.1', requestOf(peer, host))).toBe(false),
  );

  it.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host'])('has no key behind a proxy that sends %s', (name) =>
    expect(mayHaveKey('127.0.0.1', requestOf('127.0.0.1', { ...host, [name]: '10.0.0.1' }))).toBe(false),
  );

  it('knows the loopback addresses of both families, and a Host without a port as port 80', () => {
    for (const bound of ['localhost', '::1', '127.0.0.1', '127.3.2.1']) expect(mayHaveKey(bound, requestOf('::1', host))).toBe(true);
    expect(mayHaveKey('127.0.0.1', requestOf('::1', { host: 'localhost' }, 80))).toBe(true);
  });
});

/** Starts server.mjs on a free port; resolves to the process and the port. */
async function startServer(listen: string): Promise<{ server: ChildProcess; port: number }> {
  const env = { PATH: process.env.PATH, FRONTEND_LISTEN: listen, API_KEY_FILE: join(folder, 'credentials.json') };
  const server = spawn(process.execPath, [join(import.meta.dirname, '..', 'server.mjs')], { env });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    server.once('exit', () => reject(new Error(`server.mjs ended: ${text}`)));
    server.stderr.on('data', (piece: Buffer) => {
      text += piece.toString();
      const listening = text.split('\n').find((part) => part.includes('"listening"'));
      if (listening) resolve(listening);
    });
  });
  return { server, port: (JSON.parse(line) as { address: { port: number } }).address.port };
}

interface Answer {
  headers: Record<string, unknown>;
  config: Record<string, unknown>;
}

function configOf(port: number, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path: '/config.json', headers }, (response) => {
      let body = '';
      response.on('data', (piece: Buffer) => (body += piece.toString()));
      response.on('end', () => resolve({ headers: response.headers, config: JSON.parse(body) as Record<string, unknown> }));
    })
      .on('error', reject)
      .end();
  });
}

describe('/config.json', () => {
  it('has the key for this machine’s own names only, and lets no other origin read it', async () => {
    const { server, port } = await startServer('127.0.0.1:0');
    try {
      const own = await configOf(port, { Host: `localhost:${String(port)}`, Origin: 'http://evil.example' });
      expect(own.config.apiKey).toBe('secret');
      expect(own.headers['access-control-allow-origin']).toBeUndefined();
      expect(own.headers['cache-control']).toBe('no-store');
      for (const name of ['evil.example', `evil.example:${String(port)}`, 'localhost:1']) {
        expect((await configOf(port, { Host: name })).config).not.toHaveProperty('apiKey');
      }
    } finally {
      server.kill();
    }
  });

  it('has no key for anybody where the server listens on the network', async () => {
    const { server, port } = await startServer('0.0.0.0:0');
    try {
      expect((await configOf(port, { Host: `localhost:${String(port)}` })).config).not.toHaveProperty('apiKey');
    } finally {
      server.kill();
    }
  });
});
