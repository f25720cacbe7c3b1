import { defineConfig, integer, text, type ConfigOf } from '#boot';

export const sandboxConfig = defineConfig('sandbox', {
  port: integer({ env: 'SANDBOX_PORT', default: 3002, about: 'Port of the played partners, of /_sandbox and of /health.' }),
  host: text({ env: 'SANDBOX_HOST', default: '127.0.0.1', about: 'Address to listen on. The sandbox believes everyone: 0.0.0.0 belongs on a network of your own.' }),
});

export type SandboxConfig = ConfigOf<typeof sandboxConfig>;
