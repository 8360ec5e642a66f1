// What the console's server tells it at start: where the API is and, in development, the key to use.
export interface RuntimeConfig {
  apiUrl: string;
  apiKey?: string;
}

export async function loadConfig(): Promise<RuntimeConfig> {
  const response = await fetch('/config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`the console's server answered ${response.status.toString()} to /config.json`);
  const config: unknown = await response.json();
  if (typeof config !== 'object' || config === null || !('apiUrl' in config) || typeof config.apiUrl !== 'string') {
    throw new Error('/config.json has no apiUrl');
  }
  return 'apiKey' in config && typeof config.apiKey === 'string'
    ? { apiUrl: config.apiUrl, apiKey: config.apiKey }
    : { apiUrl: config.apiUrl };
}
