-- What is in a closed segment, for the record, as it was noted when the segment was read.
select events, since, until, first_position, last_position from segments where id = $1::integer
