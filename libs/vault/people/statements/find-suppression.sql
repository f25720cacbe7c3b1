select state, since, source from people.suppressions where hash = $1
