-- Whose an event or a command is becomes part of its kind, so that a list for one tenant is made of that tenant's kinds and never walks past
-- another's. Both projections are emptied here and made again from the log: the console shows less until the projector is through.
truncate event_feed, event_kinds, event_minutes, deliveries, delivery_kinds;

alter table event_kinds
  add column tenant text not null,
  drop constraint event_kinds_partner_integration_type_key,
  add constraint event_kinds_key unique (partner, integration, type, tenant);

alter table delivery_kinds
  add column tenant text not null,
  drop constraint delivery_kinds_partner_integration_action_route_target_key,
  add constraint delivery_kinds_key unique (partner, integration, action, route, target, tenant);
alter table deliveries drop column tenant;

update reader_positions set tx = '0', position = 0 where reader in ('projection:event-feed', 'projection:deliveries');
