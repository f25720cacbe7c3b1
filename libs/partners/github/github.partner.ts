import type { Partner } from '#partner-kit';
import { webhooks } from './webhooks.ts';

/** GitHub: webhooks in. docs.github.com/webhooks */
export const github: Partner = {
  name: 'github',
  webhooks,
  actions: {},
  // Accounts by their number, which stays when they are renamed; authors of commits by what they wrote into them. docs.github.com/webhooks/webhook-events-and-payloads
  personal: [
    { kind: 'user', path: 'sender.id' },
    { kind: 'user', path: 'issue.user.id' },
    { kind: 'user', path: 'pull_request.user.id' },
    { kind: 'user', path: 'comment.user.id' },
    { kind: 'email', path: 'pusher.email' },
    { kind: 'email', path: 'commits.author.email' },
    { kind: 'email', path: 'commits.committer.email' },
    { kind: 'email', path: 'head_commit.author.email' },
    { kind: 'email', path: 'head_commit.committer.email' },
  ],
  needs: { credentials: {}, settings: {} },
};
