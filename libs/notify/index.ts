export { CHANNEL_NAMES, ChannelFailure, type Channel, type ChannelName } from './channel.ts';
export { renderText, type NoticeEntry, type NoticeMessage } from './notice-message.ts';
export { notifyConfig, notifyFields } from './notify-fields.ts';
export { openChannels, type NotifySettings } from './open-channels.ts';
export { openNoticeLedger, type Claim, type NoticeKey, type NoticeLedger, type OpenNotice, type Telling } from './notice-ledger.ts';
