update people.subjects set key = null, erased_at = clock_timestamp() where id = $1 and key is not null returning erased_at
