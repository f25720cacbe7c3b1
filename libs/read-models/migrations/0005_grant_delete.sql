-- Read models forget what retention took from the log.
grant delete on event_feed, event_minutes, deliveries to trunkline_app;
