-- A reminder, or the word that something is over, is claimed as a first notice is: it counts when a channel took it, and not before.
alter table notices
  add column claim   uuid,
  add column telling text check (telling in ('opened', 'reminded', 'recovered'));

comment on column notices.claim is 'the message that tells it, or told it last';
comment on column notices.telling is 'what is being told and no channel has taken yet; null when nothing is';
comment on column notices.claimed_at is 'when a notifier last said that it is telling this; one that says so no more is succeeded by another';

update notices set telling = 'opened', claim = gen_random_uuid() where told_at is null and recovered_at is null;
