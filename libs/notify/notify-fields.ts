import { defineConfig, text } from '#boot';

/** The settings of all channels; one whose address is unset is not there. */
export const notifyFields = {
  slackUrl: text({ env: 'NOTIFY_SLACK_URL', default: '', secret: true, about: 'Incoming webhook of Slack that notices go to.' }),
  webhookUrl: text({ env: 'NOTIFY_WEBHOOK_URL', default: '', secret: true, about: 'Address that notices are posted to as JSON.' }),
  webhookSecret: text({ env: 'NOTIFY_WEBHOOK_SECRET', default: '', secret: true, about: 'Secret (whsec_…) by which those are signed as Standard Webhooks 1.0 says; without it they are not signed.' }),
  smtpUrl: text({ env: 'NOTIFY_SMTP_URL', default: '', secret: true, about: 'Mail server: smtp://user:password@host:587 or smtps://user:password@host:465. With smtp, `?requireTLS=true` insists on TLS.' }),
  emailFrom: text({ env: 'NOTIFY_EMAIL_FROM', default: '', about: 'Address that e-mails come from.' }),
  emailTo: text({ env: 'NOTIFY_EMAIL_TO', default: '', about: 'Addresses that e-mails go to, separated by commas.' }),
};

/** The channels' settings alone, for who only wants to try them. */
export const notifyConfig = defineConfig('notify', notifyFields);
