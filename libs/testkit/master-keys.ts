/** A value for `MASTER_KEYS` that keeps nothing secret. */
export const TEST_MASTER_KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`;
