// Serves the built console from one folder. Knows nothing outside of it: a path that leaves the folder is not found.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * @typedef {{ path: string, size: number, type: string, cacheControl: string }} StaticFile
 * @param {string} root
 * @param {string} urlPath the path of the request, still encoded
 * @returns {Promise<StaticFile | undefined>}
 */
export async function findFile(root, urlPath) {
  const decoded = decodePath(urlPath);
  if (decoded === undefined) return undefined;
  const asset = await fileAt(root, decoded);
  if (asset) return asset;
  // Every other path without an extension is a page of the console, which routes in the browser.
  return extname(decoded) === '' ? fileAt(root, '/index.html') : undefined;
}

/**
 * @param {string} urlPath
 * @returns {string | undefined}
 */
function decodePath(urlPath) {
  try {
    const decoded = decodeURIComponent(urlPath);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {string} urlPath
 * @returns {Promise<StaticFile | undefined>}
 */
async function fileAt(root, urlPath) {
  const path = normalize(join(root, urlPath));
  if (!path.startsWith(root + sep)) return undefined;
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return {
    path,
    size: found.size,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    // Names of assets carry a hash of their content.
    cacheControl: urlPath.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {StaticFile} file
 * @param {boolean} withBody
 */
export function sendFile(response, file, withBody) {
  response.writeHead(200, {
    'Content-Type': file.type,
    'Content-Length': file.size,
    'Cache-Control': file.cacheControl,
  });
  if (!withBody) {
    response.end();
    return;
  }
  createReadStream(file.path)
    .on('error', () => response.destroy())
    .pipe(response);
}
