import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';
import { mayHaveKey, runtimeConfig } from './server/config.mjs';

// The development server answers /config.json as server.mjs does.
function servesRuntimeConfig(): Plugin {
  return {
    name: 'runtime-config',
    configureServer(server) {
      server.middlewares.use('/config.json', (request, response) => {
        const { host } = server.config.server;
        const withKey = typeof host === 'string' && mayHaveKey(host, request);
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify(runtimeConfig(process.env, withKey)));
      });
    },
  };
}

export default defineConfig({
  plugins: [react(), servesRuntimeConfig()],
  server: { host: '127.0.0.1', port: 3000, strictPort: true, cors: false },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 900 },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}', 'server/**/*.test.ts'] },
});
