import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const notTests = ['**/node_modules/**', '**/dist/**'];

/**
 * Two kinds of test. `pure` (`x.spec.ts`) needs nothing; `servers` (`x.int.spec.ts`, `x.e2e.spec.ts`) runs against one
 * real Postgres that is started once per run. `#x` is a library's front door, as in package.json.
 */
export default defineConfig({
  resolve: { alias: [{ find: /^#([\w-]+)$/, replacement: here('./libs/$1/index.ts') }] },
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['{apps,bench,deploy,libs,test,tools}/**/*.spec.ts'],
          exclude: [...notTests, '**/*.int.spec.ts', '**/*.e2e.spec.ts'],
          setupFiles: [here('./libs/testkit/setup-file.ts')],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['{apps,bench,deploy,libs,test,tools}/**/*.{int,e2e}.spec.ts'],
          exclude: notTests,
          globalSetup: [here('./libs/testkit/global-setup.ts')],
          setupFiles: [here('./libs/testkit/setup-file.ts')],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          teardownTimeout: 30_000,
        },
      },
    ],
  },
});
