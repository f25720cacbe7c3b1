delete from people.subject_identifiers where subject = $1
