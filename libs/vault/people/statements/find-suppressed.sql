select kind from people.suppressions where hash = any($1::bytea[]) and state = 'suppressed' limit 1
