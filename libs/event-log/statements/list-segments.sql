-- Every segment that is there. A closed one never holds more than it does: its last place stays true. A later one has a higher number.
select id, last_tx, last_position, closed_at from segments where dropped_at is null order by id
