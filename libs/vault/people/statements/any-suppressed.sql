select exists (select 1 from people.suppressions where state = 'suppressed') as any
