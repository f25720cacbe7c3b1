/** What a manifest is checked against; the partners' registry fits. */
export type KnownPartners = Readonly<
  Record<
    string,
    {
      actions: Readonly<Record<string, unknown>>;
      webhooks?: unknown;
      oauth?: { credential: string };
      needs: { credentials: Readonly<Record<string, string>>; settings: Readonly<Record<string, string>> };
    }
  >
>;
