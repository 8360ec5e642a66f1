import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOrigin, listenAddress, runtimeConfig } from './config.mjs';
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
    expect(runtimeConfig(env)).toEqual({ apiUrl: 'http://api.example:8000', apiKey: 'secret' });
    expect(runtimeConfig({ ...env, ENVIRONMENT: 'production' })).toEqual({ apiUrl: 'http://api.example:8000' });
    expect(runtimeConfig({ ...env, API_KEY_FILE: join(folder, 'absent.json') })).toEqual({ apiUrl: 'http://api.example:8000' });
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
